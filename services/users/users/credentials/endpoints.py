"""RPC methods of passwords."""

from shared.auth import Caller
from shared.contracts.users.requests import ChangePassword, RecoverPassword, RequestRecovery
from shared.db import OpenWork
from shared.entrypoints import answers
from users.credentials import use_cases
from users.sessions.front import Passwords
from users.work import Work


class Credentials:
    """Change a password, and recover a forgotten one."""

    work: OpenWork[Work]
    passwords: Passwords  # shared with sessions: it limits how many hashes run at a time

    @answers(ChangePassword, in_work=False)
    def change_password(self, caller: Caller, request: ChangePassword) -> None:
        use_cases.change(self.work, self.passwords, caller, request)

    @answers(RequestRecovery)
    def request_recovery(self, work: Work, _caller: Caller, request: RequestRecovery) -> None:
        use_cases.request_recovery(work, request.email)

    @answers(RecoverPassword, in_work=False)
    def recover_password(self, _caller: Caller, request: RecoverPassword) -> None:
        use_cases.recover(self.work, self.passwords, request)
