"""What accounts answers."""

from shared.auth import Caller
from shared.contracts.users.requests import GetMe, Register
from shared.contracts.users.views import Account, Me
from shared.entrypoints import answers
from users.accounts import queries, use_cases, views
from users.sessions.front import Passwords
from users.work import Work


def _hash_password(accounts: "Accounts", request: Register) -> str:
    return use_cases.hash_new(accounts.passwords, request)


class Accounts:
    """Opening an account, and what its owner sees of it."""

    passwords: Passwords  # those of the service: they count how many are hashed at a time

    @answers(Register, before=_hash_password)
    def register(self, work: Work, _caller: Caller, request: Register, password_hash: str) -> Account:
        return views.account(use_cases.register(work, request, password_hash))

    @answers(GetMe)
    def get_me(self, work: Work, caller: Caller, _request: GetMe) -> Me:
        return queries.me(work, caller)
