"""Two services' documents side by side, by the key they share: what one lacks is seen from the other side."""

from collections.abc import Iterator
from datetime import datetime

from auditor.checks import Counted, Json, Queries, timestamp
from shared.requests import Request

Pair = tuple[Json | None, Json | None]


def joined(queries: Queries, left: type[Request], right: type[Request], key: str) -> Iterator[Pair]:
    """Every document of either door with the other's of the same key; both walk in the order of the key."""
    ours, theirs = _documents(queries, left), _documents(queries, right)
    one, other = next(ours, None), next(theirs, None)
    while one or other:
        if other is None or (one and one[key] < other[key]):
            yield one, None
            one = next(ours, None)
        elif one is None or other[key] < one[key]:
            yield None, other
            other = next(theirs, None)
        else:
            yield one, other
            one, other = next(ours, None), next(theirs, None)


def sieved(queries: Queries, request: type[Request], **terms: object) -> Iterator[Counted | Json]:
    """What a door says is broken, with how much it looked at."""
    for page in queries.pages(request.contract.method, **terms):
        yield Counted(page["checked"])
        yield from page["items"]


def latest(*documents: Json | None) -> datetime | None:
    """When the younger of two documents changed last."""
    told = (timestamp(each["since"]) for each in documents if each)
    return max((each for each in told if each), default=None)


def _documents(queries: Queries, request: type[Request]) -> Iterator[Json]:
    for page in queries.pages(request.contract.method):
        yield from page["items"]
