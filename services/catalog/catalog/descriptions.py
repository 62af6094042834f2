"""Descriptions are HTML that strangers wrote: only what can do no harm is kept."""

import nh3

from shared import text
from shared.errors import Invalid

LONGEST = 65_536
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


class DescriptionTooLong(Invalid):
    """The description is too long once it is written as plain, closed HTML, which is how it is kept."""

    code = "description_too_long"


class BadDescription(Invalid):
    """The description holds a control character."""

    code = "bad_description"


def clean(html: str) -> str:
    """The description without scripts, styles, forms, frames, handlers; cleaning twice is cleaning once.

    What is kept may be saved again. Raises DescriptionTooLong, BadDescription.
    """
    kept = _clean(html)
    if len(kept) > LONGEST:
        raise DescriptionTooLong(length=len(kept), limit=LONGEST)
    return kept


def _clean(html: str) -> str:
    try:
        cleaned = _cleaner.clean(text.note(html))
        tidy = text.note(cleaned)
    except text.UnfitText:
        raise BadDescription from None
    return tidy if tidy == cleaned else _clean(tidy)  # what an entity hid is cleaned, too
