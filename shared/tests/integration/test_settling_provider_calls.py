"""Settling provider calls: those that end at once share a transaction, and a failing one harms no other."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from tally.work import Work

from shared import trace
from shared.ids import new_id
from shared.provider_calls.model import Call
from shared.provider_calls.procedures import PreparedCall, Procedure
from shared.provider_calls.settling import Made, Settling
from shared.provider_calls.worker import Places, ProviderCallWorker
from shared.testing import eventually
from shared.trace import Trace

PRINT, BELL = "print", "bell"


class Desk:
    """Settles calls of the kinds PRINT (each alone) and BELL (all together), and can hold the first settlement."""

    def __init__(self, open_work):
        self.open_work, self.left = open_work, []
        self.failures, self.begun, self.hold = {}, threading.Event(), threading.Event()
        self.transactions, self.traces, self.prepared = [], {}, []
        self.hold.set()
        printing = Procedure(prepare=self.prepare, settle=self.settle)
        ringing = Procedure(prepare=self.prepare_all, settle=self.settle_all, together=True)
        self.procedures = {PRINT: printing, BELL: ringing}
        self.settling = Settling(lambda: self.procedures, self.left.append)

    def prepare(self, _work, call):
        return PreparedCall(call=call, provider="desk", make=lambda: "answer")

    def prepare_all(self, work, calls):
        self.prepared.append([call.key for call in calls])
        for call in calls:
            self.fail(call)
        return [self.prepare(work, call) for call in calls]

    def settle(self, work, call, answer):
        self.settle_all(work, [(call, answer)])

    def settle_all(self, work, answers):
        self.begun.set()
        self.hold.wait(10)
        self.transactions.append((id(work), [call.key for call, _ in answers]))
        for call, _ in answers:
            self.fail(call)
            self.traces[call.key] = trace.current()
            work.calls.finish(call.key, call.kind)

    def fail(self, call):
        if call.key in self.failures:
            raise self.failures[call.key]

    def made(self, kind=PRINT, about=None):
        """A call that was claimed and made."""
        call = Call(kind=kind, key=new_id(), about=about or new_id(), tries=1)
        with self.open_work() as work:
            work.calls.request(kind, call.key, call.about, at=work.now)
        return Made(call=call, answer="answer", trace=Trace(new_id()))

    def add_at_once(self, *many):
        """Add the first of these, and the others while it is being settled."""
        self.hold.clear()
        first = threading.Thread(target=self.settling.add, args=(self.open_work, many[0]))
        first.start()
        assert self.begun.wait(5)
        for made in many[1:]:
            self.settling.add(self.open_work, made)
        self.hold.set()
        first.join()

    def due(self):
        with self.open_work() as work:
            rows = work.connection.execute(text("SELECT key FROM provider_calls WHERE due_at IS NOT NULL"))
            return {key if isinstance(key, UUID) else UUID(key) for (key,) in rows}


@pytest.fixture
def desk(open_work):
    open_work.work_class = Work
    with open_work() as work:
        work.connection.execute(text("DELETE FROM provider_calls"))
    return Desk(open_work)


def keys(*many):
    return {made.call.key for made in many}


def test_calls_that_end_during_a_settlement_are_settled_in_one_transaction(desk):
    first, *others = [desk.made() for _ in range(4)]
    desk.add_at_once(first, *others)
    transactions = [transaction for transaction, _ in desk.transactions]
    assert len(set(transactions[1:])) == 1
    assert (desk.left, desk.due()) == ([1, 3], set())


def test_a_call_that_cannot_be_settled_stays_leased_and_the_others_are_settled(desk):
    first, broken, *others = [desk.made() for _ in range(4)]
    desk.failures[broken.call.key] = RuntimeError("it cannot be settled")
    desk.add_at_once(first, broken, *others)
    assert desk.due() == keys(broken)
    assert desk.left == [1, 3]


def test_in_an_outage_no_call_waits_for_the_database_after_another(desk):
    first, *others = [desk.made() for _ in range(4)]
    lost = OperationalError("SELECT 1", {}, Exception("gone"), connection_invalidated=True)
    desk.failures.update(dict.fromkeys(keys(*others), lost))
    desk.add_at_once(first, *others)
    assert len(desk.transactions) == 1 + 1 + 1  # the first, all others together, one of them alone
    assert desk.left == [1, 3]


def test_calls_are_settled_in_the_order_of_their_objects(desk):
    objects = sorted(new_id() for _ in range(3))
    first, *others = [desk.made(about=about) for about in (objects[0], objects[2], objects[1])]
    desk.add_at_once(first, *others)
    assert [settled for _, [settled] in desk.transactions[1:]] == [others[1].call.key, others[0].call.key]


def test_each_call_is_settled_in_its_own_trace(desk):
    first, *others = [desk.made() for _ in range(3)]
    desk.add_at_once(first, *others)
    assert desk.traces == {made.call.key: made.trace for made in (first, *others)}


def test_a_procedure_may_settle_all_calls_of_its_kind_at_once(desk):
    first, one, other, printed = desk.made(), desk.made(BELL), desk.made(BELL), desk.made()
    desk.add_at_once(first, one, printed, other)
    assert [set(settled) for _, settled in desk.transactions[1:]] == [keys(printed), keys(one, other)]
    assert desk.due() == set()


def test_a_procedure_may_prepare_all_calls_of_its_kind_at_once(desk):
    rung = [desk.made(BELL) for _ in range(3)]
    worker = ProviderCallWorker("tally", desk.procedures, Places(5))
    assert {prepared.call.key for prepared in worker.claim(desk.open_work, 5)} == keys(*rung)
    assert [len(together) for together in desk.prepared] == [3]


def test_calls_that_cannot_be_prepared_together_are_prepared_one_by_one(desk):
    good, broken = desk.made(BELL), desk.made(BELL)
    desk.failures[broken.call.key] = RuntimeError("it cannot be prepared")
    worker = ProviderCallWorker("tally", desk.procedures, Places(5))
    assert {prepared.call.key for prepared in worker.claim(desk.open_work, 5)} == keys(good)
    with desk.open_work() as work:
        (row,) = work.calls.about(broken.call.about)
    assert row["error"] == "not prepared: RuntimeError"


def test_calls_that_nobody_waits_for_are_gathered_for_one_transaction(desk):
    desk.settling = Settling(lambda: desk.procedures, desk.left.append, gather=0.5)
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda made: desk.settling.add(desk.open_work, made), [desk.made() for _ in range(3)]))
    assert (len(dict(desk.transactions)), desk.left) == (1, [3])


def test_calls_are_claimed_again_only_while_more_may_be_due(desk):
    made = [desk.made() for _ in range(3)]
    worker = ProviderCallWorker("tally", desk.procedures, Places(2))
    assert worker.start_due(desk.open_work)
    eventually(lambda: desk.due() <= keys(*made) and len(desk.due()) == 1)
    assert not worker.start_due(desk.open_work)
    eventually(lambda: desk.due() == set())
