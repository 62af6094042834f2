"""Driving payments in a test: deliver messages, make provider calls, read what was published."""

from datetime import UTC, datetime, timedelta
from functools import cached_property

from sqlalchemy import text

from payments.service import PaymentsService
from payments.taking.use_cases import cancelling, notifications
from payments.work import Work
from services.payments.tests.builders import open_payment
from shared import message_encoding
from shared.auth import Caller
from shared.permissions import Role
from shared.testing import deliver, envelope, eventually, published, replied, service

ACKNOWLEDGED = {"media_type": "application/json", "body": '{"code": "SUCCESS"}'}  # expected by WeChat Pay
OPERATOR = Caller(roles=frozenset({Role.OPERATOR}))

# The triggers of the append-only tables refuse deletions; the replica role, for superusers, disables triggers.
EMPTY = """
    DO $$ DECLARE name text; BEGIN
        SET LOCAL session_replication_role = replica;
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename
            NOT IN ('alembic_version', 'relay_lease')
        LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
    END $$
"""


# A process that was killed may have sent its last statements, which PostgreSQL still executes.
OTHERS_WORK = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type = 'client backend' AND state <> 'idle'
"""


def empty(open_work):
    """Delete all rows of the database, once nobody else works in it."""
    with open_work.engine.connect() as connection:
        eventually(lambda: not connection.execute(text(OTHERS_WORK)).scalar())
    with open_work.engine.begin() as connection:
        connection.execute(text(EMPTY))


class Till:
    """Payments on a real database, with a clock that can be advanced."""

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

    def reset(self):
        """Delete everything, before the next example of a property test."""
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
        """Send the same command in a new message, as a saga does without a reply."""
        return self.send(sealed.body)

    def later(self, **by):
        """Advance the clock and do what has become due."""
        self.ahead += timedelta(**by)
        self.call_provider()
        cancelling.decide_overdue(self.open_work)

    def call_provider(self):
        """Make every provider call that is due."""
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
        """Open a payment, pay it and deliver the notification; returns its command."""
        command = self.opened(*parts, **known)
        self.report(self.pay(command))
        return command

    def arrive_all(self):
        """Let the provider complete every requested refund and notify."""
        self.call_provider()
        for number in list(self.wechat.refunds):
            self.report(self.wechat.let_arrive(number))

    def number(self, command):
        """The payment's number at the provider."""
        return self.row(command)["attempt_id"].hex

    def pay(self, command):
        """The buyer pays; returns the notification, which is not delivered yet."""
        return self.wechat.pay(self.number(command))

    def report(self, notification):
        """Deliver a notification of the provider, and process it; returns the answer to the provider."""
        answer = self._receive(notification)
        notifications.process_waiting(self.open_work)
        return answer

    def store(self, notification):
        """Deliver a notification of the provider without processing it; returns its key."""
        self._receive(notification)
        return "wechat", self.wechat.notifications[notification[1]].id

    def _receive(self, notification):
        headers, body = notification
        request = {"provider": "wechat", "headers": headers, "body": body}
        return self.service.receive_provider_notification(None, request)

    def published(self, kind):
        """The published events of one type, oldest first."""
        return [message for message in published(self.open_work) if isinstance(message, kind)]

    def answers(self, sealed):
        """The replies to a command."""
        return replied(self.open_work, sealed.message_id)

    def follows(self, sealed):
        """The replies and events that a command caused directly."""
        query = "SELECT topic, body FROM outbox WHERE headers->>'causation_id' = :id ORDER BY position"
        return [
            message_encoding.message(row["topic"], row["body"])
            for row in self.rows(query, id=str(sealed.message_id))
        ]

    def answer(self, sealed):
        """The only reply to a command."""
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
        """The non-zero balances by account, in minor units; asserts that the ledger balances."""
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
