"""What people do with their messages, and how they want to be written to."""

from uuid import UUID

from shared.contracts.users.requests import ChangeMessagePreferences
from users.accounts.front import Language
from users.messages.model import Message, MessageNotFound, Preference
from users.work import Work


def read(work: Work, user_id: UUID, message_id: UUID) -> Message:
    """Mark a message as read. Raises MessageNotFound, also for somebody else's."""
    message = work.messages.read(user_id, message_id, work.now)
    if message is None:
        raise MessageNotFound
    return message


def change_preferences(work: Work, user_id: UUID, wanted: ChangeMessagePreferences) -> None:
    """Store what a person has consented to, and their language."""
    work.preferences.save(user_id, Preference(marketing_mail=wanted.marketing_mail), work.now)
    work.accounts.speak(user_id, Language(wanted.language))
