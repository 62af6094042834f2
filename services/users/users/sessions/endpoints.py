"""RPC methods of sessions."""

from eventlet import tpool

from shared.auth import Caller
from shared.contracts.users.requests import Refresh, SignIn, SignOut
from shared.contracts.users.views import Tokens
from shared.db import OpenWork
from shared.entrypoints import answers
from users.sessions import use_cases, views
from users.sessions.passwords import SLOTS, Passwords
from users.work import Work

# A thread that has hashed keeps its 19 MiB allocated: 268 MB resident with eventlet's default of twenty threads.
tpool.set_num_threads(SLOTS)


class Sessions:
    """Sign-in, refresh and sign-out."""

    work: OpenWork[Work]
    passwords = Passwords(run=tpool.execute)

    @answers(SignIn, in_work=False)
    def sign_in(self, _caller: Caller, request: SignIn) -> Tokens:
        return views.tokens(*use_cases.sign_in(self.work, self.passwords, request))

    @answers(Refresh, in_work=False)
    def refresh(self, _caller: Caller, request: Refresh) -> Tokens:
        return views.tokens(*use_cases.refresh(self.work, request.refresh_token))

    @answers(SignOut)
    def sign_out(self, work: Work, caller: Caller, _request: SignOut) -> None:
        use_cases.sign_out(work, caller)
