"""Views of messages and preferences."""

from collections.abc import Sequence

from shared.contracts.pages import page
from shared.contracts.users import Purpose, Template, views
from users.accounts.front import Language
from users.messages.model import Message, Preference


def message(shown: Message) -> views.Message:
    """A message as its recipient sees it."""
    return views.Message(
        message_id=shown.message_id,
        purpose=Purpose(shown.purpose),
        template=Template(shown.template),
        parameters=shown.parameters,
        subject=shown.subject,
        text=shown.text,
        mail=views.MailState(shown.mail_state),
        created_at=shown.created_at,
        read_at=shown.read_at,
    )


def inbox(found: Sequence[Message], limit: int, unread: int) -> views.Inbox:
    """A page of messages (`found` has one more than `limit` if there is a next page), and the unread count."""
    shown = page(found, message, lambda each: each.message_id, limit)
    return views.Inbox(items=shown.items, next=shown.next, unread=unread)


def preferences(preference: Preference, language: Language) -> views.MessagePreferences:
    """Message preferences."""
    return views.MessagePreferences(marketing_mail=preference.marketing_mail, language=views.Language(language))
