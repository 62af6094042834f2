"""The official division list: provinces, cities and districts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent
WHOLE = "000000"
# Rows that are no cities, but group the counties that are governed by their province directly.
PLACEHOLDERS = frozenset({"县", "省直辖县", "自治区直辖县级行政区划"})


@dataclass(frozen=True)
class Division:
    """A province (330000), a city (330100) or a district (330106)."""

    code: str
    name: str
    pinyin: str

    @property
    def parent(self) -> str:
        """The code of its city or province, WHOLE for a province."""
        if self.code.endswith("0000"):
            return WHOLE
        return self.code[:2] + "0000" if self.code.endswith("00") else self.code[:4] + "00"

    @property
    def is_placeholder(self) -> bool:
        return self.name in PLACEHOLDERS


@cache
def divisions() -> dict[str, Division]:
    """All divisions by code."""
    rows = (DATA / "divisions.tsv").read_text(encoding="utf-8").splitlines()
    return {code: Division(code, name, pinyin) for code, name, pinyin in (row.split("\t") for row in rows)}


def below(code: str) -> Sequence[Division]:
    """The divisions directly below a province or city; the provinces for WHOLE."""
    return _children()[code]


@cache
def _children() -> dict[str, list[Division]]:
    found: dict[str, list[Division]] = defaultdict(list)
    for division in divisions().values():
        found[division.parent].append(division)
    return found
