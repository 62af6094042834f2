"""One transaction of users, with the stores of its modules."""

from functools import cached_property

import shared.db
from shared.sagas import SagaWork
from users.accounts.store import Accounts
from users.addresses.store import Addresses
from users.erasure.store import Erasures
from users.sessions.store import Guards, Sessions
from users.shops.store import Invitations, Shops


class Work(SagaWork, shared.db.Work):
    """Everything that users keeps, within one transaction, and its sagas."""

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.connection)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.connection)

    @cached_property
    def guards(self) -> Guards:
        return Guards(self.connection)

    @cached_property
    def shops(self) -> Shops:
        return Shops(self.connection)

    @cached_property
    def invitations(self) -> Invitations:
        return Invitations(self.connection)

    @cached_property
    def addresses(self) -> Addresses:
        return Addresses(self.connection)

    @cached_property
    def erasures(self) -> Erasures:
        return Erasures(self.connection)
