"""Validation and normalisation of text, the same for all inputs, so that equal texts compare equal.

A kind is a function from the input to the stored text. All kinds do this: normalise to NFC; remove invisible and
bidirectional control characters; refuse other control characters; trim whitespace; limit a letter to 30 combining
marks; reduce a text without visible characters to "". Lengths are checked afterwards. Normalisation is idempotent
and takes linear time. Secrets, tokens and documents are not normalised (`raw`).
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Literal

Kind = Callable[[str], str]
SLACK = 4  # the factor by which an input may exceed its limit before normalisation shortens it

CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")  # without line ends, tab and feeds
# Soft hyphen, zero-width space, marks, embeddings, overrides and isolates, byte order mark, tags. The joiners
# U+200C and U+200D are kept within a text: emoji and several scripts need them.
UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
JOINERS = "\u200c\u200d"
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"  # blank, though their category is letter or symbol
# Besides joiners and fillers: the grapheme joiner, Mongolian and other variation selectors.
UNSEEN_IN_CODES = re.compile(f"[{JOINERS}{FILLERS}\u034f\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Trimmed by str.strip, since a regular expression takes quadratic time for a run of whitespace within a text.
EDGES = "".join(filter(str.isspace, map(chr, range(0x3001)))) + JOINERS
# Normalisation sorts the marks on a letter in quadratic time; no script needs more than 30 (Stream-Safe Text,
# UAX #15). The last five become marks when they are normalised.
MARKS = "".join(filter(unicodedata.combining, map(chr, range(0x1F000)))) + "\u0f73\u0f75\u0f81\uff9e\uff9f"
TOO_MANY_MARKS = re.compile(f"([{MARKS}]{{30}})[{MARKS}]+")
LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
BREAK = re.compile("[\n\r\v\f\x85\u2028\u2029]")
DASHES = re.compile("[\u2010-\u2015\u2212]")
PHONE = re.compile(r"\+?[0-9(][0-9() -]*[0-9](?: ?(?:ext\.?|x|#|,|转) ?[0-9]{1,6})?", re.IGNORECASE)
FEWEST_DIGITS, MOST_DIGITS = 5, 22
TRACKING_NUMBER = re.compile(r"[0-9A-Za-z._/-]*")


class UnfitText(ValueError):
    """The text is invalid for its kind; the message says why."""


def line(value: str) -> str:
    """One line: a title, a name, a reason. Runs of whitespace become one space."""
    if value.isascii() and value.isprintable():
        return " ".join(value.split())
    return _seen(" ".join(_trimmed(value).split()))


def note(value: str) -> str:
    """Several lines: a note, a description in HTML. Line ends become line feeds; trailing spaces are removed."""
    lines = LINE_END.sub("\n", _trimmed(value)).split("\n")
    return _seen("\n".join(each.rstrip() for each in lines))


def code(value: str) -> str:
    """An identifier that is compared: a handle, a SKU's code, a slug, an email address.

    All invisible characters are removed, including joiners and variation selectors of emoji.
    """
    return line(UNSEEN_IN_CODES.sub("", value))


def tracking_number(value: str) -> str:
    """A parcel's number in NFKC (Ａ becomes A), without whitespace: letters, digits, `-._/`."""
    number = "".join(_normal("NFKC", code(value)).split())
    if not TRACKING_NUMBER.fullmatch(number):
        raise UnfitText("Not a tracking number.")
    return number


def person(value: str) -> str:
    """A person's name, on one line. Raises UnfitText for a line break within it."""
    if BREAK.search(_trimmed(value)):
        raise UnfitText("A name has one line.")
    return line(value)


def phone(value: str) -> str:
    """A telephone number: digits, +, hyphens, spaces, parentheses, and an optional extension."""
    number = DASHES.sub("-", _normal("NFKC", code(value)))
    digits = sum(character.isdigit() for character in number)
    if number and not (PHONE.fullmatch(number) and FEWEST_DIGITS <= digits <= MOST_DIGITS):
        raise UnfitText("Not a telephone number.")
    return number


def report(value: str) -> str:
    """One line from a provider: control characters are removed, so that the report is not refused."""
    return line(CONTROL.sub("", value))


def raw(value: str) -> str:
    """Unchanged: a password, a token, a key, a document."""
    return value


def _trimmed(value: str) -> str:
    if CONTROL.search(value):
        raise UnfitText("Contains a control character.")
    return _normal("NFC", UNSEEN.sub("", value)).strip(EDGES)


def _normal(form: Literal["NFC", "NFKC"], value: str) -> str:
    normal = unicodedata.normalize(form, TOO_MANY_MARKS.sub(r"\1", value))
    return TOO_MANY_MARKS.sub(r"\1", normal)  # a few marks decompose into two


def _seen(value: str) -> str:
    return value if any(c not in FILLERS and unicodedata.category(c)[0] not in "ZCM" for c in value) else ""
