"""The rules of what a saga does next, tested on a saga of six steps."""

import pytest

from shared.contracts import catalog, marketing, payments
from shared.contracts.payments import Standing
from shared.contracts.sagas.views import SagaAction
from shared.ids import new_id
from shared.sagas import Call, Saga
from shared.sagas.conversation import Conversation
from shared.sagas.core import SagaActionNotAllowed, decide, operator_actions, refused_actions
from shared.sagas.instance import Cancel, Received, Status, TimerFired
from shared.sagas.paths import every_path
from shared.sagas.transitions import LONGEST_WAIT, UNDO_LIMIT
from shared.tests.saga_examples import a_supper, commit, paid, supper


@pytest.fixture
def state():
    return a_supper()


def talk_of(state):
    return Conversation(supper, state, {"open": lambda s: s})


def test_sg_04_a_refused_step_is_not_undone_but_those_before_it_are_in_reverse_order(state):
    talk = talk_of(state).asks(catalog.ReserveStock).told_yes()
    talk.asks(payments.OpenPayment).told_no()
    talk.asks(catalog.ReleaseStock).told_yes().did("open", "undo open").ends("undone")


def test_sg_04_every_path_ends_and_undoes_its_steps_once_in_reverse_order(state):
    paths = list(every_path(supper, state, {"take_payment": paid(state)}))
    for path in paths:
        path.check()
    assert {path.status for path in paths} == {Status.DONE, Status.UNDONE, Status.STUCK}
    stuck = {(path.talk.now.step, path.choices[-1]) for path in paths if path.status is Status.STUCK}
    assert stuck == {("commit", "no")}  # after the pivot


def test_sg_05_a_refused_undo_is_stuck_with_an_alarm_and_can_be_resumed(state):
    talk = talk_of(state).told_yes().told_yes().cancelled().asks(payments.CancelPayment)
    talk.told(paid(state, standing=Standing.RETURNED)).ends("stuck")
    assert len(talk.alarms) == 1
    talk.resumed().asks(payments.CancelPayment).told_yes().asks(catalog.ReleaseStock)


def test_sg_05_an_unanswered_undo_is_stuck_after_its_limit_and_freed_by_a_late_answer(state):
    talk = talk_of(state).told_nothing()
    for _ in range(UNDO_LIMIT - 1):
        talk.asks(catalog.ReleaseStock).told_nothing()
    talk.asks(catalog.ReleaseStock).told_nothing().ends("stuck")
    talk.told_yes().ends("undone")


def test_sg_06_an_unanswered_step_is_undone(state):
    talk_of(state).asks(catalog.ReserveStock).told_nothing().asks(catalog.ReleaseStock)


def test_sg_07_after_the_pivot_a_saga_cannot_be_cancelled_and_sends_unanswered_commands_again(state):
    talk = talk_of(state).told_yes().consumes(paid(state)).told_yes().asks(catalog.CommitStock)
    with pytest.raises(SagaActionNotAllowed):
        talk.cancelled()
    talk.told_nothing().asks(catalog.CommitStock)


def test_sg_07_a_refusal_after_the_pivot_is_stuck_with_its_reason_until_resumed_and_accepted(state):
    talk = talk_of(state).told_yes().told_yes().consumes(paid(state)).asks(catalog.CommitStock).told_no()
    talk.ends("stuck")
    assert talk.now.reason == "nothing_reserved"
    assert [alarm.text for alarm in talk.alarms] == ["stuck: nothing_reserved"]
    assert operator_actions(supper, talk.now) == ("resume", "skip")
    talk.resumed().asks(catalog.CommitStock).told_yes().ends("done")


def test_sg_08_a_late_answer_after_the_deadline_is_ignored(state):
    talk = talk_of(state)
    late = talk.now.awaiting
    talk.told_nothing().asks(catalog.ReleaseStock)
    talk.consumes(catalog.StockReserved(checkout_id=state.checkout_id), answers=late).asks(catalog.ReleaseStock)


def test_sg_09_a_timer_of_an_ended_saga_or_of_an_earlier_attempt_is_ignored(state):
    talk = talk_of(state)
    old = talk.now.attempt
    talk.told_no().ends("undone")
    assert decide(supper, talk.now, TimerFired(old)) == (talk.now, ())
    other = talk_of(state).told_yes()
    assert decide(supper, other.now, TimerFired(old)) == (other.now, ())


def test_sg_11_an_answer_to_an_unknown_command_is_ignored(state):
    talk = talk_of(state)
    stray = Received(catalog.StockReserved(checkout_id=state.checkout_id), new_id())
    assert decide(supper, talk.now, stray) == (talk.now, ())


def test_sg_11_an_answer_to_an_earlier_sending_of_the_same_command_is_ignored(state):
    talk = talk_of(state).told_nothing().asks(catalog.ReleaseStock)
    first = talk.now.awaiting
    talk.told_nothing().asks(catalog.ReleaseStock)
    talk.consumes(catalog.StockReleased(checkout_id=state.checkout_id), answers=first).asks(catalog.ReleaseStock)
    talk.told_yes().ends("undone")


def test_an_event_that_does_not_answer_the_current_command_is_ignored(state):
    talk = talk_of(state)
    odd = Received(catalog.StockCommitted(checkout_id=state.checkout_id), talk.now.awaiting)
    assert decide(supper, talk.now, odd) == (talk.now, ())


def test_sg_13_a_saga_that_waits_for_its_locks_sends_no_command(state):
    assert Conversation(supper, state, waiting=True).command is None


