"""The SendMessage handler, RPC methods of messages, and the loop that sends mail."""

from collections.abc import Sequence

from shared.auth import Caller
from shared.contracts.users import SendMessage
from shared.contracts.users import requests as r
from shared.contracts.users import views as v
from shared.db import OpenWork
from shared.entrypoints import answers, every, handles
from shared.messages import Envelope
from shared.provider_calls.work import calls_requested
from users.messages import queries, views
from users.messages.dependency import MailWorker
from users.messages.use_cases import reading, sending
from users.work import Work


class Messages:
    """Messages to users: inbox, mail and preferences."""

    work: OpenWork[Work]
    mail_worker = MailWorker()

    @handles(SendMessage, together=True, linger=0.25)
    def send_message(self, work: Work, commands: Sequence[tuple[SendMessage, Envelope]]) -> None:
        sending.handle(work, commands)

    @every(seconds=0)
    def send_mail(self) -> None:
        self.mail_worker.run(self.work, calls_requested)

    @answers(r.ListMessages)
    def list_messages(self, work: Work, caller: Caller, request: r.ListMessages) -> v.Inbox:
        return queries.inbox(work, caller.account, request)

    @answers(r.ReadMessage)
    def read_message(self, work: Work, caller: Caller, request: r.ReadMessage) -> v.Message:
        return views.message(reading.read(work, caller.account, request.message_id))

    @answers(r.ReadAllMessages)
    def read_all_messages(self, work: Work, caller: Caller, _request: r.ReadAllMessages) -> None:
        work.messages.read_all(caller.account, work.now)

    @answers(r.GetMessagePreferences)
    def get_message_preferences(
        self, work: Work, caller: Caller, _request: r.GetMessagePreferences
    ) -> v.MessagePreferences:
        return queries.preferences(work, caller.account)

    @answers(r.ChangeMessagePreferences)
    def change_message_preferences(
        self, work: Work, caller: Caller, request: r.ChangeMessagePreferences
    ) -> v.MessagePreferences:
        reading.change_preferences(work, caller.account, request)
        return queries.preferences(work, caller.account)
