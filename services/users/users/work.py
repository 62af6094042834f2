"""One transaction of users, with the stores of its modules."""

from functools import cached_property

from shared.provider_calls.work import CallsWork
from shared.sagas import SagaWork
from users.accounts.store import Accounts
from users.addresses.store import Addresses
from users.audits.store import Audits
from users.credentials.store import Recoveries
from users.erasure.store import Erasures
from users.messages.store import Messages, Preferences
from users.sessions.store import Guards, Sessions
from users.shops.store import Invitations, Shops


class Work(SagaWork, CallsWork):
    """The stores and sagas of users within one transaction."""

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
    def recoveries(self) -> Recoveries:
        return Recoveries(self.connection)

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
    def messages(self) -> Messages:
        return Messages(self.connection)

    @cached_property
    def preferences(self) -> Preferences:
        return Preferences(self.connection)

    @cached_property
    def erasures(self) -> Erasures:
        return Erasures(self.connection)

    @cached_property
    def audits(self) -> Audits:
        return Audits(self.connection)
