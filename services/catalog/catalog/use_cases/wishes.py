"""From what a merchant asks for to the sheet that the product follows."""

from collections.abc import Sequence
from typing import Any

from catalog import schemas
from catalog.domain import categories, pictures
from catalog.domain.product import Facts, Picture, Product, Sheet, Sku, Variant
from catalog.domain.search import words
from shared import settings
from shared.errors import Invalid
from shared.money import Money

LONGEST = 255


class ForeignCurrency(Invalid):
    """The platform has one currency, and this is another."""

    code = "currency_foreign"


class BadOptions(Invalid):
    """Every SKU needs one value for each of the product's options, none of them empty or too long."""

    code = "bad_options"


class BadTags(Invalid):
    """A tag has between 1 and 255 characters."""

    code = "bad_tags"


class BadPicture(Invalid):
    """A picture has an http(s) address, or a path below /media/."""

    code = "bad_picture_address"


def new_sheet(wish: schemas.CreateProduct) -> Sheet:
    """The sheet of a product that does not exist yet. Raises ForeignCurrency, BadOptions, BadPicture."""
    handle = wish.handle or _handle(wish.title)
    return _checked(Sheet(handle=handle, facts=Facts(**_facts(wish)), variants=_variants(wish.skus)))


def changed_sheet(product: Product, wish: schemas.ChangeProduct) -> Sheet:
    """The sheet of a product as it is, but for what is wished. Raises as new_sheet does."""
    facts = Facts(**{**vars(product.facts), **_facts(wish)})
    skus = _present(product.live_skus) if wish.skus is None else _variants(wish.skus)
    return _checked(Sheet(handle=product.handle, facts=facts, variants=skus))


def currency() -> str:
    """The platform's one currency."""
    return settings.text("CURRENCY", "CNY")


def _tags(wished: Sequence[str]) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(wished))
    if not all(0 < len(tag) <= LONGEST for tag in tags):
        raise BadTags
    return tags


def _picture(wish: schemas.PictureWish) -> Picture:
    if not pictures.is_address(wish.src):
        raise BadPicture(src=wish.src[:60])
    return Picture(wish.src, wish.alt)


READ: dict[str, Any] = {
    "title": str,
    "description": str,  # cleaned before any transaction was opened
    "brand": str,
    "type": str,
    "category": categories.path,
    "tags": _tags,
    "option_names": tuple,
    "pictures": lambda wished: tuple(map(_picture, wished)),
}


def _facts(wish: schemas.CreateProduct | schemas.ChangeProduct) -> dict[str, Any]:
    wished = {name: read(value) for name, read in READ.items() if (value := getattr(wish, name)) is not None}
    return {{"type": "kind"}.get(name, name): value for name, value in wished.items()}


def _variants(wishes: Sequence[schemas.SkuWish]) -> tuple[Variant, ...]:
    return tuple(
        Variant(
            option_values=one.option_values,
            price=_price(one.price),
            code=one.code,
            image=_picture(schemas.PictureWish(src=one.image)).src if one.image else None,
            stock=one.stock,
        )
        for one in wishes
    )


def _present(skus: Sequence[Sku]) -> tuple[Variant, ...]:
    return tuple(
        Variant(option_values=one.option_values, price=one.price, code=one.code, image=one.image) for one in skus
    )


def _price(wish: schemas.Price) -> Money:
    if wish.currency != currency():
        raise ForeignCurrency(currency=currency())
    return Money(wish.amount, wish.currency)


def _checked(sheet: Sheet) -> Sheet:
    options = len(sheet.facts.option_names)
    for variant in sheet.variants:
        if len(variant.option_values) != options or not all(0 < len(v) <= LONGEST for v in variant.option_values):
            raise BadOptions
    return sheet


def _handle(title: str) -> str:
    return "-".join(words(title))[:LONGEST] or title
