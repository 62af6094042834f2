"""Splits the text of a file into rows, each with the line it begins on."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.importing.model.shopify_csv.problems import RowRefused
from shared import text
from shared.errors import Invalid, Refusal
from shared.errors import Kind as Reason
from shared.text import SLACK, Kind

LARGEST = 4 * 1024 * 1024  # bytes
MOST_ROWS, MOST_COLUMNS = 20_000, 200
LONGEST_HEADER = 65_536  # characters
NEEDED = ("Handle", "Title", "Variant Price")
SURROGATE = re.compile(r"[\ud800-\udfff]")  # half of a character: no database stores it

csv.field_size_limit(LARGEST)  # a cell that is too long is a problem of its row, not of the file


class FileRefused(Invalid):
    """The file as a whole cannot be read."""

    code = "file_unreadable"


class FileTooLarge(Refusal):
    """A file has at most 4 MiB."""

    kind, code = Reason.TOO_LARGE, "file_too_large"


@dataclass(frozen=True)
class Row:
    """The cells of one row by column, normalised. A missing cell is empty."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.short(column, LARGEST)

    def short(self, column: str, limit: int = 255, kind: Kind = text.line) -> str:
        """The cell, normalised as a text of this kind. Raises RowRefused if it is too long or cannot be stored."""
        value = self.cells.get(column.casefold(), "")
        if len(value) > limit * SLACK:
            raise RowRefused("cell_too_long", column=column, limit=limit)
        try:
            value = kind(value)
        except text.UnfitText:
            raise RowRefused("character_invalid", column=column) from None
        if SURROGATE.search(value):
            raise RowRefused("character_invalid", column=column)
        if len(value) > limit:
            raise RowRefused("cell_too_long", column=column, limit=limit)
        return value

    def any(self, *columns: str) -> bool:
        return any(self[column] for column in columns)


@dataclass(frozen=True)
class BrokenRow:
    """A row that cannot be split into cells; `code` is the reason."""

    line: int
    code: str


def encoded(file: str) -> bytes:
    """The file's bytes. Checks its size and header, not its rows. Raises FileRefused, FileTooLarge."""
    content = file.encode(errors="replace")
    if len(content) > LARGEST:
        raise FileTooLarge(limit=LARGEST)
    lines = _Lines(file[:LONGEST_HEADER])
    first = next(lines, None)
    if len(file) > LONGEST_HEADER and lines.exhausted:
        raise FileRefused("The first line is too long.", code="header_too_long", limit=LONGEST_HEADER)
    _header(first)
    return content


def rows(file: str) -> Iterator[Row | BrokenRow]:
    """The rows below the header, without blank ones. Raises FileRefused."""
    for number, row in enumerate(_rows(_Lines(file))):
        if number == MOST_ROWS:
            raise FileRefused("The file has too many rows.", code="row_limit_exceeded", limit=MOST_ROWS)
        yield row


def _rows(lines: "_Lines") -> Iterator[Row | BrokenRow]:
    header = _header(next(lines, None))
    for line, cells in lines:
        if cells is None:
            yield BrokenRow(line, "csv_malformed")
        elif any(map(str.strip, cells[len(header) :])):
            yield BrokenRow(line, "cell_limit_exceeded")
        elif any(map(str.strip, cells)):
            yield Row(line, dict(zip(header, cells, strict=False)))


def _header(first: tuple[int, list[str] | None] | None) -> list[str]:
    if first is None or first[1] == []:
        raise FileRefused("The file is empty.", code="file_empty")
    # first[1] is None if the quotes of the header are malformed
    header = [text.UNSEEN.sub("", cell).strip().casefold() for cell in first[1] or ()]
    if missing := [name for name in NEEDED if name.casefold() not in header]:
        raise FileRefused("The first line must name the columns.", code="header_missing", columns=missing)
    if len(header) > MOST_COLUMNS:
        raise FileRefused("The file has too many columns.", code="column_limit_exceeded", limit=MOST_COLUMNS)
    if twice := sorted(name for name, times in Counter(header).items() if name and times > 1):
        raise FileRefused("A column is named twice.", code="header_repeated", columns=twice)
    return header


class _Lines:
    """Iterates over (first line, cells); cells are None where the quotes are malformed."""

    def __init__(self, file: str) -> None:
        # strict: an unclosed quote must be reported and must not swallow the rest of the file silently
        self._file = io.StringIO(file.removeprefix("\ufeff"), newline="")
        self._reader: Any = csv.reader(self._file, strict=True)

    @property
    def exhausted(self) -> bool:
        return not self._file.read(1)

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> tuple[int, list[str] | None]:
        line = self._reader.line_num + 1
        try:
            return line, next(self._reader)
        except csv.Error:
            return line, None
