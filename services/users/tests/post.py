"""A test driver of messages: delivers commands, sends due mail, and advances the time."""

from datetime import UTC, datetime, timedelta
from functools import cached_property

from sqlalchemy import text

from shared.contracts.users import Parameter, Purpose, SendMessage, Template
from shared.ids import new_id
from shared.provider_calls.worker import ProviderCallWorker
from shared.testing import deliver
from users.messages.use_cases import mailing
from users.service import UsersService
from users.work import Work


class Post:
    """Delivers SendMessage, and sends due mail through `mailer`. The time is `at` (or now) plus `ahead`."""

    def __init__(self, open_work, mailer):
        self.open_work, self.ahead, self.at = open_work, timedelta(), None
        self.worker = ProviderCallWorker("users", mailing.procedures(mailer))
        post = self

        class TimedWork(Work):
            @cached_property
            def now(self):
                return post.now

        open_work.work_class = TimedWork

    @property
    def now(self):
        return (self.at or datetime.now(UTC)) + self.ahead

    def send(self, user_id, **known):
        """Deliver a SendMessage command to this user, and return it."""
        command = send_message(user_id, **known)
        deliver(UsersService, self.open_work, command)
        return command

    def send_mail(self):
        """Send all mail that is due now."""
        while due := self.worker.claim(self.open_work, 10):
            for prepared in due:
                self.worker.carry_out(self.open_work, prepared)

    def later(self, **by):
        """Advance the time, and send all mail that is due then."""
        self.ahead += timedelta(**by)
        self.send_mail()

    def row(self, command):
        """The message as it is stored."""
        query = text("SELECT * FROM message WHERE message_id = :id")
        with self.open_work.engine.connect() as connection:
            return connection.execute(query, {"id": command.message_id}).mappings().one_or_none()

    def mail(self, command):
        """The state of the message's mail, and its reason."""
        row = self.row(command)
        return row["mail_state"], row["mail_reason"]


def send_message(user_id, **known):
    """A command to send a message, by default about an order."""
    order = {"order_id": str(new_id()), "order_number": "2607-4F7K-2Q9D", "total": "¥88.00"}
    usual = {"template": Template.ORDER_CONFIRMED, "purpose": Purpose.ORDER, "parameters": order}
    fields = {"message_id": new_id(), "user_id": user_id, **usual, **known}
    parameters = tuple(Parameter(name=name, value=value) for name, value in fields["parameters"].items())
    return SendMessage(**{**fields, "parameters": parameters})


def given(command):
    return {parameter.name: parameter.value for parameter in command.parameters}


def offer(**known):
    parameters = {"title": "夏季特惠", "body": "全场九折。"}
    return {"template": Template.OFFER, "purpose": Purpose.MARKETING, "parameters": parameters, **known}
