"""From rows to the sheets of products."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from catalog.domain.product import MOST_SKUS, Facts, Picture, Sheet, Variant
from catalog.domain.shelf import Shelf
from catalog.domain.shopify_csv import cells
from catalog.domain.shopify_csv.problems import Problem, RowRefused
from catalog.domain.shopify_csv.rows import BrokenRow, Row, rows
from shared import text

LONGEST_DESCRIPTION = 65_536


@dataclass(frozen=True)
class ListedSheet:
    """A product's sheet, the line of its first row, and how many pictures its rows named."""

    line: int
    sheet: Sheet
    picture_rows: int


@dataclass
class ProductFile:
    """What a file says: products, how many were refused, problems by line, and rows read and left out."""

    products: list[ListedSheet] = field(default_factory=list)
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0
    left_out: int = 0


@dataclass
class _Draft:
    """A product while its rows come in; `facts` is None when its first row was refused."""

    line: int
    handle: str
    facts: Facts | None = None
    shelf: Shelf | None = None
    variants: list[Variant] = field(default_factory=list)
    pictures: list[tuple[int, Picture]] = field(default_factory=list)
    complete: bool = True

    def open(self, row: Row, currency: str) -> None:
        """Take the first row: what the product is, and its first variant."""
        facts, shelf = _facts(row), cells.shelf(row)
        self._take(row, facts.option_names, currency)
        self.facts, self.shelf = facts, shelf

    def add(self, row: Row, currency: str) -> None:
        """Take a further row: a variant, a picture, or both."""
        assert self.facts is not None
        if row["Title"] not in ("", self.facts.title):
            raise RowRefused("title_differs")
        if not row.any(*cells.VARIANT_COLUMNS, "Image Src"):
            raise RowRefused("row_empty")
        self._take(row, self.facts.option_names, currency)

    def _take(self, row: Row, names: tuple[str, ...], currency: str) -> None:
        opens, picture = self.facts is None, cells.picture(row)
        if opens or row.any(*cells.VARIANT_COLUMNS):
            self._add_variant(cells.variant(row, names, currency))
        if picture:
            self.pictures.append(picture)

    def _add_variant(self, variant: Variant) -> None:
        if any(variant.option_values == known.option_values for known in self.variants):
            raise RowRefused("variant_repeated", value=" / ".join(variant.option_values) or cells.NO_OPTIONS[1])
        if variant.code and any(variant.code == known.code for known in self.variants):
            raise RowRefused("sku_repeated", value=variant.code)
        if len(self.variants) == MOST_SKUS:
            raise RowRefused("too_many_skus", limit=MOST_SKUS)
        self.variants.append(variant)

    def sheet(self) -> Sheet:
        assert self.facts is not None
        return Sheet(
            handle=self.handle,
            facts=replace(self.facts, pictures=self._gallery()),
            variants=tuple(self.variants),
            shelf=self.shelf,
            complete=self.complete,
        )

    def _gallery(self) -> tuple[Picture, ...]:
        """The pictures by position, each address once."""
        once: dict[str, Picture] = {}
        for _, picture in sorted(self.pictures, key=lambda placed: placed[0]):
            once.setdefault(picture.src, picture)
        return tuple(once.values())


def read(csv: str, currency: str) -> ProductFile:
    """The products in a file, with prices in `currency`. Raises FileRefused, FileTooLarge."""
    file, drafts = ProductFile(), dict[str, _Draft]()
    for row in rows(csv):
        file.rows += 1
        try:
            _take(row, drafts, currency)
        except RowRefused as refused:
            file.left_out += 1
            file.problems.append(_problem(row, refused))
        except _ProductRefused:
            file.left_out += 1
    good = [draft for draft in drafts.values() if draft.facts is not None]
    file.products = [ListedSheet(draft.line, draft.sheet(), len(draft.pictures)) for draft in good]
    file.refused = len(drafts) - len(good)
    return file


class _ProductRefused(Exception):
    """The row is of a product that stays out; that was said at its first row."""


def _take(row: Row | BrokenRow, drafts: dict[str, _Draft], currency: str) -> None:
    if isinstance(row, BrokenRow):
        _distrust(drafts.values())
        raise RowRefused(row.code)
    handle = row.short("Handle", kind=text.code)
    if not handle:
        raise RowRefused("handle_missing")
    if handle not in drafts:
        drafts[handle] = _Draft(row.line, handle)
        drafts[handle].open(row, currency)
    elif drafts[handle].facts is None:
        raise _ProductRefused
    else:
        _add(row, drafts[handle], currency)


def _add(row: Row, draft: _Draft, currency: str) -> None:
    try:
        draft.add(row, currency)
    except RowRefused:
        draft.complete = False
        raise


def _distrust(drafts: Iterable[_Draft]) -> None:
    # Nobody knows whose row it was: no SKU may be discontinued because of it. It can only belong to a
    # product further up, or to one whose own first row is missing now.
    for draft in drafts:
        draft.complete = False


def _problem(row: Row | BrokenRow, refused: RowRefused) -> Problem:
    handle = text.report(row.cells.get("handle", ""))[:255] if isinstance(row, Row) else ""
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
