"""Simple search: a text is indexed by its pairs of neighbouring characters (bigrams).

Pairs need no dictionary, so they find 四件套 within 水洗四件套 as well as "shirt" within "Ocean Blue Shirt",
and a two-character Chinese query uses the index like any other.
"""

import re
import unicodedata

WORD = re.compile(r"\w+")
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def normalised(text: str) -> str:
    """The text as it is compared: compatibility forms unified (Ａ → a), without case."""
    return unicodedata.normalize("NFKC", text).casefold()


def words(query: str) -> list[str]:
    """The words of a query; all of them must match."""
    return WORD.findall(normalised(query))


def terms(text: str) -> set[str]:
    """The index terms of a text: the pairs in its words, and each of their Han characters.

    A text that contains all words of a query has all terms of the query. Therefore a single letter that is not Han
    is no term: in a text it may be part of a word.
    """
    found: set[str] = set()
    for word in words(text):
        found |= {word[at : at + 2] for at in range(len(word) - 1)} | set(HAN.findall(word))
    return found
