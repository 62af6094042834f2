"""Builds product sheets from rows."""

from dataclasses import dataclass, field, replace

from catalog.importing.model.shopify_csv import cells
from catalog.importing.model.shopify_csv.problems import Problem, RowRefused
from catalog.importing.model.shopify_csv.rows import BrokenRow, Row, rows
from catalog.products.front import (
    LONGEST_DESCRIPTION,
    MOST_PICTURES,
    MOST_SKUS,
    Facts,
    Picture,
    Sheet,
    Shelf,
    Variant,
    comparison_key,
)
from shared import text


@dataclass(frozen=True)
class ListedSheet:
    """A product's sheet, the line of its first row, and its numbers of rows and of rows with a picture."""

    line: int
    sheet: Sheet
    rows: int
    picture_rows: int


@dataclass
class ProductFile:
    """The content of a file: products, number of refused products, problems by line, rows read and left out."""

    products: list[ListedSheet] = field(default_factory=list)
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0
    left_out: int = 0


@dataclass
class _Draft:
    """A product while its rows are read; `facts` is None if its first row was refused."""

    line: int
    handle: str
    rows: int = 0  # accepted rows
    picture_rows: int = 0  # accepted rows with a picture
    facts: Facts | None = None
    shelf: Shelf | None = None
    variants: dict[tuple[str, ...], Variant] = field(
        default_factory=dict
    )  # by comparison key of the option values
    codes: set[str] = field(default_factory=set)
    pictures: dict[str, tuple[int, Picture]] = field(default_factory=dict)  # by address
    complete: bool = True

    def open(self, row: Row, currency: str) -> None:
        """Add the first row, which describes the product. It need not have a variant."""
        facts, shelf = _facts(row), cells.shelf(row)
        self._add_cells(row, facts.option_names, currency)
        self.facts, self.shelf = facts, shelf

    def add(self, row: Row, currency: str) -> None:
        """Add a further row: a variant, a picture, or both."""
        assert self.facts is not None
        if row["Title"] not in ("", self.facts.title):
            raise RowRefused("title_differs")
        if not row.any(*cells.VARIANT_COLUMNS, "Image Src"):
            raise RowRefused("row_empty")
        self._add_cells(row, self.facts.option_names, currency)

    def _add_cells(self, row: Row, names: tuple[str, ...], currency: str) -> None:
        picture = cells.picture(row)
        if picture:
            self._check_room(picture[1])
        if row.any(*cells.VARIANT_COLUMNS):
            self._add_variant(cells.variant(row, names, currency))
        if picture:
            self._add_picture(*picture)
        self.rows += 1

    def _check_room(self, picture: Picture) -> None:
        if len(self.pictures) == MOST_PICTURES and picture.src not in self.pictures:
            raise RowRefused("picture_limit_exceeded", limit=MOST_PICTURES)

    def _add_picture(self, position: int, picture: Picture) -> None:
        self.picture_rows += 1
        if picture.src not in self.pictures or position < self.pictures[picture.src][0]:
            self.pictures[picture.src] = position, picture

    def _add_variant(self, variant: Variant) -> None:
        key = comparison_key(variant.option_values)
        if key in self.variants:
            raise RowRefused("variant_repeated", value=" / ".join(variant.option_values) or cells.NO_OPTIONS[1])
        if variant.code in self.codes:
            raise RowRefused("sku_repeated", value=variant.code)
        if len(self.variants) == MOST_SKUS:
            raise RowRefused("sku_limit_exceeded", limit=MOST_SKUS)
        self.variants[key] = variant
        self.codes |= {variant.code} if variant.code else set()

    def listed(self, *, complete: bool) -> ListedSheet:
        """The product's sheet, made of the accepted rows."""
        assert self.facts is not None
        sheet = Sheet(
            handle=self.handle,
            facts=replace(self.facts, pictures=self._gallery()),
            variants=tuple(self.variants.values()),
            shelf=self.shelf,
            complete=self.complete and complete,
        )
        return ListedSheet(self.line, sheet, self.rows, self.picture_rows)

    def _gallery(self) -> tuple[Picture, ...]:
        return tuple(picture for _, picture in sorted(self.pictures.values(), key=lambda placed: placed[0]))


def read(file: str, currency: str) -> ProductFile:
    """The products in a file, with prices in `currency`. Raises FileRefused."""
    reading = _Reading(currency)
    for row in rows(file):
        reading.take(row)
    return reading.file()


class _ProductRefused(Exception):
    """The row belongs to a refused product, which was reported at its first row."""


class _Reading:
    """A file while its rows are read. The cost of a row does not depend on the number of rows before it."""

    def __init__(self, currency: str) -> None:
        self._currency, self._file = currency, ProductFile()
        self._drafts: dict[str, _Draft] = {}
        self._distrusted = 0  # this many of the first drafts may lack an unreadable row

    def take(self, row: Row | BrokenRow) -> None:
        self._file.rows += 1
        try:
            self._take(row)
        except RowRefused as refused:
            self._file.left_out += 1
            self._file.problems.append(_problem(row, refused))
        except _ProductRefused:
            self._file.left_out += 1

    def file(self) -> ProductFile:
        """The content of the file, after all its rows."""
        for place, draft in enumerate(self._drafts.values()):
            self._close(draft, trusted=place >= self._distrusted)
        self._file.problems.sort(key=lambda problem: problem.line)
        return self._file

    def _take(self, row: Row | BrokenRow) -> None:
        if isinstance(row, BrokenRow):
            # The row's product is unknown, so its absence must not discontinue a SKU. It can only belong to an
            # earlier product, or be the missing first row of a later one.
            self._distrusted = len(self._drafts)
            raise RowRefused(row.code)
        handle = row.short("Handle", kind=text.code)
        if not handle:
            raise RowRefused("handle_missing")
        if handle not in self._drafts:
            self._drafts[handle] = _Draft(row.line, handle)
            self._drafts[handle].open(row, self._currency)
        else:
            _add(row, self._drafts[handle], self._currency)

    def _close(self, draft: _Draft, *, trusted: bool) -> None:
        if draft.variants:
            self._file.products.append(draft.listed(complete=trusted))
            return
        self._file.refused += 1
        if draft.facts is not None:
            self._file.left_out += draft.rows
            self._file.problems.append(Problem(line=draft.line, code="variant_missing", handle=draft.handle))


def _add(row: Row, draft: _Draft, currency: str) -> None:
    if draft.facts is None:
        raise _ProductRefused
    try:
        draft.add(row, currency)
    except RowRefused:
        draft.complete = False
        raise


def _problem(row: Row | BrokenRow, refused: RowRefused) -> Problem:
    handle = text.report(row.cells.get("handle", "")[:255]) if isinstance(row, Row) else ""
    return Problem(line=row.line, code=refused.code, handle=handle, facts=refused.facts)


def _facts(row: Row) -> Facts:
    if not row["Title"]:
        raise RowRefused("title_missing")
    return Facts(
        title=row.short("Title"),
        description=row.short("Body (HTML)", LONGEST_DESCRIPTION, text.note),
        brand=row.short("Vendor"),
        kind=row.short("Type"),
        category=cells.category(row),
        tags=cells.tags(row),
        option_names=cells.option_names(row),
    )
