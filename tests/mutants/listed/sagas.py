"""Guards of the sagas."""

from tests.mutants.mutant import Mutant

CORE = "shared/tests/unit/test_saga_core.py::"
STORE = "shared/tests/integration/test_saga_store.py::"
PROMISES = "shared/tests/integration/test_saga_promises.py::"
EVERY = "tests/model/test_every_saga.py::"
MEMORY = "tests/model/test_sg_21_in_memory.py::"
SG_21 = MEMORY + "test_sg_21_stock_money_ledger_and_coupons_add_up_and_every_saga_ends_after_any_events"
NO_REPLY = (
    "tests/model/test_participants_without_reply.py"
    "::test_sg_06_the_undo_of_a_step_without_a_reply_leaves_nothing_behind"
)
CHECKOUT = "services/orders/tests/unit/test_checkout_saga.py::"
RETURNING = "services/orders/tests/unit/test_returning_sagas.py::"
LIFE = "services/orders/tests/integration/test_life_of_an_order.py::"
CLOCKS = "services/orders/tests/integration/test_clocks.py::"
PROCESSES = "services/orders/tests/integration/test_sagas_as_processes.py::"
EXPIRY = "shared/tests/integration/test_sagas_expiry.py::"
EXPIRY_FILE = "shared/shared/sagas/expiry.py"
STEPS = "tests/architecture/test_sagas.py::"

