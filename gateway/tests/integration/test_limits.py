import asyncio
import secrets
from types import SimpleNamespace

import pytest

from gateway.limits import Bucket, Limiter, address_of
from gateway.problems import Problem


def take(url, times, bucket):
    async def story():
        limiter, who = Limiter(url), secrets.token_hex(8)
        try:
            for _ in range(times):
                await limiter.take(bucket, who)
        finally:
            await limiter.close()

    asyncio.run(story())


def test_a_burst_is_let_through_and_what_exceeds_it_must_wait(redis_url):
    bucket = Bucket("test", rate=0.1, burst=5)
    take(redis_url, 5, bucket)
    with pytest.raises(Problem) as refused:
        take(redis_url, 6, bucket)
    assert (refused.value.status, refused.value.code) == (429, "too_many_requests")
    assert int(refused.value.headers["Retry-After"]) == 10


def test_a_bucket_fills_again(redis_url):
    take(redis_url, 200, Bucket("test", rate=1_000_000, burst=1))


def test_without_redis_nobody_is_refused():
    take("redis://127.0.0.1:1/0", 20, Bucket("test", rate=0.1, burst=1))


def test_a_rate_of_zero_is_no_limit(redis_url):
    take(redis_url, 20, Bucket("test", rate=0, burst=1))


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "10.0.0.9"), (1, "2.2.2.2"), (2, "1.1.1.1"), (3, "10.0.0.9")]
)
def test_only_our_own_proxies_are_believed(proxies, address):
    request = SimpleNamespace(
        headers={"x-forwarded-for": "1.1.1.1, 2.2.2.2"}, client=SimpleNamespace(host="10.0.0.9")
    )
    assert address_of(request, proxies) == address
