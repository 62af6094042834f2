"""One transaction of users, with its repositories."""

from functools import cached_property

import shared.db
from users.repository.accounts import Accounts
from users.repository.addresses import Addresses
from users.repository.invitations import Invitations
from users.repository.sessions import Sessions
from users.repository.shops import Shops


class Work(shared.db.Work):
    """Everything that users keeps, within one transaction."""

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.connection)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.connection)

    @cached_property
    def shops(self) -> Shops:
        return Shops(self.connection)

    @cached_property
    def invitations(self) -> Invitations:
        return Invitations(self.connection)

    @cached_property
    def addresses(self) -> Addresses:
        return Addresses(self.connection)
