"""Use cases of saved addresses; an account has at most one default."""

from dataclasses import asdict
from uuid import UUID

from shared import places
from shared.contracts.users.requests import AddAddress, AddressRequest, ChangeAddress
from shared.ids import new_id
from users.addresses.model import MOST_ADDRESSES, Address, AddressLimitReached, AddressNotFound
from users.work import Work


def add(work: Work, user_id: UUID, request: AddAddress) -> Address:
    """Save an address; the first one of an account is the default.

    Raises AccountNotFound (also for one that was erased), AddressLimitReached, and as `places.find` does.
    """
    work.accounts.lock(user_id)
    count = len(work.addresses.of(user_id))
    if count >= MOST_ADDRESSES:
        raise AddressLimitReached
    new = _address(request, new_id(), is_default=request.is_default or count == 0)
    _clear_default_for(work, user_id, new)
    work.addresses.add(user_id, new)
    return new


def change(work: Work, user_id: UUID, request: ChangeAddress) -> Address:
    """Replace an address. Raises AccountNotFound, AddressNotFound (also for another account's address)."""
    work.accounts.lock(user_id)
    changed = _address(request, request.address_id, is_default=request.is_default)
    _clear_default_for(work, user_id, changed)
    if not work.addresses.change(user_id, changed):
        raise AddressNotFound
    return changed


def remove(work: Work, user_id: UUID, address_id: UUID) -> None:
    """Remove a saved address. Raises AddressNotFound."""
    if not work.addresses.remove(user_id, address_id):
        raise AddressNotFound


def _clear_default_for(work: Work, user_id: UUID, new: Address) -> None:
    if new.is_default:
        work.addresses.clear_default(user_id)


def _address(request: AddressRequest, address_id: UUID, *, is_default: bool) -> Address:
    """The address with this id, with the place names of the division list. Raises as `places.find` does."""
    return Address(
        address_id=address_id,
        contact=request.contact,
        phone=request.phone,
        **asdict(places.of(request)),
        street=request.street,
        postcode=request.postcode,
        is_default=is_default,
    )
