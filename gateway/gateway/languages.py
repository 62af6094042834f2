"""The language that a client prefers, of the two in which problems are written."""

import re
from collections.abc import Iterator
from enum import StrEnum

from starlette.datastructures import Headers

HEADER = "Accept-Language"
# A language range with its weight (RFC 9110 §12.4.2, §12.5.4); malformed ones are ignored.
RANGE = re.compile(
    r"(?P<primary>[a-z]{1,8}|\*)(?:-[a-z0-9]{1,8})*[ \t]*(?:;[ \t]*q=(?P<weight>0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?",
    re.IGNORECASE,
)


class Language(StrEnum):
    """The languages of texts; the value is used in `Content-Language`. The first one is the default."""

    EN = "en"
    ZH = "zh"


def preferred(headers: Headers) -> Language:
    """The language with the highest weight in `Accept-Language`, of equal ones the first; English by default."""
    weights: dict[str, float] = {}
    for primary, weight in _ranges(",".join(headers.getlist(HEADER))):
        weights[primary] = max(weight, weights.get(primary, 0))
    weights = {**weights, **{each: weights.get("*", 0) for each in Language if each not in weights}}
    best = max((each for each in weights if each in set(Language)), key=lambda each: weights[each])
    return Language(best) if weights[best] else Language.EN


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    for part in header.split(","):
        if found := RANGE.fullmatch(part.strip(" \t")):
            yield found["primary"].lower(), float(found["weight"] or 1)
