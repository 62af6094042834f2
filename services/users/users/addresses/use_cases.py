"""Keeping addresses; at most one of an account's is the default."""

from dataclasses import asdict
from uuid import UUID

from shared import places
from shared.contracts.users.requests import AddAddress, AddressRequest, ChangeAddress
from shared.ids import new_id
from users.addresses.model import MOST_ADDRESSES, Address, AddressLimitReached, AddressNotFound
from users.work import Work


def add(work: Work, user_id: UUID, request: AddAddress) -> Address:
    """Keep another address; the first one is the default.

    Raises AccountNotFound (also for one that was erased), AddressLimitReached, and as `places.find` does.
    """
    work.accounts.lock(user_id)
    kept = len(work.addresses.of(user_id))
    if kept >= MOST_ADDRESSES:
        raise AddressLimitReached
    new = _address(request, new_id(), is_default=request.is_default or kept == 0)
    _make_room(work, user_id, new)
    work.addresses.add(user_id, new)
    return new


def change(work: Work, user_id: UUID, request: ChangeAddress) -> Address:
    """Write an address anew. Raises AccountNotFound, AddressNotFound, also for somebody else's."""
    work.accounts.lock(user_id)
    changed = _address(request, request.address_id, is_default=request.is_default)
    _make_room(work, user_id, changed)
    if not work.addresses.change(user_id, changed):
        raise AddressNotFound
    return changed


def remove(work: Work, user_id: UUID, address_id: UUID) -> None:
    """Keep an address no longer. Raises AddressNotFound."""
    if not work.addresses.remove(user_id, address_id):
        raise AddressNotFound


def _make_room(work: Work, user_id: UUID, arriving: Address) -> None:
    if arriving.is_default:
        work.addresses.clear_default(user_id)


def _address(request: AddressRequest, address_id: UUID, *, is_default: bool) -> Address:
    """The address under this id, its place as the division list names it. Raises as `places.find` does."""
    return Address(
        address_id=address_id,
        contact=request.contact,
        phone=request.phone,
        **asdict(places.of(request)),
        street=request.street,
        postcode=request.postcode,
        is_default=is_default,
    )
