"""Descriptions are HTML that strangers wrote: only what can do no harm is kept.

Cleaning takes up to 40 ms of computing, so a service does it in a thread of its own that gives way to all others.
"""

import os
import re
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import nh3

from catalog.domain.product import LONGEST_DESCRIPTION as LONGEST
from shared import text
from shared.errors import Invalid, Unavailable

DEEPEST = 64  # tags within each other: what a parser needs grows with the square of it
NICENESS = 10
PATIENCE = 5  # seconds to wait for one's turn before the answer is "ask again"
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
# They have no end tag, or the next one of their kind ends them.
ENDED_BY_OTHERS = {
    "a", "area", "base", "br", "button", "col", "dd", "dt", "embed", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "img", "input", "li", "link", "meta", "nobr", "option", "p", "param", "source", "tbody", "td", "tfoot",
    "th", "thead", "tr", "track", "wbr",
}  # fmt: skip

TAGS = {
    "a", "b", "blockquote", "br", "caption", "code", "dd", "div", "dl", "dt", "em", "figcaption", "figure",
    "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "small", "span", "strong",
    "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
SCHEMES = {"http", "https", "mailto"}

_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes=SCHEMES,
    link_rel="nofollow noopener noreferrer",
    strip_comments=True,
)


Run = Callable[..., Any]


class DescriptionTooDeep(Invalid):
    """A description's tags are nested 64 deep at most."""

    code = "description_too_deep"


class DescriptionTooLong(Invalid):
    """The description is too long once it is written as plain, closed HTML, which is how it is kept."""

    code = "description_too_long"


class BadDescription(Invalid):
    """The description holds a control character."""

    code = "bad_description"


def clean(html: str) -> str:
    """The description without scripts, styles, forms, frames, handlers; what is clean and well nested stays.

    What is kept may be saved again. Raises DescriptionTooDeep, DescriptionTooLong, BadDescription.
    """
    kept = _clean(html)
    if len(kept) > LONGEST:
        raise DescriptionTooLong(length=len(kept), limit=LONGEST)
    return kept


def _clean(html: str) -> str:
    try:
        noted = text.note(html)
        if is_deep(noted):
            raise DescriptionTooDeep(limit=DEEPEST)
        cleaned = _cleaner.clean(noted)
        tidy = text.note(cleaned)
    except text.UnfitText:
        raise BadDescription from None
    return tidy if tidy == cleaned else _clean(tidy)  # what an entity hid is cleaned, too


def is_deep(html: str) -> bool:
    """Whether more than DEEPEST tags are open at once, counted by their names alone."""
    opened: Counter[str] = Counter()
    depth = 0
    for ends, name in TAG.findall(html.lower()):
        if name in ENDED_BY_OTHERS or (ends and not opened[name]):
            continue
        opened[name] += -1 if ends else 1
        depth += -1 if ends else 1
        if depth > DEEPEST:
            return True
    return False


class Cleaning:
    """Cleans one description at a time. `run` calls a function with its argument in a thread of its own."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._turn = threading.BoundedSemaphore(1)

    def __call__(self, html: str) -> str:
        """The cleaned description. Raises what `clean` does, and Unavailable."""
        if not self._turn.acquire(timeout=PATIENCE):
            raise Unavailable
        try:
            cleaned: str = self._run(_clean_behind_others, html)
            return cleaned
        finally:
            self._turn.release()


def _clean_behind_others(html: str) -> str:
    os.setpriority(os.PRIO_PROCESS, 0, NICENESS)  # on Linux it is the thread that this is about
    return clean(html)
