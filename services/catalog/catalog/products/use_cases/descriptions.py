"""Cleaning descriptions: they are untrusted HTML, of which only harmless tags and attributes are stored.

Cleaning takes up to 40 ms of CPU time, so a service does it in a low-priority thread.
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

DEEPEST = 64  # levels of nested tags; the cost of parsing grows with their square
NICENESS = 10
TIMEOUT = 5  # seconds to wait for the cleaning thread before Unavailable is raised
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
}  # fmt: skip
# Implied end tags: a start tag closes the innermost open tags that have one of these names.
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
FOREIGN = {"svg", "math"}  # within these every tag is open until it is closed

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
    """The tags of a description are nested at most 64 levels deep."""

    code = "description_too_deep"


class DescriptionTooLong(Invalid):
    """The description is too long in its stored form, as normalised HTML."""

    code = "description_too_long"


class DescriptionInvalid(Invalid):
    """The description contains a control character."""

    code = "description_invalid"


def clean(html: str) -> str:
    """The description without scripts, styles, forms, frames and handlers; clean HTML is unchanged.

    Cleaning it again changes nothing. Raises DescriptionTooDeep, DescriptionTooLong, DescriptionInvalid.
    """
    cleaned = _clean(html)
    if len(cleaned) > LONGEST:
        raise DescriptionTooLong(length=len(cleaned), limit=LONGEST)
    return cleaned


def _clean(html: str) -> str:
    try:
        normalised = text.note(html)
        if is_deep(normalised):
            raise DescriptionTooDeep(limit=DEEPEST)
        cleaned = _cleaner.clean(normalised)
        tidy = text.note(cleaned)
    except text.UnfitText:
        raise DescriptionInvalid from None
    return tidy if tidy == cleaned else _clean(tidy)  # an entity may hide text that has to be cleaned, too


def is_deep(html: str) -> bool:
    """Whether more than DEEPEST tags are open at once, counted by tag names only."""
    opened: list[str] = []
    for ends, name in TAG.findall(html.lower()):
        foreign = name in FOREIGN or not FOREIGN.isdisjoint(opened)  # at most DEEPEST entries
        if ends:
            _close(opened, name)
        elif foreign or name not in VOID:
            _close_implied(opened, () if foreign else ENDS.get(name, ()))
            opened.append(name)
        if len(opened) > DEEPEST:
            return True
    return False


def _close_implied(opened: list[str], names: Container[str]) -> None:
    while opened and opened[-1] in names:
        opened.pop()


def _close(opened: list[str], name: str) -> None:
    """Remove the innermost tag of this name; tags opened within it and not closed still count."""
    if name not in opened:  # at most DEEPEST entries
        return
    if name in LISTS:
        _close_implied(opened, MAY_BE_LEFT_OPEN - {name})
    del opened[len(opened) - 1 - opened[::-1].index(name)]


class Cleaning:
    """Cleans one description at a time. `run` calls a function with its argument in another thread."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._turn = threading.BoundedSemaphore(1)

    def __call__(self, html: str) -> str:
        """The cleaned description. Raises what `clean` does, and Unavailable."""
        if not self._turn.acquire(timeout=TIMEOUT):
            raise Unavailable
        try:
            cleaned: str = self._run(_clean_at_low_priority, html)
            return cleaned
        finally:
            self._turn.release()


def _clean_at_low_priority(html: str) -> str:
    os.setpriority(os.PRIO_PROCESS, 0, NICENESS)  # on Linux this applies to the current thread only
    return clean(html)
