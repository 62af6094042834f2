"""The provider call worker: a slow call does not delay others, and a dead worker's call is not lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cached_property

import pytest
from sqlalchemy import text
from tally.work import Work

from shared import spans
from shared.ids import new_id
from shared.provider_calls.model import Call
from shared.provider_calls.outcomes import ProviderRefused, ProviderSilent
from shared.provider_calls.procedures import PreparedCall, Procedure
from shared.provider_calls.store import Calls
from shared.provider_calls.work import calls_requested
from shared.provider_calls.worker import LEASE, Places, ProviderCallWorker
from shared.testing import eventually
from shared.testing.collector import recorded
from shared.trace import Trace, following

PRINT, BELL = "print", "bell"
THING = new_id()


class Printer:
    """A provider that a test can slow down or make fail; `outcomes` are the outcomes that were settled."""

    def __init__(self, open_work):
        self.open_work, self.ahead = open_work, timedelta()
        self.failures, self.outcomes = {}, []
        self.printed, self.slow, self.reached, self.hold = [], set(), threading.Event(), threading.Event()
        printing = Procedure(prepare=self.prepare, settle=self.settle, longest_pause=timedelta(seconds=4))
        self.procedures = {PRINT: printing, BELL: printing}
        self.worker = ProviderCallWorker("tally", self.procedures, Places(2))
        clock = self

        class TimedWork(Work):
            @cached_property
            def now(self):
                return datetime.now(UTC) + clock.ahead

        open_work.work_class = TimedWork

    def prepare(self, _work, call):
        def make():
            return self.make(call.key)

        return PreparedCall(
            call=call, provider="printer", make=make, attributes={"jishi.thing.id": str(call.about)}
        )

    def make(self, key):
        if key in self.slow:
            self.reached.set()
            self.hold.wait(10)
        self.printed.append(key)
        if self.failures.get(key):
            raise self.failures[key].pop(0)
        return "printed"

    def settle(self, work, call, answer):
        self.outcomes.append(answer if isinstance(answer, str) else type(answer))
        if isinstance(answer, ProviderSilent):
            work.calls.postpone(call, work.now + call.pause(), str(answer))
        else:
            work.calls.finish(call.key, PRINT, BELL)

    def request(self, *, after=timedelta(), **known):
        key = new_id()
        with self.open_work() as work:
            work.calls.request(PRINT, key, THING, at=work.now + after, **known)
        return key

    def carry_out(self):
        while due := self.worker.claim(self.open_work, 10):
            for prepared in due:
                self.worker.carry_out(self.open_work, prepared)

    def row(self, key):
        with self.open_work() as work:
            (row,) = [row for row in work.calls.about(THING) if row["key"] == key]
            return row


@pytest.fixture
def printer(open_work):
    with open_work() as work:
        work.connection.execute(text("DELETE FROM provider_calls"))
    return Printer(open_work)


@pytest.fixture
def no_polling(monkeypatch):
    """Make the worker's loop poll so seldom that only a notification wakes it."""
    wait = calls_requested.wait
    monkeypatch.setattr(calls_requested, "wait", lambda timeout: wait(60 * timeout))


@pytest.fixture
def running(printer):
    """The worker's loop as a service runs it, with two calls at a time."""
    over = threading.Event()

    def loop():
        while not over.is_set():
            printer.worker.run(printer.open_work, calls_requested)

    thread = threading.Thread(target=loop)
    thread.start()
    yield
    over.set()
    calls_requested.set()
    thread.join()


def test_a_call_is_made_once_and_its_answer_settled(printer):
    key = printer.request()
    printer.carry_out()
    printer.carry_out()
    assert (printer.printed, printer.outcomes) == ([key], ["printed"])
    assert printer.row(key)["due_at"] is None


