"""Rate limits: a token bucket in Redis for each account or, without one, for each network address.

Large buckets are counted in the process. It reports a sender to Redis each time a twentieth of the bucket is used,
and learns what is left in all processes together; so few senders cost a call to Redis. Small buckets, and those
against guessing and abuse, are counted in Redis each time. While Redis is unavailable or slow, each process counts
alone.

All requests are counted except `/health` and OPTIONS, also those with invalid tokens, for unknown paths and for
files. Callbacks of other systems (payment provider, carriers) have buckets of their own, so that many shoppers
behind one address cannot block a payment's notification.
"""

import asyncio
import time
from collections import Counter as Counts
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from ipaddress import ip_address, ip_network

from prometheus_client import Counter
from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.requests import Request

from gateway.headers import values
from gateway.local_buckets import MOST, LocalBuckets
from gateway.problems import Problem
from shared import observe

# Refill by the elapsed time, then take some tokens. The result is negative if there were not enough; reported ones
# are taken nevertheless. Redis has the clock.
TAKE = """
local now = redis.call('TIME'); now = now[1] + now[2] / 1000000
local rate, burst, count, reported = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1'
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = math.min(burst, (tonumber(kept[1]) or burst) + (now - (tonumber(kept[2]) or now)) * rate) - count
if left >= 0 or reported then
  redis.call('HSET', KEYS[1], 'left', left, 'at', now)
  redis.call('EXPIRE', KEYS[1], math.ceil(burst / rate) + 1)
end
return tostring(left)
"""
TIMEOUT = 0.1  # seconds for Redis to answer
LOST = (RedisError, OSError, RuntimeError)  # RuntimeError: the event loop's for a connection that was closed
BLIND_FOR = 1.0  # seconds without a call to Redis after one failed

refused = Counter("jishi_rate_limited_total", "Requests refused for being too many", ["bucket"])


class Limit(StrEnum):
    """A kind of bucket: one for each sender, or (ALL_GUEST_CARTS) one that all senders share."""

    REQUESTS = "requests"
    SIGN_IN = "sign_in"
    CALLBACKS = "callbacks"
    FILES = "files"
    GUEST_CARTS = "guest_carts"
    ALL_GUEST_CARTS = "all_guest_carts"


ALL_SENDERS = "all"
EXACT = frozenset({Limit.SIGN_IN, Limit.GUEST_CARTS, Limit.ALL_GUEST_CARTS})
SHARE = 0.05  # of a bucket: used by a sender in one process before the others learn of it


@dataclass(frozen=True)
class Bucket:
    """`burst` requests at once, then `rate` a second; a rate of 0 means no limit."""

    name: Limit
    rate: float
    burst: int

    @property
    def is_exact(self) -> bool:
        """Whether each request is counted in Redis."""
        return self.name in EXACT or self.burst * SHARE < 1


class Limiter:
    """Counts requests."""

    def __init__(self, url: str | None) -> None:
        self._local = LocalBuckets()
        self._redis = Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT) if url else None
        self._take = self._redis.register_script(TAKE) if self._redis else None
        self._blind_until = 0.0
        self._unreported: Counts[str] = Counts()
        self._reports: set[asyncio.Task[None]] = set()

    async def take(self, bucket: Bucket, sender: str) -> None:
        """Count one request. Raises 429 with the seconds to wait when there are too many."""
        if not bucket.rate:
            return
        key = f"rate:{bucket.name}:{sender}"
        left = await self._left(bucket, key) if bucket.is_exact else self._counted_here(bucket, key)
        if left < 0:
            refused.labels(bucket.name).inc()
            wait = max(1, round(-left / bucket.rate))
            headers = {"Retry-After": str(wait)}
            raise Problem(429, "rate_limit_exceeded", headers=headers, retry_after=wait)

    async def close(self) -> None:
        await asyncio.gather(*self._reports)
        if self._redis:
            await self._redis.aclose()

    async def _left(self, bucket: Bucket, key: str) -> float:
        left = await self._in_redis(bucket, key, count=1, reported=False)
        return self._local.take(key, bucket.rate, bucket.burst) if left is None else left

    def _counted_here(self, bucket: Bucket, key: str) -> float:
        """Count in this process, and report the sender to Redis if it is time; refused requests take nothing."""
        left = self._local.take(key, bucket.rate, bucket.burst)
        self._unreported[key] += left >= 0
        if self._unreported[key] >= bucket.burst * SHARE:
            report = asyncio.create_task(self._report(bucket, key, self._unreported.pop(key)))
            self._reports.add(report)
            report.add_done_callback(self._reports.discard)
        elif len(self._unreported) > MOST:
            self._unreported.clear()  # many senders with few requests each
        return left

    async def _report(self, bucket: Bucket, key: str, count: int) -> None:
        left = await self._in_redis(bucket, key, count=count, reported=True)
        if left is not None:
            self._local.lower(key, left)

    async def _in_redis(self, bucket: Bucket, key: str, *, count: int, reported: bool) -> float | None:
        """The tokens left in all processes together; None without Redis."""
        if self._take and time.monotonic() >= self._blind_until:
            try:
                return float(await self._take([key], [bucket.rate, bucket.burst, count, int(reported)]))
            except LOST as failure:
                self._suspend_redis(failure)
        return None

    def _suspend_redis(self, failure: Exception) -> None:
        """Make no calls to Redis for a while; logged once, however many requests are affected."""
        if time.monotonic() >= self._blind_until:
            observe.log.warning("requests are counted in this process alone", error=repr(failure))
        self._blind_until = time.monotonic() + BLIND_FOR


@cache
def _warn_of_proxy() -> None:
    """Log, once per process, that all clients of an unconfigured proxy share one bucket."""
    observe.log.warning("requests come through a proxy: set TRUSTED_PROXIES, or all share one rate limit")


def address_of(request: Request, trusted_proxies: int) -> str:
    """The client's network address; behind this many trusted proxies, the one that the outermost saw.

    Of IPv6 the first 64 bits: all addresses of such a network usually belong to one client.
    """
    forwarded = values(request.scope, b"x-forwarded-for")
    if forwarded and not trusted_proxies:
        _warn_of_proxy()
    seen = ",".join(forwarded).split(",")  # a proxy may add a header line
    peer = (request.scope.get("client") or ("",))[0]
    claimed = seen[-trusted_proxies].strip() if 0 < trusted_proxies <= len(seen) else peer
    return _network(claimed) or _network(peer) or "unknown"


@lru_cache(maxsize=4096)
def _network(text: str) -> str | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if address.version == 4 or address.ipv4_mapped:
        return str(getattr(address, "ipv4_mapped", None) or address)
    return str(ip_network((address.packed[:8] + bytes(8), 64)))
