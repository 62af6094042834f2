"""Turns the request of a merchant into a product sheet."""

from collections.abc import Sequence
from typing import Any

from catalog.products.model import categories, pictures
from catalog.products.model.product import Product, Sku
from catalog.products.model.search import words
from catalog.products.model.sheets import Facts, Picture, Sheet, Variant
from shared import settings
from shared.contracts.catalog.requests import ChangeProduct, CreateProduct, PictureInput, Price, SkuInput
from shared.errors import Invalid
from shared.money import Money

LONGEST = 255


class ForeignCurrency(Invalid):
    """The price is not in the platform's currency."""

    code = "currency_foreign"


class OptionsInvalid(Invalid):
    """Every SKU needs one value for each option of the product, of 1 to 255 characters."""

    code = "options_invalid"


class TagsInvalid(Invalid):
    """A tag has between 1 and 255 characters."""

    code = "tags_invalid"


class PictureAddressInvalid(Invalid):
    """A picture has an http(s) address, or a path below /media/."""

    code = "picture_address_invalid"


def new_sheet(requested: CreateProduct) -> Sheet:
    """The sheet of a product that does not exist yet.

    Raises ForeignCurrency, OptionsInvalid, TagsInvalid, PictureAddressInvalid, CategoryTooDeep.
    """
    handle = requested.handle or _handle(requested.title)
    return _checked(Sheet(handle=handle, facts=Facts(**_facts(requested)), variants=_variants(requested.skus)))


def changed_sheet(product: Product, requested: ChangeProduct) -> Sheet:
    """The sheet of the present product with the requested changes. Raises as new_sheet does."""
    facts = Facts(**{**vars(product.facts), **_facts(requested)})
    skus = _present(product.live_skus) if requested.skus is None else _variants(requested.skus)
    return _checked(Sheet(handle=product.handle, facts=facts, variants=skus))


def currency() -> str:
    """The platform's currency."""
    return settings.text("CURRENCY", "CNY")


def _tags(requested: Sequence[str]) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(requested))
    if not all(0 < len(tag) <= LONGEST for tag in tags):
        raise TagsInvalid
    return tags


def _picture(requested: PictureInput) -> Picture:
    return Picture(_address(requested.src), requested.alt)


def _pictures(requested: Sequence[PictureInput]) -> tuple[Picture, ...]:
    return tuple(map(_picture, requested))


def _address(src: str) -> str:
    if not pictures.is_address(src):
        raise PictureAddressInvalid(src=src[:60])
    return src


PARSERS: dict[str, Any] = {
    "title": str,
    "description": str,  # cleaned before the transaction began
    "brand": str,
    "type": str,
    "category": categories.path,
    "tags": _tags,
    "option_names": tuple,
    "pictures": _pictures,
}


def _facts(requested: CreateProduct | ChangeProduct) -> dict[str, Any]:
    """The facts given in the request; omitted and null fields are left out."""
    given = {
        name: parse(value) for name, parse in PARSERS.items() if (value := getattr(requested, name)) is not None
    }
    return {{"type": "kind"}.get(name, name): value for name, value in given.items()}


def _variants(requested: Sequence[SkuInput]) -> tuple[Variant, ...]:
    return tuple(
        Variant(
            option_values=one.option_values,
            price=_price(one.price),
            code=one.code,
            image=_address(one.image) if one.image else None,
            stock=one.stock,
        )
        for one in requested
    )


def _present(skus: Sequence[Sku]) -> tuple[Variant, ...]:
    return tuple(
        Variant(option_values=one.option_values, price=one.price, code=one.code, image=one.image) for one in skus
    )


def _price(requested: Price) -> Money:
    if requested.currency != currency():
        raise ForeignCurrency(currency=currency())
    return Money(requested.amount, requested.currency)


def _checked(sheet: Sheet) -> Sheet:
    options = len(sheet.facts.option_names)
    for variant in sheet.variants:
        if len(variant.option_values) != options or not all(0 < len(v) <= LONGEST for v in variant.option_values):
            raise OptionsInvalid
    return sheet


def _handle(title: str) -> str:
    return "-".join(words(title))[:LONGEST] or title