def test_a_refusal_and_a_timeout_are_settled_like_answers(printer):
    key = printer.request()
    printer.failures[key] = [ProviderSilent("no answer"), ProviderRefused("NO_PAPER")]
    printer.carry_out()
    assert printer.outcomes == [ProviderSilent]
    assert printer.row(key)["error"] == "no answer"
    printer.ahead += timedelta(seconds=1)
    printer.carry_out()
    assert printer.outcomes == [ProviderSilent, ProviderRefused]
    assert printer.row(key)["due_at"] is None


def test_a_call_has_the_pauses_of_its_procedure(printer):
    key = printer.request()
    pauses = []
    for _ in range(4):
        (prepared,) = printer.worker.claim(printer.open_work, 10)
        pauses.append(prepared.call.pause().total_seconds())
        printer.ahead += LEASE
    assert pauses == [1, 2, 4, 4]
    assert printer.row(key)["tries"] == 4


def test_a_call_that_is_not_due_yet_waits(printer):
    printer.request(after=timedelta(seconds=30))
    printer.carry_out()
    assert printer.printed == []
    printer.ahead += timedelta(seconds=30)
    printer.carry_out()
    assert len(printer.printed) == 1


def test_a_call_that_cannot_be_prepared_does_not_block_others(printer):
    broken, good = printer.request(), printer.request()
    prepare = printer.prepare

    def prepare_or_break(work, call):
        assert call.key != broken
        return prepare(work, call)

    printer.worker.procedures = {PRINT: Procedure(prepare=prepare_or_break, settle=printer.settle)}
    printer.carry_out()
    assert printer.printed == [good]
    assert printer.row(broken)["error"] == "not prepared: AssertionError"
    assert printer.row(broken)["due_at"] - datetime.now(UTC) < printer.worker.lease / 2


def test_calls_that_are_not_needed_do_not_delay_those_that_are(printer):
    not_needed, needed = [printer.request() for _ in range(5)], printer.request(after=timedelta(milliseconds=1))
    prepare = printer.prepare

    def postpone_or_prepare(work, call):
        if call.key == needed:
            return prepare(work, call)
        return work.calls.postpone(call, work.now + timedelta(hours=8))

    printer.worker.procedures = {PRINT: Procedure(prepare=postpone_or_prepare, settle=printer.settle)}
    printer.ahead = timedelta(seconds=1)
    (prepared,) = printer.worker.claim(printer.open_work, 2)
    assert prepared.call.key == needed
    assert all(printer.row(key)["due_at"] > datetime.now(UTC) + timedelta(hours=7) for key in not_needed)


def test_a_call_that_is_not_needed_is_settled_when_claimed_and_not_made(printer):
    key = printer.request()

    def nothing_to_do(work, call):
        work.calls.finish(call.key, PRINT)

    printer.worker.procedures = {PRINT: Procedure(prepare=nothing_to_do, settle=printer.settle)}
    printer.carry_out()
    assert (printer.printed, printer.outcomes, printer.row(key)["due_at"]) == ([], [], None)


def test_a_call_of_a_kind_unknown_to_this_process_is_not_claimed(printer):
    key = printer.request()
    printer.worker.procedures = {BELL: printer.procedures[BELL]}
    assert printer.worker.claim(printer.open_work, 10) == []
    assert printer.row(key)["tries"] == 0


def test_urgent_calls_are_claimed_first_however_long_the_others_wait(printer):
    others = [printer.request() for _ in range(3)]
    urgent = [printer.request(urgent=True) for _ in range(2)]
    claimed = [printer.worker.claim(printer.open_work, many) for many in (1, 2, 10)]
    keys = [{prepared.call.key for prepared in share} for share in claimed]
    assert keys[0] | keys[1] >= set(urgent)
    assert [len(share) for share in keys] == [1, 2, 2]
    assert set.union(*keys) == {*others, *urgent}


def test_concurrent_workers_claim_no_call_twice(printer):
    for urgent in [True, False] * 10:
        printer.request(urgent=urgent)
    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(lambda _: printer.worker.claim(printer.open_work, 5), range(4)))
    keys = [prepared.call.key for share in shares for prepared in share]
    assert len(keys) == len(set(keys)) <= 20
    rest = printer.worker.claim(printer.open_work, 20)
    assert len({*keys, *(prepared.call.key for prepared in rest)}) == 20


