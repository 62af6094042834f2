"""What text may hold, and how it is normalised: the same for every way in, so that equal texts are equal.

A kind is a function from what was sent to what is kept. All kinds agree on this: NFC; characters that steer
the direction of writing or cannot be seen are removed; other control characters are refused; blanks around the
text are trimmed; a letter has 30 marks at most; a text without anything to be seen is "". Lengths count after
that. Normalising twice changes nothing, and its work grows with the length, not with the square of it. Secrets,
tokens and documents are taken as they are (`raw`).
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Literal

Kind = Callable[[str], str]
SLACK = 4  # times its limit that a text may be long before it is normalised: blanks and marks that will go

CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")  # without those that end a line or leave room
# Soft hyphen, zero-width space, marks, embeddings, overrides and isolates, byte order mark, tags. The joiners
# U+200C and U+200D stay within a text: emoji and several scripts are written with them.
UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
JOINERS = "\u200c\u200d"
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and symbols by their class, blank to the eye
# Besides joiners and fillers: the grapheme joiner, Mongolian and other selectors of a letter's variation.
UNSEEN_IN_CODES = re.compile(f"[{JOINERS}{FILLERS}\u034f\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Trimmed by str.strip: a regular expression looks at a run of blanks within a text once for each of them.
EDGES = "".join(filter(str.isspace, map(chr, range(0x3001)))) + JOINERS
# Sorting the marks on a letter, which normalising does, takes the square of their number; no writing has more
# than 30 (Stream-Safe Text, UAX #15). Those at the end become marks when they are normalised.
MARKS = "".join(filter(unicodedata.combining, map(chr, range(0x1F000)))) + "\u0f73\u0f75\u0f81\uff9e\uff9f"
TOO_MANY_MARKS = re.compile(f"([{MARKS}]{{30}})[{MARKS}]+")
LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
BREAK = re.compile("[\n\r\v\f\x85\u2028\u2029]")
DASHES = re.compile("[\u2010-\u2015\u2212]")
PHONE = re.compile(r"\+?[0-9(][0-9() -]*[0-9](?: ?(?:ext\.?|x|#|,|转) ?[0-9]{1,6})?", re.IGNORECASE)
FEWEST_DIGITS, MOST_DIGITS = 5, 22
TRACKING_NUMBER = re.compile(r"[0-9A-Za-z._/-]*")


class UnfitText(ValueError):
    """The text holds what its kind may not hold; the message says what."""


def line(value: str) -> str:
    """One line: a title, a name of something, a reason. Blanks within it are one space each."""
    if value.isascii() and value.isprintable():
        return " ".join(value.split())
    return _seen(" ".join(_trimmed(value).split()))


def note(value: str) -> str:
    """Several lines: a note, a description in HTML. Line ends are line feeds, blanks before them go."""
    lines = LINE_END.sub("\n", _trimmed(value)).split("\n")
    return _seen("\n".join(each.rstrip() for each in lines))


def code(value: str) -> str:
    """What names something and is compared: a handle, a SKU's code, a slug, an email address.

    Nothing is in it that cannot be seen; an emoji is in it as its letter alone.
    """
    return line(UNSEEN_IN_CODES.sub("", value))


def tracking_number(value: str) -> str:
    """A parcel's number: compatibility forms unified (Ａ is A), without any blank. Letters, digits, `-._/`."""
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
    """A telephone number as people write it: digits, +, hyphens, spaces, parentheses, perhaps an extension."""
    number = DASHES.sub("-", _normal("NFKC", code(value)))
    digits = sum(character.isdigit() for character in number)
    if number and not (PHONE.fullmatch(number) and FEWEST_DIGITS <= digits <= MOST_DIGITS):
        raise UnfitText("Not a telephone number.")
    return number


def report(value: str) -> str:
    """One line that a provider wrote: control characters in it are no reason to refuse the whole report."""
    return line(CONTROL.sub("", value))


def raw(value: str) -> str:
    """As it is: a password, a token, a key, a document."""
    return value


def _trimmed(value: str) -> str:
    if CONTROL.search(value):
        raise UnfitText("Contains a control character.")
    return _normal("NFC", UNSEEN.sub("", value)).strip(EDGES)


def _normal(form: Literal["NFC", "NFKC"], value: str) -> str:
    normal = unicodedata.normalize(form, TOO_MANY_MARKS.sub(r"\1", value))
    return TOO_MANY_MARKS.sub(r"\1", normal)  # a few marks are written as two


def _seen(value: str) -> str:
    return value if any(c not in FILLERS and unicodedata.category(c)[0] not in "ZCM" for c in value) else ""