SAGAS = [
    Mutant(
        name="skip: an operator skips a step that moves money",
        file="shared/shared/sagas/core.py",
        guard="if step.pivot or not step.skippable:",
        instead="if step.pivot:",
        killed_by=(RETURNING + "test_the_refund_of_a_cancelled_order_cannot_be_skipped",),
    ),
    Mutant(
        name="benefits: stock and coupon of a cancelled order wait for the refund to arrive",
        file="shared/shared/contracts/payments/commands.py",
        guard="    yes=(RefundAccepted,),\n",
        instead="    yes=(__import__('shared.contracts.payments.events', fromlist=['']).PaymentRefunded,),\n",
        killed_by=(
            LIFE + "test_a_cancelled_order_is_restocked_and_its_coupon_restored_before_its_refund_is_paid",
        ),
    ),
    Mutant(
        name="waiting: no undo takes back the decision",
        file="shared/shared/sagas/core.py",
        guard="return now.step is not None and saga.places[now.step] < saga.pivot",
        instead="return now.step is None or saga.places[now.step] < saga.pivot",
        killed_by=(CORE + "test_sg_12_a_saga_that_waits_for_its_locks_cannot_be_cancelled",),
    ),
    Mutant(
        name="attempt id: an old timer counts like a new one",
        file="shared/shared/sagas/core.py",
        guard="""    if given.attempt != now.attempt:
        return now, ()
""",
        instead="",
        killed_by=(
            CORE + "test_sg_09_a_timer_of_an_ended_saga_or_of_an_earlier_attempt_is_ignored",
            STORE + "test_sg_09_an_old_timer_is_ignored",
            CLOCKS + "test_sg_09_a_timer_of_an_unknown_saga_or_an_earlier_attempt_changes_nothing",
        ),
    ),
    Mutant(
        name="causation match: any event of the right type answers the current command",
        file="shared/shared/sagas/core.py",
        guard="if given.answers is not None and given.answers == now.awaiting:",
        instead="if now.awaiting is not None:",
        killed_by=(
            CORE + "test_sg_11_an_answer_to_an_unknown_command_is_ignored",
            CORE + "test_sg_11_an_answer_to_an_earlier_sending_of_the_same_command_is_ignored",
            RETURNING + "test_a_refund_without_a_reply_is_sent_again_with_the_same_content",
        ),
    ),
    Mutant(
        name="waits: they grow without a bound before they are limited",
        file="shared/shared/sagas/transitions.py",
        guard="2 ** min(tries - 1, MOST_DOUBLINGS)",
        instead="2 ** (tries - 1)",
        killed_by=(CORE + "test_sg_07_a_command_that_must_succeed_is_sent_every_15_minutes_without_end",),
    ),
    Mutant(
        name="undo order: the first step is undone first",
        file="shared/shared/sagas/transitions.py",
        guard="""    now = replace(now, status=Status.UNDOING, step=now.undo[-1], awaiting=None)
""",
        instead="""    now = replace(now, undo=(*now.undo[1:], now.undo[0]))
    now = replace(now, status=Status.UNDOING, step=now.undo[-1], awaiting=None)
""",
        killed_by=(EVERY + "test_sg_04_every_path_of_every_saga_undoes_each_step_once_in_reverse_order",),
    ),
    Mutant(
        name="refused step: the refused step is undone too",
        file="shared/shared/sagas/core.py",
        guard="did_not_happen = tuple(name for name in now.undo if name != now.step)",
        instead="did_not_happen = now.undo",
        killed_by=(
            CORE + "test_sg_04_a_refused_step_is_not_undone_but_those_before_it_are_in_reverse_order",
            EVERY + "test_sg_20_a_step_that_is_refused_is_not_undone_and_those_before_it_are",
        ),
    ),
    Mutant(
        name="step without a reply: it is not undone although it may have happened",
        file="shared/shared/sagas/core.py",
        guard="""    if expires(saga, now):
        return start_undo(saga, now, f"{now.step}_unanswered")""",
        instead="""    if expires(saga, now):
        return start_undo(saga, replace(now, undo=now.undo[:-1]), f"{now.step}_unanswered")""",
        killed_by=(
            CORE + "test_sg_06_an_unanswered_step_is_undone",
            EVERY + "test_sg_20_a_step_without_a_reply_is_undone_and_retried_from_the_pivot_on",
            NO_REPLY,
            SG_21,
        ),
    ),
    Mutant(
        name="pivot: a later step is given up when it gets no reply",
        file="shared/shared/sagas/transitions.py",
        guard="return now.status is Status.RUNNING and saga.places[str(now.step)] < saga.pivot",
        instead="return now.status is Status.RUNNING",
        killed_by=(
            CORE + "test_sg_07_after_the_pivot_a_saga_cannot_be_cancelled_and_sends_unanswered_commands_again",
            EVERY + "test_sg_20_a_step_without_a_reply_is_undone_and_retried_from_the_pivot_on",
        ),
    ),
    Mutant(
        name="pivot: a definition may undo a step after it",
        file="shared/shared/sagas/definition.py",
        guard="""[s.name for s in after if getattr(s, "undo", None)]""",
        instead="[]",
        killed_by=(
            "shared/tests/unit/test_saga_definition.py::test_a_definition_that_breaks_a_rule_is_refused_with_the_name_of_the_rule",
        ),
    ),
    Mutant(
        name="early event: an event received before its step begins is ignored",
        file="shared/shared/sagas/transitions.py",
        guard="return None if step.name in now.met else _wait(there, step)",
        instead="return _wait(there, step)",
        killed_by=(
            CHECKOUT + "test_a_capture_before_the_payment_is_known_to_be_open_is_remembered",
            PROMISES + "test_sg_02_an_answer_and_an_event_at_the_same_time_are_both_recorded",
        ),
    ),
    Mutant(
        name="row lock: two concurrent messages both move a saga",
        file="shared/shared/sagas/store.py",
        guard="ORDER BY saga_id FOR UPDATE",
        instead="ORDER BY saga_id",
        killed_by=(
            STORE + "test_sg_02_of_an_answer_and_a_timer_at_the_same_time_one_wins",
            PROMISES + "test_sg_02_an_answer_and_an_event_at_the_same_time_are_both_recorded",
        ),
    ),
    Mutant(
        name="lock order: sagas are locked in any order",
        file="shared/shared/sagas/store.py",
        guard="ORDER BY saga_id FOR UPDATE",
        instead="ORDER BY random() FOR UPDATE",
        killed_by=(
            PROMISES + "test_sg_02_answers_to_many_sagas_in_opposite_orders_neither_deadlock_nor_get_lost",
        ),
    ),
    Mutant(
        name="lock queue: the later saga goes first",
        file="shared/shared/sagas/locks.py",
        guard="AND earlier.position < mine.position",
        instead="AND earlier.position > mine.position",
        killed_by=(
            STORE + "test_sg_13_sagas_that_lock_the_same_resource_run_one_after_another_in_order_of_arrival",
        ),
    ),
    Mutant(
        name="lock guard: concurrent sagas do not see each other",
        file="shared/shared/sagas/locks.py",
        guard="""    later(connection, GUARD, {"resources": wanted})
""",
        instead="",
        killed_by=(STORE + "test_sg_13_a_saga_waits_for_one_with_the_same_resources_that_is_not_committed_yet",),
    ),
    Mutant(
        name="wake-up: a saga that waits for a lock is not notified when it is free",
        file="shared/shared/sagas/transaction.py",
        guard="            self.work.publish(self.engine.timer(saga_id=saga_id, attempt=0))",
        instead="            pass",
        killed_by=(
            PROMISES + "test_sg_13_the_next_saga_is_woken_in_the_transaction_that_ends_the_first",
            SG_21,
        ),
    ),
    Mutant(
        name="business key: a second start makes a second saga",
        file="shared/shared/sagas/store.py",
        guard=""".on_conflict_do_nothing("saga_one_per_key")""",
        instead="""
    row = row.values(business_key=f"{new.key} {new.saga_id}")""",
        killed_by=(
            STORE + "test_sg_01_starting_twice_returns_the_first_saga_and_sends_one_command",
            STORE + "test_sg_01_concurrent_starts_create_one_saga",
        ),
    ),
    Mutant(
        name="append-only: the history can be changed afterwards",
        file="shared/shared/migrations/sagas.py",
        guard="""BEFORE UPDATE OR DELETE ON saga_transition
    FOR EACH ROW""",
        instead="""BEFORE TRUNCATE ON saga_transition
    FOR EACH STATEMENT""",
        killed_by=(PROMISES + "test_sg_16_rows_of_the_history_cannot_be_changed",),
    ),
    Mutant(
        name="history: the input of a saga is not stored",
        file="shared/shared/sagas/transaction.py",
        guard="        self._rows.append(history.moved(before, after, given, self.work.now, cause))",
        instead="        if before.step != after.step:\n"
        "            self._rows.append(history.moved(before, after, given, self.work.now, cause))",
        killed_by=(SG_21,),
    ),
    Mutant(
        name="request to cancel: it is lost at the pivot",
        file="shared/shared/sagas/transitions.py",
        guard="(HandOver(now.cancel_requested),) if now.cancel_requested else ()",
        instead="()",
        killed_by=(
            CHECKOUT + "test_a_request_to_cancel_that_comes_after_the_payment_is_handed_over_once",
            LIFE + "test_a_payment_that_came_before_the_request_to_cancel_is_refunded_order_by_order",
        ),
    ),
    Mutant(
        name="forward: a kept capture does not reverse an undo",
        file="shared/shared/sagas/core.py",
        guard="""    reason = str(getattr(event, "reason", f"{now.step}_refused"))
    if resumes_forward(saga, now, event):
        return forward(saga, now)
""",
        instead="""    reason = str(getattr(event, "reason", f"{now.step}_refused"))
""",
        killed_by=(CHECKOUT + "test_a_payment_captured_before_its_cancellation_turns_the_saga_forward",),
    ),
    Mutant(
        name="kept or returned: a returned capture confirms an order",
        file="services/orders/orders/sagas/checkout.py",
        guard="return event.standing is Standing.KEPT and event.order_id is None",
        instead="return event.order_id is None",
        killed_by=(
            CHECKOUT + "test_a_capture_that_is_not_kept_for_this_payment_changes_nothing[changes0]",
            LIFE + "test_a_returned_payment_confirms_nothing",
        ),
    ),
    Mutant(
        name="stuck: an undo without a reply ends the saga",
        file="shared/shared/sagas/transitions.py",
        guard="""        return stick(now, f"{now.step}_unanswered")""",
        instead="        return end(now, Status.UNDONE)",
        killed_by=(
            CORE + "test_sg_05_an_unanswered_undo_is_stuck_after_its_limit_and_freed_by_a_late_answer",
            EVERY + "test_sg_20_an_undo_without_a_reply_gets_the_saga_stuck_and_does_not_end_it",
            PROMISES + "test_sg_05_a_failed_undo_leaves_a_row_a_metric_and_a_stuck_saga",
        ),
    ),
    Mutant(
        name="cancelling: a saga can be cancelled after its pivot",
        file="shared/shared/sagas/core.py",
        guard="return now.step is not None and saga.places[now.step] < saga.pivot",
        instead="return now.step is not None",
        killed_by=(
            CORE + "test_sg_07_after_the_pivot_a_saga_cannot_be_cancelled_and_sends_unanswered_commands_again",
            EVERY + "test_sg_12_a_saga_can_be_cancelled_at_every_step_before_its_pivot_and_at_none_after_it",
        ),
    ),
    Mutant(
        name="timer: it uses the clock of the process",
        file="shared/shared/sagas/transaction.py",
        guard="self.work.publish(timer, at=effect.after)",
        instead="self.work.publish(timer, at=self.work.now + effect.after)",
        killed_by=(
            CLOCKS
            + "test_sg_09_the_payment_window_has_its_full_length_although_the_clock_of_the_process_is_wrong",
        ),
    ),
    Mutant(
        name="deadline: a command expires before its time",
        file=EXPIRY_FILE,
        guard="command.sent_at + command.within * interval '1 millisecond' <= now()",
        instead="command.sent_at <= now()",
        killed_by=(
            EXPIRY + "test_sg_08_a_command_without_an_answer_expires_when_its_time_has_passed_since_the_confirm",
        ),
    ),
    Mutant(
        name="deadline: it counts from the commit",
        file=EXPIRY_FILE,
        guard="command.sent_at + command.within",
        instead="command.created_at + command.within",
        killed_by=(
            EXPIRY + "test_sg_08_a_command_without_an_answer_expires_when_its_time_has_passed_since_the_confirm",
        ),
    ),
    Mutant(
        name="deadline: a copy for one consumer counts like the command",
        file=EXPIRY_FILE,
        guard=" AND kind = 'command'",
        instead="",
        killed_by=(EXPIRY + "test_a_copy_that_is_sent_again_has_no_deadline",),
    ),
    Mutant(
        name="deadline: it moves a stuck saga",
        file=EXPIRY_FILE,
        guard="    WHERE saga.status IN ('running', 'undoing')\n",
        instead="",
        killed_by=(EXPIRY + "test_a_stuck_saga_is_moved_by_no_deadline",),
    ),
    Mutant(
        name="deadline: it waits for a saga that is being moved",
        file=EXPIRY_FILE,
        guard=" SKIP LOCKED",
        instead="",
        killed_by=(EXPIRY + "test_a_saga_that_another_transaction_holds_is_not_waited_for",),
    ),
    Mutant(
        name="deadline: a saga that raises stops the others",
        file=EXPIRY_FILE,
        guard="if not late or is_outage(failure):",
        instead="if True:",
        killed_by=(EXPIRY + "test_a_saga_that_raises_does_not_stop_the_others_and_is_tried_again",),
    ),
    Mutant(
        name="deadline: the awaited command is purged",
        file="shared/shared/sagas/archive.py",
        guard="which=NOT_AWAITED, ",
        instead="",
        killed_by=(EXPIRY + "test_ob_11_a_sent_command_is_kept_as_long_as_a_saga_awaits_its_answer",),
    ),
    Mutant(
        name="deadline: the service does not look for it",
        file="shared/shared/sagas/operated.py",
        guard="    @every(seconds=1)\n    def expire",
        instead="    def expire",
        killed_by=(CLOCKS + "test_sg_09_a_service_finds_a_command_that_expired_while_it_was_down",),
    ),
    Mutant(
        name="relay lease: one from before the clock was set back is waited for",
        file="shared/shared/relay/rows.py",
        guard=" OR until > clock_timestamp() + :lease -- made before the clock was set back",
        instead="",
        killed_by=(CLOCKS + "test_sg_09_a_database_clock_that_is_set_back_blocks_no_relay",),
    ),
    Mutant(
        name="boot: calls are consumed before the consumers of replies exist",
        file="shared/shared/broker.py",
        guard="[EndedSessions(), mover, *self.consumers, *self.members]",
        instead="[*self.members, EndedSessions(), mover, *self.consumers]",
        killed_by=(PROCESSES + "test_sg_19_the_queues_of_all_replies_exist_before_requests_are_accepted",),
    ),
    Mutant(
        name="no network: a use case uses the network",
        file="services/orders/orders/aftersale/use_cases/refunds.py",
        guard="from uuid import UUID\n",
        instead="import http.client  # noqa: F401\nfrom uuid import UUID\n",
        killed_by=(STEPS + "test_sg_14_neither_sagas_nor_use_cases_use_the_network[orders]",),
    ),
    Mutant(
        name="pivotal: a step without a reply at the pivot can be skipped",
        file="shared/shared/sagas/core.py",
        guard="if step.pivot or not step.skippable:",
        instead="if not step.skippable:",
        killed_by=(
            "shared/tests/unit/test_saga_core.py::test_a_call_that_is_the_pivot_can_be_resumed_and_not_skipped",
        ),
    ),
]
