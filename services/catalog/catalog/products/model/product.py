"""A product (SPU) with its SKUs.

`Product.apply` applies a sheet to the product and returns whether that changed anything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from catalog.products.model.sheets import Facts, Sheet, Variant
from catalog.products.model.shelf import Shelf, moved
from catalog.products.model.sku_codes import made_code
from shared import text
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.money import Money, zero


class ProductNotFound(NotFound):
    """There is no such product."""

    code = "product_not_found"


class ProductUnlisted(NotFound):
    """The shop has withdrawn this product from sale."""

    code = "product_unlisted"


class SkuAmbiguous(Conflict):
    """Two SKUs of a product would have the same code or the same option values."""

    code = "sku_ambiguous"


class SkuMissing(Conflict):
    """A product without an active SKU cannot be listed."""

    code = "sku_missing"


class VersionOutdated(Conflict):
    """The product has changed since the version the request was based on."""

    code = "version_outdated"


@dataclass(frozen=True, kw_only=True)
class Sku:
    """One buyable variant. A discontinued one is kept for its orders and its stock journal."""

    sku_id: UUID
    code: str
    option_values: tuple[str, ...]
    price: Money
    image: str | None = None
    discontinued: bool = False


@dataclass(eq=False, kw_only=True)
class Product:
    """The aggregate. `version` grows with every change; `listed_as` is the shelf that its last sheet requested."""

    product_id: UUID
    shop_id: UUID
    handle: str
    facts: Facts
    skus: tuple[Sku, ...] = ()
    shelf: Shelf = Shelf.DRAFT
    listed_as: Shelf | None = None
    version: int = 1
    opening_stock: dict[UUID, int] = field(default_factory=dict)  # of SKUs that are not stored yet

    @classmethod
    def new(cls, shop_id: UUID, sheet: Sheet) -> "Product":
        """A product made from its first sheet, version 1."""
        product = cls(product_id=new_id(), shop_id=shop_id, handle=sheet.handle, facts=sheet.facts, version=0)
        product.apply(sheet)
        return product

    @property
    def live_skus(self) -> tuple[Sku, ...]:
        return tuple(sku for sku in self.skus if not sku.discontinued)

    @property
    def on_shelf(self) -> bool:
        return self.shelf is Shelf.ON_SHELF

    @property
    def image(self) -> str | None:
        return self.facts.pictures[0].src if self.facts.pictures else None

    @property
    def price_from(self) -> int:
        """The lowest price of the active SKUs, in minor units; 0 if there are none."""
        return min((sku.price.amount for sku in self.live_skus), default=0)

    @property
    def currency(self) -> str:
        return self.skus[0].price.currency if self.skus else zero().currency

    def options(self, sku: Sku) -> str:
        """The options as display text: 颜色: 红 / 尺码: M."""
        return options_text(self.facts.option_names, sku.option_values)

    def apply(self, sheet: Sheet) -> bool:
        """Apply the sheet; return whether anything changed. Raises SkuAmbiguous, SkuMissing before any change."""
        before = self._state()
        skus, opening = _matched(self.skus, sheet)
        shelf = self._shelf_after(sheet)
        _require_sellable(shelf, skus)
        self.facts, self.skus, self.shelf = sheet.facts, skus, shelf
        self.opening_stock, self.listed_as = opening, sheet.shelf or self.listed_as
        return self._bump_version(before)

    def move(self, wanted: Shelf) -> bool:
        """Change the shelf state; return whether it changed. Raises TransitionNotAllowed, SkuMissing."""
        before = self._state()
        shelf = moved(self.shelf, wanted)
        _require_sellable(shelf, self.skus)
        self.shelf = shelf
        return self._bump_version(before)

    def expect(self, version: int | None) -> None:
        """Raise VersionOutdated unless `version` is None or the present one."""
        if version not in (None, self.version):
            raise VersionOutdated(version=self.version)

    def _shelf_after(self, sheet: Sheet) -> Shelf:
        # A sheet changes the shelf only if it requests another state than the sheet before: a product that the
        # shop withdrew by hand is not listed again when the same file is imported again.
        wanted = sheet.shelf
        if wanted is None or wanted is self.listed_as:
            return self.shelf
        if wanted is Shelf.DRAFT:
            return self.shelf if self.shelf is Shelf.DRAFT else moved(self.shelf, Shelf.OFF_SHELF)
        return moved(self.shelf, wanted)

    def _state(self) -> tuple[object, ...]:
        return (self.facts, self.skus, self.shelf, self.listed_as)

    def _bump_version(self, before: tuple[object, ...]) -> bool:
        changed = before != self._state()
        self.version += changed
        return changed


def options_text(names: Sequence[str], values: Sequence[str]) -> str:
    """Option names and values as display text; a discontinued SKU may have fewer values than there are names."""
    return " / ".join(map(": ".join, zip(names, values, strict=False)))


def comparison_key(option_values: Sequence[str]) -> tuple[str, ...]:
    """The key by which option values are compared: values that look the same are equal."""
    return tuple(map(text.code, option_values))


def _matched(present: tuple[Sku, ...], sheet: Sheet) -> tuple[tuple[Sku, ...], dict[UUID, int]]:
    """The SKUs after the sheet, and the opening stock of those that are new."""
    by_code = {sku.code: sku for sku in present}
    by_values = {comparison_key(sku.option_values): sku for sku in present}
    taken = {*by_code, *(variant.code for variant in sheet.variants)}
    named, opening = [], {}
    for variant in sheet.variants:
        found = by_code.get(variant.code or "") or by_values.get(comparison_key(variant.option_values))
        code = variant.code or (found.code if found else made_code(sheet.handle, variant.option_values, taken))
        sku = _sku(variant, found, code)
        named.append(sku)
        if found is None:
            opening[sku.sku_id] = variant.stock
    skus = (*named, *_unnamed(present, named, sheet))
    _require_distinct(skus)
    return skus, opening


def _sku(variant: Variant, found: Sku | None, code: str) -> Sku:
    return Sku(
        sku_id=found.sku_id if found else new_id(),
        code=code,
        option_values=variant.option_values,
        price=variant.price,
        image=variant.image,
    )


def _unnamed(present: Iterable[Sku], named: Iterable[Sku], sheet: Sheet) -> list[Sku]:
    ids, options = {sku.sku_id for sku in named}, len(sheet.facts.option_names)
    unnamed = [sku for sku in present if sku.sku_id not in ids]
    return [
        replace(sku, discontinued=sku.discontinued or sheet.complete or len(sku.option_values) != options)
        for sku in unnamed
    ]


def _require_distinct(skus: tuple[Sku, ...]) -> None:
    compared = {
        "sku_id": len({sku.sku_id for sku in skus}),
        "code": len({sku.code for sku in skus}),
        "option_values": len({comparison_key(sku.option_values) for sku in skus}),
    }
    for name, different in compared.items():
        if different < len(skus):
            raise SkuAmbiguous(field=name)


def _require_sellable(shelf: Shelf, skus: tuple[Sku, ...]) -> None:
    if shelf is Shelf.ON_SHELF and all(sku.discontinued for sku in skus):
        raise SkuMissing
