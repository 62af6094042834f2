"""RPC methods of accounts."""

from shared.auth import Caller
from shared.contracts.pages import Page
from shared.contracts.users import people
from shared.contracts.users.requests import ChangeMe, GetMe, Register
from shared.contracts.users.views import Account, Me
from shared.entrypoints import answers
from users.accounts import queries, use_cases, views
from users.sessions.front import Passwords
from users.work import Work


def _hash_password(accounts: "Accounts", request: Register) -> str:
    return use_cases.hash_new(accounts.passwords, request)


class Accounts:
    """Registration, the caller's own account, and people for operators."""

    passwords: Passwords  # shared with sessions: it limits how many hashes run at a time

    @answers(Register, before=_hash_password)
    def register(self, work: Work, _caller: Caller, request: Register, password_hash: str) -> Account:
        return views.account(use_cases.register(work, request, password_hash))

    @answers(GetMe)
    def get_me(self, work: Work, caller: Caller, _request: GetMe) -> Me:
        return queries.me(work, caller)

    @answers(ChangeMe)
    def change_me(self, work: Work, caller: Caller, request: ChangeMe) -> Me:
        use_cases.change_name(work, caller.account, request.name)
        return queries.me(work, caller)

    @answers(people.FindPeople)
    def find_people(self, work: Work, _caller: Caller, request: people.FindPeople) -> Page[people.Person]:
        return queries.find_people(work, request.q)

    @answers(people.GetPerson)
    def get_person(self, work: Work, _caller: Caller, request: people.GetPerson) -> people.Person:
        return queries.get_person(work, request.user_id)

    @answers(people.RevealPerson)
    def reveal_person(self, work: Work, _caller: Caller, request: people.RevealPerson) -> people.RevealedPerson:
        return queries.reveal_person(work, request.user_id)
