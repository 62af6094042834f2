"""Operator requests and actions on sagas, on a real PostgreSQL."""

import threading
from datetime import timedelta

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from shared import shapes
from shared.contracts import catalog, payments
from shared.contracts.pages import Page
from shared.contracts.payments import Standing
from shared.contracts.sagas.requests import CancelSaga, ListSagas, ResumeSaga, SkipSaga
from shared.contracts.sagas.views import SagaView
from shared.ids import new_id
from shared.masking import MASK
from shared.migrations import sagas as saga_tables
from shared.operating import status
from shared.relay.rows import Lease, Rows
from shared.sagas import Engine, store
from shared.sagas.core import SagaActionNotAllowed
from shared.sagas.operator_actions import perform
from shared.sagas.overview import SagaNotFound
from shared.testing import envelope, logged, published
from shared.tests.saga_examples import a_supper, paid, supper
from shared.trace import Trace, following

ANN, BOB = "ann", "bob"
ACTIONS = (ResumeSaga, SkipSaga, CancelSaga)


class Driver:
    """An engine on a database, and inputs and actions for its sagas."""

    def __init__(self, open_work):
        self.open_work, self.engine = open_work, Engine(supper)

    def start(self, *guests):
        state = a_supper(*guests)
        with self.open_work() as work:
            return self.engine.start(work, supper, state.checkout_id, state), state

    def answer(self, saga_id, message):
        with self.open_work() as work:
            (found,) = store.lock(work.connection, [saga_id])
            self.engine.receive(work, [(message, envelope(message, in_reply_to=found.row["awaiting"]))])

    def action(self, action, saga_id, actor=ANN, note="confirmed by the bank", attempt=None):
        with self.open_work() as work:
            current = self.engine.short(work, saga_id).attempt if attempt is None else attempt
            request = action(saga_id=saga_id, note=note, attempt=current)
            return shapes.dump(perform(self.engine, work, actor, request))

    def line(self, saga_id):
        with self.open_work() as work:
            return shapes.dump(self.engine.timeline(work, saga_id))

    def listed(self, **which):
        with self.open_work() as work:
            return shapes.dump(self.engine.list(work, shapes.load(ListSagas, which)), Page[SagaView])

    def log(self):
        with self.open_work() as work:
            return logged(work, limit=100)[::-1]

    def stuck(self):
        """A saga whose undo of the payment was refused."""
        saga_id, state = self.start()
        self.answer(saga_id, catalog.StockReserved(checkout_id=state.checkout_id))
        self.action(CancelSaga, saga_id)
        self.answer(saga_id, paid(state, standing=Standing.RETURNED))
        assert self.line(saga_id)["status"] == "stuck"
        return saga_id, state

    def waiting(self):
        """A saga that waits for its payment."""
        saga_id, state = self.start()
        self.answer(saga_id, catalog.StockReserved(checkout_id=state.checkout_id))
        self.answer(saga_id, opened(state))
        assert self.line(saga_id)["step"] == "take_payment"
        return saga_id, state

    def timers(self, saga_id):
        with self.open_work() as work:
            rows = text("SELECT not_before FROM outbox WHERE subject = :saga AND not_before IS NOT NULL")
            return list(work.connection.execute(rows, {"saga": str(saga_id)}).scalars())

    def age(self, saga_id, seconds):
        with self.open_work() as work:
            moved = {"at": work.now - timedelta(seconds=seconds), "saga": saga_id}
            work.connection.execute(text("UPDATE saga SET updated_at = :at WHERE saga_id = :saga"), moved)


@pytest.fixture
def driver(open_work):
    with open_work() as work:
        saga_tables.create(Operations(MigrationContext.configure(work.connection)))
    return Driver(open_work)


def logged_as(action):
    return action.contract.action


def ids(page):
    return [one["saga_id"] for one in page["items"]]


def commands(driver):
    return [type(one) for one in published(driver.open_work) if one.topic != "orders.wake_saga.v1"]


