"""RPC methods of erasure, for the user and for operators."""

from uuid import UUID

from shared.auth import Caller
from shared.contracts.users import views as v
from shared.contracts.users.requests import (
    EraseAccount,
    GetAccountErasure,
    GetErasure,
    RequestErasure,
    WithdrawErasure,
)
from shared.db import OpenWork
from shared.entrypoints import answers, every
from users.erasure import use_cases, views
from users.erasure.model import ErasureNotFound
from users.sessions.front import Passwords, confirm
from users.work import Work


class Erasures:
    """Requests for erasure, their state, and the matters that are still open."""

    work: OpenWork[Work]
    passwords: Passwords

    @answers(RequestErasure, in_work=False)
    def request_erasure(self, caller: Caller, request: RequestErasure) -> v.Erasure:
        confirm(self.work, self.passwords, caller.account, request.password)
        with self.work() as work:
            return views.erasure(use_cases.request(work, caller.account, caller.account))

    @answers(GetErasure)
    def get_erasure(self, work: Work, caller: Caller, _request: GetErasure) -> v.Erasure:
        return _shown(work, caller.account)

    @answers(WithdrawErasure)
    def withdraw_erasure(self, work: Work, caller: Caller, _request: WithdrawErasure) -> v.Erasure:
        return views.erasure(use_cases.withdraw(work, caller.account))

    @answers(EraseAccount)
    def erase_account(self, work: Work, caller: Caller, request: EraseAccount) -> v.Erasure:
        return views.erasure(use_cases.request(work, request.user_id, caller.account, request.note))

    @answers(GetAccountErasure)
    def get_account_erasure(self, work: Work, _caller: Caller, request: GetAccountErasure) -> v.Erasure:
        return _shown(work, request.user_id)

    @every(seconds=30)
    def retry_erasures(self) -> None:
        with self.work() as work:
            use_cases.retry_due(work)


def _shown(work: Work, user_id: UUID) -> v.Erasure:
    found = work.erasures.get(user_id)
    if found is None:
        raise ErasureNotFound
    return views.erasure(found)