def test_sg_12_a_saga_that_waits_for_its_locks_cannot_be_cancelled(state):
    talk = Conversation(supper, state, waiting=True)
    assert operator_actions(supper, talk.now) == ()
    with pytest.raises(SagaActionNotAllowed):
        talk.cancelled()
    talk.gets_its_locks().asks(catalog.ReserveStock)


def test_a_saga_that_waits_for_its_locks_records_an_event(state):
    talk = Conversation(supper, state, waiting=True).consumes(paid(state)).gets_its_locks()
    talk.asks(catalog.ReserveStock).told_yes().told_yes().asks(catalog.CommitStock)


def test_a_saga_gets_its_locks_once(state):
    talk = Conversation(supper, state, waiting=True).gets_its_locks()
    assert decide(supper, talk.now, TimerFired(0)) == (talk.now, ())


def test_sg_12_cancelling_twice_undoes_once(state):
    talk = talk_of(state).told_yes().cancelled().asks(payments.CancelPayment)
    first = talk.now.awaiting
    talk.cancelled("again").asks(payments.CancelPayment)
    assert talk.now.awaiting == first


def test_sg_07_a_command_that_must_succeed_is_sent_every_15_minutes_without_end(state):
    talk = talk_of(state).told_yes().told_yes().consumes(paid(state)).asks(catalog.CommitStock)
    for _ in range(1000):
        talk.told_nothing().asks(catalog.CommitStock)
    assert talk.published[-1].after == LONGEST_WAIT


def test_an_ended_saga_ignores_every_input(state):
    talk = talk_of(state).told_no().ends("undone")
    for late in (Cancel("late"), Received(paid(state)), TimerFired(talk.now.attempt)):
        assert decide(supper, talk.now, late) == (talk.now, ())


def test_a_step_with_a_deadline_cannot_be_skipped_or_resumed(state):
    for request in (Conversation.resumed, Conversation.skipped):
        with pytest.raises(SagaActionNotAllowed):
            request(talk_of(state))


def test_a_call_that_is_the_pivot_can_be_resumed_and_not_skipped(state):
    pivot = Call("commit", do=commit, pivot=True)
    talk = Conversation(Saga("test.pivot", supper.state, [*supper.steps[:2], pivot], supper.timer), state)
    talk.told_yes().asks(catalog.CommitStock)
    assert operator_actions(talk.saga, talk.now) == ("resume",)
    with pytest.raises(SagaActionNotAllowed):
        talk.skipped()
    talk.told_nothing().resumed().asks(catalog.CommitStock)
    assert talk.now.tries == 1
    talk.told_yes().ends("done")


def test_sg_15_a_saga_that_started_with_fewer_steps_ends_under_the_new_definition(state):
    old = talk_of(state).asks(catalog.ReserveStock)
    guests = Call("seat_guests", do=hold, undo=release_hold)
    newer = Saga(
        supper.name, supper.state, [*supper.steps[:2], guests, *supper.steps[2:]], supper.timer, version=2
    )
    talk = Conversation(newer, state, waiting=True)
    talk.now, talk.command = old.now, old.command
    talk.told_yes().asks(marketing.HoldBenefits).told_yes().asks(payments.OpenPayment).told_no()
    talk.asks(marketing.ReleaseBenefits).told_yes().asks(catalog.ReleaseStock).told_yes().ends("undone")


def hold(s) -> marketing.HoldBenefits:
    return marketing.HoldBenefits(checkout_id=s.checkout_id, buyer_id=s.checkout_id, benefits=())


def release_hold(s) -> marketing.ReleaseBenefits:
    return marketing.ReleaseBenefits(checkout_id=s.checkout_id)


def test_each_action_that_is_not_possible_has_its_reason(state):
    waiting = Conversation(supper, state, waiting=True)
    assert refused_actions(supper, waiting.now) == dict.fromkeys(SagaAction, "waits_for_saga")
    talk = talk_of(state)
    assert refused_actions(supper, talk.now) == {"resume": "command_expires", "skip": "command_expires"}
    undone = talk_of(state).cancelled()
    assert refused_actions(supper, undone.now) == {"cancel": "undoing"}
    talk.told_yes().told_yes()
    assert refused_actions(supper, talk.now) == {"resume": "awaits_event", "skip": "awaits_event"}
    talk.consumes(paid(state))
    assert refused_actions(supper, talk.now) == {"cancel": "pivot_reached"}
    talk.told_yes().ends("done")
    assert refused_actions(supper, talk.now) == dict.fromkeys(SagaAction, "ended")


def test_the_pivot_and_what_moves_money_cannot_be_skipped_with_these_reasons(state):
    for pivot, why in (
        (Call("commit", do=commit, pivot=True), "at_pivot"),
        (Call("commit", do=commit, pivot=True, skippable=False), "at_pivot"),
    ):
        talk = Conversation(Saga("test.why", supper.state, [*supper.steps[:2], pivot], supper.timer), state)
        talk.told_yes().asks(catalog.CommitStock)
        assert refused_actions(talk.saga, talk.now) == {"skip": why, "cancel": "pivot_reached"}
    paying = Call("pay", do=commit, skippable=False)
    steps = [*supper.steps[:2], Call("commit", do=commit, pivot=True), paying]
    talk = Conversation(Saga("test.paying", supper.state, steps, supper.timer), state)
    talk.told_yes().told_yes().asks(catalog.CommitStock)
    assert refused_actions(talk.saga, talk.now) == {"skip": "moves_money", "cancel": "pivot_reached"}


def test_possible_and_refused_actions_are_all_actions(state):
    for talk in (talk_of(state), talk_of(state).cancelled(), Conversation(supper, state, waiting=True)):
        assert {*operator_actions(supper, talk.now), *refused_actions(supper, talk.now)} == set(SagaAction)