def test_sg_17_a_stuck_saga_is_resumed_and_sends_its_command_again(driver):
    saga_id, _ = driver.stuck()
    before = len(commands(driver))
    answer = driver.action(ResumeSaga, saga_id)
    assert (answer["status"], answer["step"]) == ("undoing", "open_payment")
    assert commands(driver)[before:] == [payments.CancelPayment]


def test_sg_17_a_stuck_saga_whose_step_is_skipped_goes_on_with_the_rest(driver):
    saga_id, state = driver.stuck()
    assert driver.action(SkipSaga, saga_id)["step"] == "reserve"
    driver.answer(saga_id, catalog.StockReleased(checkout_id=state.checkout_id))
    assert driver.line(saga_id)["status"] == "undone"


def test_sg_17_a_saga_is_cancelled_before_its_pivot_and_not_after_it(driver):
    saga_id, state = driver.start()
    assert driver.action(CancelSaga, saga_id)["status"] == "undoing"
    other, state = driver.waiting()
    driver.answer(other, paid(state))
    assert driver.line(other)["step"] == "commit"
    with pytest.raises(SagaActionNotAllowed):
        driver.action(CancelSaga, other)


def test_sg_17_every_action_is_logged_with_actor_note_before_and_after(driver):
    saga_id, _ = driver.stuck()
    driver.action(ResumeSaga, saga_id, BOB, "payments is back")
    cancelled, resumed = driver.log()
    assert [cancelled[part] for part in ("actor", "action", "about")] == [ANN, "saga.cancel", f"saga {saga_id}"]
    assert [resumed[part] for part in ("actor", "action", "note")] == [BOB, "saga.resume", "payments is back"]
    assert (resumed["before"]["status"], resumed["after"]["status"]) == ("stuck", "undoing")
    assert resumed["before"]["attempt"] < resumed["after"]["attempt"]
    actors = [(one["actor"], one["note"]) for one in driver.line(saga_id)["transitions"]]
    assert (BOB, "payments is back") in actors


@pytest.mark.parametrize("action", ACTIONS, ids=logged_as)
def test_sg_17_a_second_action_on_the_same_attempt_is_refused_and_changes_nothing(driver, action):
    saga_id, _ = driver.stuck() if action is not CancelSaga else driver.start()
    seen = driver.line(saga_id)["attempt"]
    driver.action(action, saga_id, attempt=seen)
    after, entries, messages = driver.line(saga_id), driver.log(), published(driver.open_work)
    with pytest.raises(SagaActionNotAllowed) as refused:
        driver.action(action, saga_id, BOB, attempt=seen)
    assert refused.value.code == "saga_action_not_allowed"
    assert refused.value.facts["saga"]["attempt"] == after["attempt"] != seen
    assert (driver.line(saga_id), driver.log(), published(driver.open_work)) == (after, entries, messages)


