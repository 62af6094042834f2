"""What a test does at the till: tell payments something, let the provider be asked, look at what was said."""

from datetime import UTC, datetime, timedelta
from functools import cached_property

from sqlalchemy import text

from payments.service import PaymentsService
from payments.taking.use_cases import cancelling
from payments.work import Work
from services.payments.tests.builders import open_payment
from shared import message_encoding
from shared.auth import Caller
from shared.permissions import Role
from shared.testing import deliver, envelope, published, replied, service

TAKEN = {"media_type": "application/json", "body": '{"code": "SUCCESS"}'}  # what WeChat Pay wants to read
OPERATOR = Caller(roles=frozenset({Role.OPERATOR}))

# The append-only tables let nobody delete; a replica's session, a superuser's right, fires no triggers.
EMPTY = """
    DO $$ DECLARE name text; BEGIN
        SET LOCAL session_replication_role = replica;
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename
            NOT IN ('alembic_version', 'relay_lease')
        LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
    END $$
"""


def empty(open_work):
    """Forget everything that is in the database."""
    with open_work.engine.begin() as connection:
        connection.execute(text(EMPTY))


class Till:
    """Payments on a real database, with a clock that can be put forward."""

    def __init__(self, open_work, wechat):
        self.open_work, self.wechat = open_work, wechat
        self.worker = PaymentsService.worker
        self.ahead = timedelta()
        till = self

        class TimedWork(Work):
            @cached_property
            def now(self):
                return datetime.now(UTC) + till.ahead

        open_work.work_class = TimedWork

    def begin_anew(self):
        """Nothing has happened yet: an example of many in one test."""
        empty(self.open_work)
        self.wechat.__init__()
        self.ahead = timedelta()

    @property
    def service(self):
        return service(PaymentsService, self.open_work)

    def send(self, message, **known):
        """Deliver a command or an event; returns its envelope."""
        (sealed,) = deliver(PaymentsService, self.open_work, envelope(message, **known))
        return sealed

    def again(self, sealed):
        """The same command once more, in a new message, as a saga asks when it heard nothing."""
        return self.send(sealed.body)

    def later(self, **by):
        """Put the clock forward and do what has become due."""
        self.ahead += timedelta(**by)
        self.call_provider()
        cancelling.decide_overdue(self.open_work)

    def call_provider(self):
        """Carry out every call that is due now."""
        while due := self.worker.claim(self.open_work, 10):
            for provider_call in due:
                self.worker.carry_out(self.open_work, provider_call)

    def opened(self, *parts, **known):
        """Open a payment that can be paid; returns its command."""
        command = open_payment(*parts, **known)
        self.send(command)
        self.call_provider()
        return command

    def paid(self, *parts, **known):
        """Open a payment, and have it paid and reported; returns its command."""
        command = self.opened(*parts, **known)
        self.report(self.pay(command))
        return command

    def number(self, command):
        """The number under which the provider knows this payment."""
        return self.row(command)["attempt_id"].hex

    def pay(self, command):
        """The buyer scans and pays; returns the notification, which nobody has delivered yet."""
        return self.wechat.pay(self.number(command))

    def report(self, notification):
        """The provider's notification arrives."""
        headers, body = notification
        return self.service.receive_provider_notification(
            None, {"provider": "wechat", "headers": headers, "body": body}
        )

    def published(self, kind):
        """What was said of one kind, oldest first."""
        return [message for message in published(self.open_work) if isinstance(message, kind)]

    def answers(self, sealed):
        """What was said in answer to a command."""
        return replied(self.open_work, sealed.message_id)

    def follows(self, sealed):
        """The replies and facts that followed from a command at once."""
        query = "SELECT topic, body FROM outbox WHERE headers->>'causation_id' = :id ORDER BY position"
        return [
            message_encoding.message(row["topic"], row["body"])
            for row in self.rows(query, id=str(sealed.message_id))
        ]

    def answer(self, sealed):
        """The one answer to a command."""
        (only,) = self.answers(sealed)
        return only

    def row(self, command):
        return self.rows("SELECT * FROM payments WHERE payment_id = :id", id=command.payment_id)[0]

    def rows(self, query, **terms):
        with self.open_work.engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query), terms).mappings()]

    def state(self, command):
        return self.row(command)["state"]

    @property
    def balances(self):
        """The balance of each account that is not zero, in minor units; the books must balance first."""
        trial = self.service.get_trial_balance(OPERATOR, {})
        assert trial["balanced"]
        self._check_stored_balances()
        return {
            ":".join(filter(None, (a["account"], a["provider"]))): a["balance"]["amount"]
            for a in trial["accounts"]
            if a["balance"]["amount"]
        }

    def _check_stored_balances(self):
        wrong = """
            SELECT name FROM ledger_accounts AS a
            LEFT JOIN ledger_entries AS e ON e.account = a.name AND e.currency = a.currency
            GROUP BY a.name, a.currency, a.balance HAVING a.balance <> coalesce(sum(e.amount), 0)
        """
        assert self.rows(wrong) == []
