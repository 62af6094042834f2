"""Keeping addresses; at most one of an account's is the default."""

from uuid import UUID

from shared.ids import new_id
from users.domain.addresses import MOST_ADDRESSES, Address, TooManyAddresses, UnknownAddress
from users.schemas import ChangeAddress, NewAddress
from users.work import Work


def add(work: Work, user_id: UUID, wish: NewAddress) -> Address:
    """Keep another address; the first one is the default. Raises TooManyAddresses."""
    work.accounts.lock(user_id)
    kept = len(work.addresses.of(user_id))
    if kept >= MOST_ADDRESSES:
        raise TooManyAddresses
    new = wish.address(new_id(), is_default=wish.is_default or kept == 0)
    _make_room(work, user_id, new)
    work.addresses.add(user_id, new)
    return new


def change(work: Work, user_id: UUID, wish: ChangeAddress) -> Address:
    """Write an address anew. Raises UnknownAddress, also for somebody else's."""
    work.accounts.lock(user_id)
    changed = wish.address(wish.address_id, is_default=wish.is_default)
    _make_room(work, user_id, changed)
    if not work.addresses.change(user_id, changed):
        raise UnknownAddress
    return changed


def remove(work: Work, user_id: UUID, address_id: UUID) -> None:
    """Keep an address no longer. Raises UnknownAddress."""
    if not work.addresses.remove(user_id, address_id):
        raise UnknownAddress


def _make_room(work: Work, user_id: UUID, arriving: Address) -> None:
    if arriving.is_default:
        work.addresses.clear_default(user_id)
