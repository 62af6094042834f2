"""What a product shall be. A merchant's form and a row group of an import end as the same thing: a `Sheet`."""

from dataclasses import dataclass
from enum import StrEnum

from catalog.products.model.pictures import OURS
from catalog.products.model.shelf import Shelf
from shared.money import Money

MOST_SKUS, MOST_PICTURES = 250, 250
LONGEST_DESCRIPTION = 65_536  # characters
MOST_PRICE = 10**11  # minor units


class PictureState(StrEnum):
    """Where a picture's bytes are."""

    NOT_FETCHED = "not_fetched"  # the address is kept, nobody has been there
    LOCAL = "local"


@dataclass(frozen=True)
class Picture:
    """An address on the internet, or a path of our own below /media/."""

    src: str
    alt: str = ""

    @property
    def state(self) -> PictureState:
        return PictureState.LOCAL if self.src.startswith(OURS) else PictureState.NOT_FETCHED


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a product is described by. `option_names` may be empty: then there is one SKU without options."""

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
    """What a SKU shall be; `stock` is received when the SKU is new and ignored ever after."""

    option_values: tuple[str, ...] = ()
    price: Money
    code: str | None = None
    image: str | None = None
    stock: int = 0


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a product shall be. SKUs that a `complete` sheet does not name are discontinued."""

    handle: str
    facts: Facts
    variants: tuple[Variant, ...]
    shelf: Shelf | None = None
    complete: bool = True
