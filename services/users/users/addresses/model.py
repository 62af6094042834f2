"""The addresses a shopper keeps for the next order."""

from dataclasses import dataclass
from uuid import UUID

from shared.errors import Conflict, NotFound

MOST_ADDRESSES = 50


class AddressNotFound(NotFound):
    """There is no such address."""

    code = "address_not_found"


class AddressLimitReached(Conflict):
    """An account keeps at most 50 addresses."""

    code = "address_limit_reached"


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where goods go, and who takes them there. Old ones whose place the list does not know have no code."""

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
