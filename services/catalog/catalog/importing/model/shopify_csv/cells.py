"""Parsing the cells of a row. Every function raises RowRefused for an invalid cell."""

import re

from catalog.importing.model.shopify_csv.problems import RowRefused
from catalog.importing.model.shopify_csv.rows import Row
from catalog.products.front import MOST_PRICE, Picture, Shelf, Variant, categories, pictures
from catalog.stock.front import MOST_PIECES
from shared import text
from shared.money import Money, decimals

PRICE = re.compile(r"([0-9]{1,12})(?:\.([0-9]+))?")
WHOLE = re.compile(r"[0-9]{1,12}")
CURRENCY_COLUMNS = ("Currency", "Variant Currency", "Price Currency")
OPTIONS = (1, 2, 3)
NO_OPTIONS = ("Title", "Default Title")  # how Shopify writes a product without options
VARIANT_COLUMNS = (
    *(f"Option{number} Value" for number in OPTIONS),
    "Variant SKU", "Variant Price", "Variant Inventory Qty", "Variant Image",
)  # fmt: skip
SHELVES = {"": Shelf.ON_SHELF, "active": Shelf.ON_SHELF, "draft": Shelf.DRAFT, "archived": Shelf.OFF_SHELF}
MOST_TAGS, LAST = 250, 10**6


def price(row: Row, currency: str) -> Money:
    """The price in minor units, never rounded: 9.9 is 990."""
    for column in CURRENCY_COLUMNS:
        if row[column] and row[column].upper() != currency:
            raise RowRefused("currency_foreign", value=row[column], currency=currency)
    value = row["Variant Price"]
    if not value:
        raise RowRefused("price_missing")
    return Money(_minor_units(value, decimals(currency)), currency)


def _minor_units(value: str, decimals: int) -> int:
    parts = PRICE.fullmatch(value)
    if parts is None:
        raise RowRefused("price_invalid", value=value)
    if len(parts[2] or "") > decimals:
        raise RowRefused("price_too_precise", value=value)
    amount = int(parts[1] + (parts[2] or "").ljust(decimals, "0"))
    if amount > MOST_PRICE:
        raise RowRefused("price_too_high", value=value)
    return amount


def stock(row: Row) -> int:
    value = row["Variant Inventory Qty"] or "0"
    if not WHOLE.fullmatch(value) or int(value) > MOST_PIECES:
        raise RowRefused("stock_invalid", value=value)
    return int(value)


def option_names(row: Row) -> tuple[str, ...]:
    """The names of the options of a product, from its first row."""
    if (row["Option1 Name"], row["Option1 Value"]) == NO_OPTIONS:
        return ()
    return tuple(name for number in OPTIONS if (name := row.short(f"Option{number} Name")))


def option_values(row: Row, names: tuple[str, ...]) -> tuple[str, ...]:
    """One value for each option. Without options the cell is empty or Default Title."""
    values = tuple(row.short(f"Option{number} Value") for number in OPTIONS)
    if not names and values[0] == NO_OPTIONS[1]:
        values = ("", *values[1:])
    for number, value in zip(OPTIONS, values, strict=True):
        if number <= len(names) and not value:
            raise RowRefused("option_missing", name=names[number - 1])
        if number > len(names) and value:
            raise RowRefused("option_unnamed", column=f"Option{number} Value")
    return values[: len(names)]


def variant(row: Row, names: tuple[str, ...], currency: str) -> Variant:
    return Variant(
        option_values=option_values(row, names),
        price=price(row, currency),
        code=row.short("Variant SKU", kind=text.code) or None,
        image=address(row, "Variant Image"),
        stock=stock(row),
    )


def address(row: Row, column: str) -> str | None:
    """The picture's address: an http(s) URL, or a local path below /media/."""
    value = row.short(column, pictures.LONGEST_ADDRESS, text.code)
    if value and not pictures.is_address(value):
        raise RowRefused("picture_address_invalid", value=value)
    return value or None


def picture(row: Row) -> tuple[int, Picture] | None:
    """The row's picture with its position; last if it has no position."""
    src = address(row, "Image Src")
    position = row["Image Position"]
    if src is None:
        return None
    if position and not WHOLE.fullmatch(position):
        raise RowRefused("picture_position_invalid", value=position)
    return (int(position) if position else LAST), Picture(src, row.short("Image Alt Text", 512))


def shelf(row: Row) -> Shelf:
    """The listing state: from Status; an active product that is not published is a draft."""
    status, published = row["Status"].casefold(), row["Published"].casefold()
    if status not in SHELVES:
        raise RowRefused("status_invalid", value=row["Status"])
    if published not in ("", "true", "false"):
        raise RowRefused("published_invalid", value=row["Published"])
    wanted = SHELVES[status]
    return Shelf.DRAFT if wanted is Shelf.ON_SHELF and published == "false" else wanted


def category(row: Row) -> str | None:
    """The category path `A > B`: Product Category, or Type if that is empty."""
    try:
        return categories.path(row.short("Product Category") or row.short("Type"))
    except categories.CategoryTooDeep:
        raise RowRefused("category_too_deep", limit=categories.DEEPEST) from None


def tags(row: Row) -> tuple[str, ...]:
    """The tags in their order, without duplicates."""
    found = dict.fromkeys(filter(None, (text.line(tag) for tag in row.short("Tags", 10_000).split(","))))
    if len(found) > MOST_TAGS:
        raise RowRefused("tag_limit_exceeded", limit=MOST_TAGS)
    return tuple(found)