def test_a_slow_call_does_not_delay_others(printer, running):
    key = new_id()
    printer.slow.add(key)
    with printer.open_work() as work:
        work.calls.request(PRINT, key, THING, at=work.now)
    assert printer.reached.wait(5)
    others = {printer.request() for _ in range(5)}
    eventually(lambda: set(printer.printed) == others)
    printer.hold.set()
    eventually(lambda: key in printer.printed)


def test_a_requested_call_is_made_at_once_without_waiting_for_the_next_poll(printer, no_polling, running):
    key = printer.request()
    eventually(lambda: printer.printed == [key])


def test_a_call_that_was_rolled_back_is_not_made(printer):
    with printer.open_work.engine.connect() as connection:
        work = Work(connection)
        work.calls.request(PRINT, new_id(), THING, at=work.now)
        connection.rollback()
    printer.carry_out()
    assert printer.printed == []


def test_a_call_whose_worker_died_is_made_by_another_one(printer):
    key = printer.request()
    assert len(printer.worker.claim(printer.open_work, 5)) == 1
    assert printer.worker.claim(printer.open_work, 5) == []
    printer.ahead += LEASE + timedelta(seconds=1)
    printer.carry_out()
    assert printer.printed == [key]


def test_a_call_whose_answer_was_not_stored_is_made_again(printer, running):
    key = new_id()
    printer.failures[key] = [RuntimeError("the process dies here")]
    with printer.open_work() as work:
        work.calls.request(PRINT, key, THING, at=work.now)
    eventually(lambda: printer.printed == [key])
    printer.ahead += LEASE + timedelta(seconds=1)
    eventually(lambda: printer.outcomes == ["printed"])


def test_a_call_requested_again_while_it_is_made_remains_due(printer):
    key = printer.request()
    (prepared,) = printer.worker.claim(printer.open_work, 1)
    with printer.open_work() as work:
        work.calls.request(PRINT, key, THING, at=work.now)
        work.calls.finish_unless_requested_again(prepared.call)
        assert work.calls.is_due(PRINT, key)


def test_a_claimed_call_is_under_way_until_it_is_settled(printer):
    key = printer.request()
    with printer.open_work() as work:
        assert not work.calls.is_under_way(PRINT, key)
    (prepared,) = printer.worker.claim(printer.open_work, 1)
    with printer.open_work() as work:
        assert work.calls.is_under_way(PRINT, key)
    printer.worker.carry_out(printer.open_work, prepared)
    with printer.open_work() as work:
        assert not work.calls.is_under_way(PRINT, key)


def test_a_call_is_a_span_in_the_trace_of_its_request(printer, monkeypatch):
    request = Trace(new_id(), f"00-{new_id().hex}-b7ad6b7169203331-01")
    with recorded(monkeypatch, "tally") as collector:
        with following(request):
            key = printer.request()
        printer.failures[key] = [ProviderSilent("no answer")]
        printer.carry_out()
        spans.close()
        seen = {span.name: span for span in collector.seen}
    made, call = seen["tally.print"], seen["printer print"]
    assert {made.trace_id, call.trace_id} == {request.trace_id}
    assert (call.parent, call.kind, call.failed, made.failed) == (made.span_id, "client", True, False)
    assert made.attributes["jishi.thing.id"] == str(THING)


def test_a_service_may_use_its_own_class_for_calls(open_work):
    class MyCall(Call):
        """A call of tally."""

    class MyCalls(Calls):
        call = MyCall

    with open_work() as work:
        mine = MyCalls(work.connection)
        mine.request(PRINT, new_id(), THING, at=work.now)
        assert {type(call) for call in mine.claim(1, [PRINT], now=work.now, lease=LEASE)} == {MyCall}
