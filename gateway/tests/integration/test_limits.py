import asyncio
import secrets
from dataclasses import replace

import pytest
import uvloop
from starlette.requests import Request

from gateway.limits import SHARE, Bucket, Limit, Limiter, address_of
from gateway.problems import Problem
from gateway.route import get
from gateway.serving import Gateway
from gateway.wakeups import Wakeups
from shared.auth import TokenInvalid
from shared.contracts.users.requests import ListShops


def take(url, times, bucket):
    async def check():
        limiter, who = Limiter(url), secrets.token_hex(8)
        try:
            for _ in range(times):
                await limiter.take(bucket, who)
        finally:
            await limiter.close()

    asyncio.run(check())


def test_a_burst_is_accepted_and_what_exceeds_it_must_wait(redis_url):
    bucket = Bucket(Limit.REQUESTS, rate=0.1, burst=5)
    take(redis_url, 5, bucket)
    with pytest.raises(Problem) as refused:
        take(redis_url, 6, bucket)
    assert (refused.value.status, refused.value.code) == (429, "rate_limit_exceeded")
    assert int(refused.value.headers["Retry-After"]) == 10


def test_a_bucket_refills(redis_url):
    take(redis_url, 200, Bucket(Limit.REQUESTS, rate=1_000_000, burst=1))


def test_what_two_processes_accept_together_exceeds_a_large_bucket_by_a_share_of_it_only(redis_url):
    async def check():
        bucket, who = Bucket(Limit.REQUESTS, rate=0.001, burst=1000), secrets.token_hex(8)
        limiters, accepted = [Limiter(redis_url), Limiter(redis_url)], 0
        try:
            for _ in range(1000):
                for limiter in limiters:
                    accepted += await accepts(limiter, bucket, who)
                    await asyncio.gather(*limiter._reports)
        finally:
            for limiter in limiters:
                await limiter.close()
        assert 1000 <= accepted <= 1000 * (1 + 2 * SHARE)

    asyncio.run(check())


def test_refused_requests_take_nothing_so_that_a_sender_who_goes_on_is_not_refused_longer(redis_url):
    async def check():
        bucket, who, limiter = (
            Bucket(Limit.REQUESTS, rate=0.001, burst=20),
            secrets.token_hex(8),
            Limiter(redis_url),
        )
        for _ in range(200):
            await accepts(limiter, bucket, who)
            await asyncio.gather(*limiter._reports)
        with pytest.raises(Problem) as refused:
            await limiter.take(bucket, who)
        await limiter.close()
        assert int(refused.value.headers["Retry-After"]) <= 1 / bucket.rate

    asyncio.run(check())


async def accepts(limiter, bucket, who):
    try:
        await limiter.take(bucket, who)
    except Problem:
        return False
    return True


def test_a_large_bucket_costs_a_call_to_redis_for_a_twentieth_of_it_only(redis_url, monkeypatch):
    async def check():
        limiter, calls = Limiter(redis_url), []
        counted = limiter._in_redis
        monkeypatch.setattr(limiter, "_in_redis", lambda *a, **k: calls.append(k) or counted(*a, **k))
        for _ in range(100):
            await limiter.take(Bucket(Limit.REQUESTS, rate=100, burst=1000), secrets.token_hex(8))
        assert calls == []
        who = secrets.token_hex(8)
        for _ in range(100):
            await limiter.take(Bucket(Limit.REQUESTS, rate=100, burst=1000), who)
        await asyncio.gather(*limiter._reports)
        assert [call["count"] for call in calls] == [50, 50]
        await limiter.take(Bucket(Limit.SIGN_IN, rate=100, burst=1000), who)
        assert calls[-1] == {"count": 1, "reported": False}
        await limiter.close()

    asyncio.run(check())


@pytest.mark.parametrize("url", [None, "redis://127.0.0.1:1/0"])
def test_without_redis_a_process_counts_on_its_own(url):
    bucket = Bucket(Limit.REQUESTS, rate=0.1, burst=5)
    take(url, 5, bucket)
    with pytest.raises(Problem) as refused:
        take(url, 6, bucket)
    assert refused.value.code == "rate_limit_exceeded"


def test_a_process_counts_on_its_own_when_its_connection_to_redis_was_closed(redis_url):
    """The event loop of the gateway raises an error of its own then, which redis-py does not translate."""

    async def taken():
        limiter, bucket = Limiter(redis_url), Bucket(Limit.SIGN_IN, rate=1, burst=2)
        await limiter.take(bucket, "somebody")
        for connection in limiter._redis.connection_pool._available_connections:
            connection._writer.transport.abort()
        await asyncio.sleep(0)
        await limiter.take(bucket, "somebody")
        await limiter.close()
        return limiter._blind_until

    assert uvloop.run(taken()) > 0


def test_a_rate_of_zero_means_no_limit(redis_url):
    take(redis_url, 20, Bucket(Limit.REQUESTS, rate=0, burst=1))


def test_invalid_tokens_are_counted_against_their_sender(config, services, redis_url):
    async def check():
        limiter = Limiter(redis_url)
        gateway = Gateway(replace(config, rate=0.01, burst=3), services, limiter, Wakeups())
        guesser = request_from(f"10.1.{secrets.randbelow(250)}.{secrets.randbelow(250)}", token="x.y.z")
        try:
            for expected in (TokenInvalid, TokenInvalid, TokenInvalid, Problem):
                with pytest.raises(expected):
                    await gateway.admit(get("/shops", ListShops, "List shops"), guesser)
        finally:
            await limiter.close()

    asyncio.run(check())


def request_from(peer, *forwarded, token=None):
    sent = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    sent += [(b"authorization", f"Bearer {token}".encode())] if token else []
    return Request({"type": "http", "headers": sent, "client": (peer, 50000)})


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "10.0.0.9"), (1, "2.2.2.2"), (2, "1.1.1.1"), (3, "10.0.0.9")]
)
def test_only_addresses_from_trusted_proxies_are_used(proxies, address):
    assert address_of(request_from("10.0.0.9", "1.1.1.1, 2.2.2.2"), proxies) == address


def test_a_header_line_that_a_proxy_adds_is_used_before_that_of_the_client():
    assert address_of(request_from("10.0.0.9", "6.6.6.6", "2.2.2.2"), 1) == "2.2.2.2"


@pytest.mark.parametrize("claimed", ["", "unknown", "x" * 60_000, "1.1.1.1:80"])
def test_an_invalid_address_is_ignored(claimed):
    assert address_of(request_from("10.0.0.9", claimed), 1) == "10.0.0.9"


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("not an address", "unknown"),
    ],
)
def test_an_ipv6_network_is_counted_as_one(peer, address):
    assert address_of(request_from(peer), 0) == address
