"""Joins the documents of two services by their common key (full outer join)."""

from collections.abc import Iterator
from datetime import datetime

from auditor.checks import Counted, Json, Queries, timestamp
from shared.requests import Request

Pair = tuple[Json | None, Json | None]


def joined(queries: Queries, left: type[Request], right: type[Request], key: str) -> Iterator[Pair]:
    """Pairs of documents with the same key, None where one side has none; both queries are ordered by the key."""
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


def violations(queries: Queries, request: type[Request], **terms: object) -> Iterator[Counted | Json]:
    """The documents that an audit query returns as violations, and how many it checked."""
    for page in queries.pages(request.contract.method, **terms):
        yield Counted(page["checked"])
        yield from page["items"]


def latest(*documents: Json | None) -> datetime | None:
    """The later of the documents' times of last change; None if neither has one."""
    times = (timestamp(each["since"]) for each in documents if each)
    return max((each for each in times if each), default=None)


def _documents(queries: Queries, request: type[Request]) -> Iterator[Json]:
    for page in queries.pages(request.contract.method):
        yield from page["items"]
