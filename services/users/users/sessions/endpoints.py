"""RPC methods of sessions."""

from eventlet import tpool

from shared.auth import Caller
from shared.contracts.pages import Page
from shared.contracts.users.requests import EndOtherSessions, EndSession, ListSessions, Refresh, SignIn, SignOut
from shared.contracts.users.views import Session, Tokens
from shared.db import OpenWork
from shared.entrypoints import answers
from users.sessions import queries, use_cases, views
from users.sessions.passwords import SLOTS, Passwords
from users.work import Work

# A thread that has hashed keeps its 19 MiB allocated: 268 MB resident with eventlet's default of twenty threads.
tpool.set_num_threads(SLOTS)


class Sessions:
    """Sign-in, refresh and sign-out, and the devices that are signed in."""

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

    @answers(ListSessions)
    def list_sessions(self, work: Work, caller: Caller, request: ListSessions) -> Page[Session]:
        return queries.list_sessions(work, caller, request)

    @answers(EndSession)
    def end_session(self, work: Work, caller: Caller, request: EndSession) -> None:
        use_cases.end_one(work, caller, request.session_id)

    @answers(EndOtherSessions)
    def end_other_sessions(self, work: Work, caller: Caller, _request: EndOtherSessions) -> None:
        use_cases.end_all(work, caller.account, "signed_out", but=caller.session_id)
