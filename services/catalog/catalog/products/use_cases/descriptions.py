"""Descriptions are HTML that strangers wrote: only what can do no harm is kept.

Cleaning takes up to 40 ms of computing, so a service does it in a thread of its own that gives way to all others.
"""

import os
import re
import threading
from collections.abc import Callable, Container
from typing import Any

import nh3

from catalog.products.model.sheets import LONGEST_DESCRIPTION as LONGEST
from shared import text
from shared.errors import Invalid, Unavailable

DEEPEST = 64  # tags within each other: what a parser needs grows with the square of it
NICENESS = 10
TIMEOUT = 5  # seconds to wait for one's turn before the answer is "ask again"
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
}  # fmt: skip
# Their end tags may be left out: a start tag ends those of these names that nothing else is open within.
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
CELL = {"p", "td", "th"}
ROW = {*CELL, "tr"}
BODY = {*ROW, "tbody", "thead", "tfoot"}
ENDS = {
    "p": {"p"}, "li": {"p", "li"}, "dt": {"p", "dt", "dd"}, "dd": {"p", "dt", "dd"}, "option": {"option"},
    "a": {"a"}, "button": {"button"}, "nobr": {"nobr"}, **dict.fromkeys(HEADINGS, HEADINGS),
    "td": CELL, "th": CELL, "tr": ROW, "tbody": BODY, "thead": BODY, "tfoot": BODY,
}  # fmt: skip
MAY_BE_LEFT_OPEN = ENDS.keys() - {"a", "button", "nobr", *HEADINGS}
LISTS = {"ul", "ol", "dl", "table", "select", "tr", "tbody", "thead", "tfoot", "li", "dd", "dt", "td", "th"}
FOREIGN = {"svg", "math"}  # within them every tag stays open until it is closed

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


class DescriptionInvalid(Invalid):
    """The description holds a control character."""

    code = "description_invalid"


def clean(html: str) -> str:
    """The description without scripts, styles, forms, frames, handlers; what is clean and well nested stays.

    What is kept may be saved again. Raises DescriptionTooDeep, DescriptionTooLong, DescriptionInvalid.
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
        raise DescriptionInvalid from None
    return tidy if tidy == cleaned else _clean(tidy)  # what an entity hid is cleaned, too


def is_deep(html: str) -> bool:
    """Whether more than DEEPEST tags are open at once, counted by their names alone."""
    opened: list[str] = []
    for ends, name in TAG.findall(html.lower()):
        foreign = name in FOREIGN or not FOREIGN.isdisjoint(opened)  # of DEEPEST at most
        if ends:
            _close(opened, name)
        elif foreign or name not in VOID:
            _end_what_is_done(opened, () if foreign else ENDS.get(name, ()))
            opened.append(name)
        if len(opened) > DEEPEST:
            return True
    return False


def _end_what_is_done(opened: list[str], names: Container[str]) -> None:
    while opened and opened[-1] in names:
        opened.pop()


def _close(opened: list[str], name: str) -> None:
    """Take away the innermost one of this name; what else it leaves open still counts."""
    if name not in opened:  # of DEEPEST at most
        return
    if name in LISTS:
        _end_what_is_done(opened, MAY_BE_LEFT_OPEN - {name})
    del opened[len(opened) - 1 - opened[::-1].index(name)]


class Cleaning:
    """Cleans one description at a time. `run` calls a function with its argument in a thread of its own."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._turn = threading.BoundedSemaphore(1)

    def __call__(self, html: str) -> str:
        """The cleaned description. Raises what `clean` does, and Unavailable."""
        if not self._turn.acquire(timeout=TIMEOUT):
            raise Unavailable
        try:
            cleaned: str = self._run(_clean_behind_others, html)
            return cleaned
        finally:
            self._turn.release()


def _clean_behind_others(html: str) -> str:
    os.setpriority(os.PRIO_PROCESS, 0, NICENESS)  # on Linux it is the thread that this is about
    return clean(html)
