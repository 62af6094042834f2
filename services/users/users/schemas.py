"""The shapes of what users is asked over RPC. What does not fit is refused with the field's path."""

from dataclasses import asdict, dataclass
from uuid import UUID

from shared import places
from shared.idempotency import sealed
from shared.shapes import identifier, person_name, phone_number, raw, text, whole
from users.domain.addresses import Address
from users.domain.shops import ShopState


@dataclass(frozen=True, kw_only=True)
class Register:
    """Somebody who wants an account."""

    email: str = identifier(254)
    password: str = raw(1024)
    name: str = person_name(60)
    idempotency_key: str | None = raw(255, default=None)

    def fingerprint(self, key: bytes) -> dict[str, str]:
        """What tells two requests apart: all of it, the password sealed with `key`."""
        return {"email": self.email, "name": self.name, "password": sealed(self.password, key)}


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """Somebody who has one."""

    email: str = identifier(254)
    password: str = raw(1024)


@dataclass(frozen=True, kw_only=True)
class Refresh:
    """A session that goes on."""

    refresh_token: str = raw(100)


@dataclass(frozen=True, kw_only=True)
class AddressText:
    """An address as a shopper writes it."""

    contact: str = person_name(60)
    phone: str = phone_number(5)
    country: str = identifier(2, 2, default="CN")
    division_code: str | None = identifier(6, 6, default=None)
    province: str = text(40, 0, default="")
    city: str = text(40, 0, default="")
    district: str = text(40, 0, default="")
    street: str = text(200)
    postcode: str = identifier(12, 0, default="")
    is_default: bool = False

    def address(self, address_id: UUID, *, is_default: bool) -> Address:
        """The address under this id, its place as the list names it. Raises as `places.find` does."""
        return Address(
            address_id=address_id,
            contact=self.contact,
            phone=self.phone,
            **asdict(places.of(self)),
            street=self.street,
            postcode=self.postcode,
            is_default=is_default,
        )


@dataclass(frozen=True, kw_only=True)
class NewAddress(AddressText):
    """An address to keep."""

    idempotency_key: str | None = raw(255, default=None)


@dataclass(frozen=True, kw_only=True)
class ChangeAddress(AddressText):
    """An address to write anew."""

    address_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfAddress:
    """One address."""

    address_id: UUID


@dataclass(frozen=True, kw_only=True)
class OpenShop:
    """A shop to open, and the address of the person who is invited to own it."""

    slug: str = identifier(40, 2)
    name: str = person_name(60)
    owner_email: str = identifier(254)
    idempotency_key: str | None = raw(255, default=None)


@dataclass(frozen=True, kw_only=True)
class InviteOwner:
    """Another invitation to own a shop; the one before is revoked."""

    shop_id: UUID
    owner_email: str = identifier(254)
    idempotency_key: str | None = raw(255, default=None)


@dataclass(frozen=True, kw_only=True)
class AcceptInvitation:
    """The token of an invitation's link."""

    token: str = raw(100)


@dataclass(frozen=True, kw_only=True)
class OfShop:
    """One shop."""

    shop_id: UUID


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of a list: `limit` items after `cursor`."""

    cursor: UUID | None = None
    limit: int = whole(1, 100, default=20)


@dataclass(frozen=True, kw_only=True)
class AnyShops(Page):
    """A page of all shops, of a state or of any."""

    state: ShopState | None = None