@pytest.mark.parametrize("action", ACTIONS[:2], ids=logged_as)
def test_sg_17_two_operators_at_the_same_time_move_a_saga_once(driver, action):
    saga_id, _ = driver.stuck()
    seen, before, outcomes = driver.line(saga_id)["attempt"], len(commands(driver)), []

    def attempt(actor):
        try:
            driver.action(action, saga_id, actor, attempt=seen)
            outcomes.append("moved")
        except SagaActionNotAllowed:
            outcomes.append("refused")

    threads = [threading.Thread(target=attempt, args=(actor,)) for actor in (ANN, BOB)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["moved", "refused"]
    assert len(commands(driver)) == before + 1
    assert [one["action"] for one in driver.log()].count(logged_as(action)) == 1


def test_sg_17_an_action_that_is_not_allowed_is_not_offered_and_is_refused(driver):
    running, _ = driver.start()
    assert driver.line(running)["operator_actions"] == ["cancel"]
    for action in (ResumeSaga, SkipSaga):
        with pytest.raises(SagaActionNotAllowed):
            driver.action(action, running)
    stuck, state = driver.stuck()
    assert driver.line(stuck)["operator_actions"] == ["resume", "skip"]
    with pytest.raises(SagaActionNotAllowed):
        driver.action(CancelSaga, stuck)
    driver.action(SkipSaga, stuck)
    driver.answer(stuck, catalog.StockReleased(checkout_id=state.checkout_id))
    assert driver.line(stuck)["operator_actions"] == []
    for action in ACTIONS:
        with pytest.raises(SagaActionNotAllowed):
            driver.action(action, stuck)
    with pytest.raises(SagaNotFound):
        driver.action(ResumeSaga, new_id(), attempt=1)
    assert {one["about"] for one in driver.log()} == {f"saga {stuck}"}


def test_sg_17_sagas_are_listed_by_name_key_and_status_page_by_page_newest_or_oldest_first(driver):
    sagas = [driver.start() for _ in range(3)]
    newest = [str(saga_id) for saga_id, _ in sagas[::-1]]
    assert ids(driver.listed(name="test.supper")) == newest
    assert ids(driver.listed(order="oldest")) == newest[::-1]
    assert ids(driver.listed(key=str(sagas[1][1].checkout_id))) == [newest[1]]
    assert ids(driver.listed(name="test.other")) == ids(driver.listed(status="stuck")) == []
    for order in ("newest", "oldest"):
        first = driver.listed(status="running", order=order, limit=2)
        second = driver.listed(status="running", order=order, limit=2, cursor=first["next"])
        assert ids(first) + ids(second) == ids(driver.listed(order=order))
        assert second["next"] is None


def test_sg_17_resting_sagas_are_listed_except_those_that_await_an_event_or_have_ended(driver):
    unanswered, _ = driver.start()
    waiting, _ = driver.waiting()
    stuck, _ = driver.stuck()
    ended, state = driver.start()
    driver.action(CancelSaga, ended)
    driver.answer(ended, catalog.StockReleased(checkout_id=state.checkout_id))
    for saga_id in (unanswered, waiting, stuck, ended):
        driver.age(saga_id, 600)
    fresh, _ = driver.start()
    assert ids(driver.listed(idle_for=300, order="oldest")) == [str(unanswered), str(stuck)]
    assert ids(driver.listed(idle_for=900)) == []
    assert str(fresh) in ids(driver.listed(status="running"))


def opened(state):
    return payments.PaymentOpened(
        payment_id=state.payment_id,
        checkout_id=state.checkout_id,
        method=payments.Method.WECHAT,
        amount=paid(state).amount,
        pay_action=payments.QrCode(content="weixin://secret"),
        expires_at=paid(state).captured_at,
    )


def test_vs_03_the_time_line_shows_sent_and_received_messages_without_personal_data(driver):
    saga_id, state = driver.waiting()
    line = driver.line(saga_id)
    received = ["catalog.stock_reserved.v1", "payments.payment_opened.v1"]
    assert [one["topic"] for one in line["sent"]] == ["catalog.reserve_stock.v1", "payments.open_payment.v1"]
    assert [one["topic"] for one in line["received"]] == received
    assert line["sent"][1]["body"]["payment_id"] == str(state.payment_id)
    assert line["sent"][1]["body"]["buyer_id"] == line["received"][1]["body"]["pay_action"] == MASK
    assert line["state"]["phone"] == MASK
    assert "13800000000" not in str(line)
    assert "weixin://secret" not in str(line)
    sent = [one["sent"] for one in line["transitions"] if one["sent"]]
    assert sent == [one["message_id"] for one in line["sent"]]
    causes = {one["cause"] for one in line["transitions"]}
    assert {one["message_id"] for one in line["received"]} <= causes
    assert [(step["name"], step["kind"]) for step in line["steps"]][:2] == [("open", "local"), ("reserve", "call")]


def test_vs_03_the_time_line_shows_the_trace_and_the_request_of_the_saga(driver):
    request = Trace(new_id(), f"00-{new_id().hex}-00f067aa0ba902b7-01")
    with following(request):
        saga_id, _ = driver.start()
    line = driver.line(saga_id)
    assert (line["correlation_id"], line["trace_id"]) == (str(request.correlation_id), request.trace_id)


def test_vs_03_the_deadline_is_shown_before_and_after_the_broker_has_the_command(driver):
    saga_id, _ = driver.start()
    assert driver.line(saga_id)["timer"] == {"at": None, "within": 30.0}
    rows = Rows(driver.open_work.engine)
    assert rows.take_lease() is Lease.TAKEN
    rows.sent(rows.claim(10))
    with driver.open_work() as work:
        sent_at = work.connection.execute(text("SELECT sent_at FROM outbox")).scalar_one()
    at = sent_at + timedelta(seconds=30)
    assert driver.line(saga_id)["timer"] == {"at": at.isoformat(), "within": None}


def test_vs_03_a_stuck_saga_has_no_deadline(driver):
    saga_id, _ = driver.stuck()
    assert driver.line(saga_id)["timer"] is None


def test_vs_03_the_timer_of_a_wait_is_shown_and_that_of_an_earlier_attempt_is_not(driver):
    saga_id, state = driver.waiting()
    (at,) = driver.timers(saga_id)
    assert driver.line(saga_id)["timer"] == {"at": at.isoformat(), "within": None}
    driver.answer(saga_id, paid(state))
    assert driver.timers(saga_id) == [at]
    assert driver.line(saga_id)["timer"] == {"at": None, "within": 30.0}


def test_vs_03_a_purged_command_is_shown_by_its_id(driver):
    saga_id, _ = driver.start()
    with driver.open_work() as work:
        work.connection.execute(text("DELETE FROM outbox"))
    line = driver.line(saga_id)
    (sent,) = line["sent"]
    assert sent["message_id"] == line["transitions"][-1]["sent"]
    assert sent["topic"] is sent["body"] is line["timer"] is line["trace_id"] is None


def test_the_time_line_of_an_unknown_saga_is_not_found(driver):
    with pytest.raises(SagaNotFound):
        driver.line(new_id())


def test_sagas_are_counted_by_name_and_status_with_the_oldest(driver):
    (first, _), _ = driver.start(), driver.start()
    driver.action(CancelSaga, first)
    with driver.open_work() as work:
        moved = text(
            "UPDATE saga SET started_at = started_at - interval '1 day' WHERE saga_id = :id RETURNING started_at"
        )
        began = work.connection.execute(moved, {"id": first}).scalar_one()
    with driver.open_work() as work:
        counted = status.of_service(work, "tally", has_sagas=True).sagas
    assert [(one.name, one.status, one.number) for one in counted] == [
        (supper.name, "running", 1),
        (supper.name, "undoing", 1),
    ]
    assert counted[1].oldest_started_at == began < counted[1].unmoved_since


def test_the_time_line_shows_the_commands_undos_and_limits_of_each_step(driver):
    saga_id, _ = driver.start()
    steps = {step["name"]: step for step in driver.line(saga_id)["steps"]}
    assert steps["reserve"] == {
        "name": "reserve",
        "kind": "call",
        "pivot": False,
        "sends": ["catalog.reserve_stock.v1"],
        "undo_sends": ["catalog.release_stock.v1"],
        "awaits": [],
        "within": 30,
        "has_undo": True,
    }
    (awaited,) = [step for step in steps.values() if step["kind"] == "await"]
    assert (awaited["sends"], awaited["has_undo"]) == ([], False)
    assert "payments.payment_captured.v1" in awaited["awaits"]
    assert awaited["within"] > 0
    assert (steps["open"]["kind"], steps["open"]["within"], steps["open"]["has_undo"]) == ("local", None, True)


def test_a_waiting_saga_names_what_it_waits_for_and_who_holds_it(driver):
    first, _ = driver.start("ann", "bob")
    second, _ = driver.start("bob", "cem")
    line = driver.line(second)
    assert (line["status"], line["operator_actions"]) == ("waiting", [])
    assert line["waits_for"] == [{"resource": "bob", "saga_id": str(first)}]
    assert {each["because"] for each in line["refused_actions"]} == {"waits_for_saga"}
    assert driver.line(first)["waits_for"] == []
