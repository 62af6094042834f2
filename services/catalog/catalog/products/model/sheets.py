"""`Sheet`: the target state of a product, made of a merchant's form or of the rows of a product file."""

from dataclasses import dataclass
from enum import StrEnum

from catalog.products.model.pictures import LOCAL
from catalog.products.model.shelf import Shelf
from shared.money import Money

MOST_SKUS, MOST_PICTURES = 250, 250
LONGEST_DESCRIPTION = 65_536  # characters
MOST_PRICE = 10**11  # minor units


class PictureState(StrEnum):
    """Where a picture's bytes are."""

    NOT_FETCHED = "not_fetched"  # only the address is stored
    LOCAL = "local"


@dataclass(frozen=True)
class Picture:
    """A picture by its http(s) URL, or by a local path below /media/."""

    src: str
    alt: str = ""

    @property
    def state(self) -> PictureState:
        return PictureState.LOCAL if self.src.startswith(LOCAL) else PictureState.NOT_FETCHED


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The descriptive data of a product. Without `option_names` it has one SKU."""

    title: str
    description: str = ""
    brand: str = ""
    kind: str = ""
    category: str | None = None
    tags: tuple[str, ...] = ()
    option_names: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Variant:
    """The target state of a SKU; `stock` is its opening stock, ignored for a SKU that exists."""

    option_values: tuple[str, ...] = ()
    price: Money
    code: str | None = None
    image: str | None = None
    stock: int = 0


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The target state of a product. SKUs that a `complete` sheet does not name are discontinued."""

    handle: str
    facts: Facts
    variants: tuple[Variant, ...]
    shelf: Shelf | None = None
    complete: bool = True
