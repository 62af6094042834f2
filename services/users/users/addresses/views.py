"""Views of addresses."""

from collections.abc import Sequence

from shared.contracts.pages import Page
from shared.contracts.users import views
from users.addresses.model import Address


def address(shown: Address) -> views.Address:
    """A saved address."""
    return views.Address(**vars(shown))


def addresses(shown: Sequence[Address]) -> Page[views.Address]:
    """All addresses of an account, on one page."""
    return Page(items=tuple(map(address, shown)), next=None)
