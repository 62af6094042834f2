"""Reads sessions."""

from shared.auth import Caller
from shared.contracts.pages import Page, page
from shared.contracts.users import views as answers
from shared.contracts.users.requests import ListSessions
from users.sessions import views
from users.sessions.model import Session
from users.work import Work


def list_sessions(work: Work, caller: Caller, requested: ListSessions) -> Page[answers.Session]:
    """A page of the caller's sessions that have not ended, the latest sign-in first."""
    found = work.sessions.alive_of(caller.account, work.now, after=requested.cursor, limit=requested.limit + 1)

    def show(session: Session) -> answers.Session:
        return views.session(session, current=session.session_id == caller.session_id)

    return page(found, show, lambda each: each.session_id, requested.limit)
