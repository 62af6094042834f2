"""Saved addresses of shoppers."""

from dataclasses import dataclass
from uuid import UUID

from shared.errors import Conflict, NotFound

MOST_ADDRESSES = 50


class AddressNotFound(NotFound):
    """There is no such address."""

    code = "address_not_found"


class AddressLimitReached(Conflict):
    """An account has at most 50 saved addresses."""

    code = "address_limit_reached"


@dataclass(frozen=True, kw_only=True)
class Address:
    """A delivery address with its contact. Old addresses in a place that is not listed have no division code."""

    address_id: UUID
    contact: str
    phone: str
    country: str
    division_code: str | None
    province: str
    city: str
    district: str
    street: str
    postcode: str
    is_default: bool
