"""Reads messages and preferences."""

from uuid import UUID

from shared.contracts.users import views as v
from shared.contracts.users.requests import ListMessages
from users.accounts.front import AccountNotFound
from users.messages import views
from users.work import Work


def inbox(work: Work, user_id: UUID, request: ListMessages) -> v.Inbox:
    """A page of a user's messages, newest first."""
    found = work.messages.page(user_id, after=request.cursor, limit=request.limit + 1)
    return views.inbox(found, request.limit, work.messages.unread(user_id))


def preferences(work: Work, user_id: UUID) -> v.MessagePreferences:
    """The message preferences of a user. Raises AccountNotFound."""
    account = work.accounts.get(user_id)
    if account is None:
        raise AccountNotFound
    return views.preferences(work.preferences.of(user_id), account.language)
