"""Reading messages, and message preferences."""

from uuid import UUID

from shared.contracts.users.requests import ChangeMessagePreferences
from users.accounts.front import Language
from users.messages.model import Message, MessageNotFound, Preference
from users.work import Work


def read(work: Work, user_id: UUID, message_id: UUID) -> Message:
    """Mark a message as read. Raises MessageNotFound, also for another account's message."""
    message = work.messages.read(user_id, message_id, work.now)
    if message is None:
        raise MessageNotFound
    return message


def change_preferences(work: Work, user_id: UUID, wanted: ChangeMessagePreferences) -> None:
    """Store the consents and the language of a user."""
    work.preferences.save(user_id, Preference(marketing_mail=wanted.marketing_mail), work.now)
    work.accounts.set_language(user_id, Language(wanted.language))
