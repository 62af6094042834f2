"""Deadlines of open sagas in the audit query, and waking a saga whose timer was lost."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from shared.auth import Caller
from shared.contracts import catalog, payments
from shared.contracts.orders import WakeSaga
from shared.ids import new_id
from shared.migrations import sagas as saga_tables
from shared.money import Money
from shared.permissions import Role
from shared.sagas import Engine
from shared.sagas.audited import AuditedSagas
from shared.testing import envelope, logged, published
from shared.tests.saga_examples import a_supper, supper

AUDITOR = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.AUDITOR}))
SENT = text("UPDATE outbox SET sent_at = :at WHERE sent_at IS NULL AND not_before IS NULL")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def engine():
    return Engine(supper)


@pytest.fixture
def open_work(open_work):
    with open_work() as work:
        saga_tables.create(Operations(MigrationContext.configure(work.connection)))
    return open_work


@pytest.fixture
def call(open_work, engine):
    def call(method, **request):
        service = AuditedSagas()
        service.work, service.sagas = open_work, engine
        return json.loads(json.dumps(getattr(service, method)(AUDITOR, request)))

    return call


@pytest.fixture
def start(engine, open_work):
    """Start a saga, which sends its command to reserve stock."""

    def call(*guests):
        state = a_supper(*guests)
        with open_work() as work:
            return str(engine.start(work, supper, state.checkout_id, state))

    return call


@pytest.fixture
def sent(open_work):
    """Mark the waiting rows of the outbox as sent."""

    def call(at=LONG_AGO):
        with open_work() as work:
            work.connection.execute(SENT, {"at": at})

    return call


@pytest.fixture
def answer(engine, open_work):
    """Answer the last command that was published."""

    def call(make):
        with open_work() as work:
            row = work.connection.execute(
                text("SELECT message_id, body FROM outbox WHERE kind = 'command' ORDER BY position DESC LIMIT 1")
            ).one()
        sealed = envelope(make(json.loads(row.body)), in_reply_to=row.message_id)
        with open_work(causes=[sealed]) as work:
            engine.receive(work, [(sealed.body, sealed)])

    return call


def reserved(body):
    return catalog.StockReserved(checkout_id=UUID(body["checkout_id"]))


def opened(body):
    known = {name: UUID(body[name]) for name in ("payment_id", "checkout_id")}
    timestamp = datetime(2026, 1, 1, tzinfo=UTC)
    return payments.PaymentOpened(
        **known,
        method=payments.Method.WECHAT,
        amount=Money(100),
        expires_at=timestamp,
        pay_action=payments.NoAction(),
    )


def deadline(item):
    return item["deadline"] and datetime.fromisoformat(item["deadline"])


def test_the_deadline_of_a_command_is_counted_from_when_the_broker_has_it(call, start, sent):
    saga_id = start()
    (item,) = call("audit_sagas")["items"]
    assert (item["saga_id"], item["status"], item["step"], item["deadline"]) == (
        saga_id, "running", "reserve", None,
    )  # fmt: skip
    sent()
    (item,) = call("audit_sagas")["items"]
    assert deadline(item) == LONG_AGO + timedelta(seconds=30)


def test_a_saga_whose_command_was_purged_is_due_after_the_longest_wait(call, start, open_work):
    start()
    with open_work() as work:
        work.connection.execute(text("DELETE FROM outbox"))
    (item,) = call("audit_sagas")["items"]
    assert deadline(item) == datetime.fromisoformat(item["updated_at"]) + timedelta(minutes=15)


def test_the_deadline_of_a_wait_is_counted_from_its_entry(call, start, sent, answer):
    start()
    for make in (reserved, opened):
        sent()
        answer(make)
    (item,) = call("audit_sagas")["items"]
    assert item["step"] == "take_payment"
    assert deadline(item) == datetime.fromisoformat(item["updated_at"]) + timedelta(minutes=30)


def test_a_blocked_saga_has_no_deadline_and_one_that_was_not_woken_is_due(call, start, open_work):
    first, second = start("Li"), start("Li")
    items = {item["saga_id"]: item for item in call("audit_sagas")["items"]}
    assert (items[second]["status"], items[second]["blocked"], deadline(items[second])) == ("waiting", True, None)
    with open_work() as work:
        work.connection.execute(text("DELETE FROM saga_lock WHERE saga_id = :first"), {"first": first})
    (item,) = call("audit_sagas", ids=[second])["items"]
    assert item["deadline"] == item["updated_at"]


def test_a_stuck_saga_has_no_deadline_and_an_ended_one_is_not_listed(call, start, sent, open_work):
    stuck, ended = start(), start()
    sent()
    with open_work() as work:
        for saga_id, status in ((stuck, "stuck"), (ended, "done")):
            terms = {"id": saga_id, "status": status}
            work.connection.execute(text("UPDATE saga SET status = :status WHERE saga_id = :id"), terms)
    (item,) = call("audit_sagas")["items"]
    assert (item["saga_id"], deadline(item)) == (stuck, None)


def test_sagas_are_listed_in_pages(call, start):
    started = [start() for _ in range(5)]
    first = call("audit_sagas", limit=3)
    second = call("audit_sagas", limit=3, after=first["next"])
    assert [item["saga_id"] for page in (first, second) for item in page["items"]] == started
    assert second["next"] is None


def test_a_saga_whose_timer_was_lost_is_woken_once_and_it_is_logged(call, start, sent, open_work):
    saga_id = start()
    sent()  # without the relay, which would have set the timer
    assert call("wake_saga", saga_id=saga_id) == {"repaired": True}
    assert call("wake_saga", saga_id=saga_id) == {"repaired": False}
    assert published(open_work)[-1] == WakeSaga(saga_id=UUID(saga_id), attempt=1)
    with open_work() as work:
        (entry,) = logged(work)
    assert (entry["action"], entry["about"]) == ("saga.wake", f"saga {saga_id}")


def test_a_saga_before_its_deadline_is_not_woken(call, start, sent):
    saga_id = start()
    sent(at=datetime.now(UTC))
    assert call("wake_saga", saga_id=saga_id) == {"repaired": False}
    assert call("wake_saga", saga_id=str(new_id())) == {"repaired": False}
