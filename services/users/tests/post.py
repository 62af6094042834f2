"""Users that write to people: commands are delivered, mail is sent, and time can be put forward."""

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
    """Delivers SendMessage, and sends the mail that is due through `mailer`."""

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
        """Have somebody written to; returns the command."""
        command = send_message(user_id, **known)
        deliver(UsersService, self.open_work, command)
        return command

    def send_mail(self):
        """Send all that is due now."""
        while due := self.worker.claim(self.open_work, 10):
            for prepared in due:
                self.worker.carry_out(self.open_work, prepared)

    def later(self, **by):
        self.ahead += timedelta(**by)
        self.send_mail()

    def row(self, command):
        """The message as it is stored."""
        query = text("SELECT * FROM message WHERE message_id = :id")
        with self.open_work.engine.connect() as connection:
            return connection.execute(query, {"id": command.message_id}).mappings().one_or_none()

    def mail(self, command):
        """What became of its mail, and why."""
        row = self.row(command)
        return row["mail_state"], row["mail_reason"]


def send_message(user_id, **known):
    """A message about an order, unless it is said otherwise."""
    order = {"order_id": str(new_id()), "order_number": "2607-4F7K-2Q9D", "total": "¥88.00"}
    usual = {"template": Template.ORDER_CONFIRMED, "purpose": Purpose.ORDER, "parameters": order}
    told = {"message_id": new_id(), "user_id": user_id, **usual, **known}
    parameters = tuple(Parameter(name=name, value=value) for name, value in told["parameters"].items())
    return SendMessage(**{**told, "parameters": parameters})


def given(command):
    return {parameter.name: parameter.value for parameter in command.parameters}


def offer(**known):
    told = {"title": "夏季特惠", "body": "全场九折。"}
    return {"template": Template.OFFER, "purpose": Purpose.MARKETING, "parameters": told, **known}
