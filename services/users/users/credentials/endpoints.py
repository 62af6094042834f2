"""RPC methods of passwords."""

from shared.auth import Caller
from shared.contracts.users.requests import ChangePassword
from shared.db import OpenWork
from shared.entrypoints import answers
from users.credentials import use_cases
from users.sessions.front import Passwords
from users.work import Work


class Credentials:
    """Change a password."""

    work: OpenWork[Work]
    passwords: Passwords  # shared with sessions: it limits how many hashes run at a time

    @answers(ChangePassword, in_work=False)
    def change_password(self, caller: Caller, request: ChangePassword) -> None:
        use_cases.change(self.work, self.passwords, caller, request)
