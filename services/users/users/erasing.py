"""Erasure of a user in users: the account is closed, its saved addresses and its messages are removed.

It spans several modules of users.
"""

from uuid import UUID

import sqlalchemy as sa

from shared.personal.audited import ErasesPersons
from shared.personal.erasing import Eraser, Holding
from users.accounts.tables import account
from users.addresses.tables import address
from users.messages.tables import message
from users.sessions.tables import session
from users.sessions.use_cases import end_all
from users.shops.tables import shop_invitation
from users.work import Work


def _invitations_of(user_id: UUID) -> sa.ColumnElement[bool]:
    """Invitations to the account's address, as long as it has one, and those that it accepted."""
    its_email = sa.select(account.c.email_index).where(account.c.user_id == user_id).scalar_subquery()
    return sa.or_(shop_invitation.c.accepted_by == user_id, shop_invitation.c.email_index == its_email)


def close(work: Work, user_id: UUID) -> None:
    """End the sessions of a user, and delete the password hash and links to set another one."""
    end_all(work, user_id, "account_erased")
    work.recoveries.remove_all_of(user_id)
    work.accounts.rehash(user_id, "")


ERASER = Eraser(
    Holding(table=shop_invitation, of=_invitations_of),
    # before the removals: afterwards nothing is written for the user (accounts.share)
    Holding(table=account, of=lambda user_id: account.c.user_id == user_id),
    Holding(table=session, of=lambda user_id: session.c.user_id == user_id),
    Holding(table=address, of=lambda user_id: address.c.user_id == user_id, removed=True),
    Holding(table=message, of=lambda user_id: message.c.user_id == user_id, removed=True),
    also=close,
)


class Erasing(ErasesPersons):
    """Audit queries: whether personal data of erased users is left."""

    eraser = ERASER
