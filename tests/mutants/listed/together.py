"""Guards of requests, messages and notifications that share a transaction."""

from tests.mutants.mutant import Mutant

ANSWERS = "shared/tests/integration/test_answering_together.py::"
WAITING = "shared/tests/integration/test_waiting_requests.py::"
JOINT = "shared/tests/integration/test_joint.py::"
ROWS = "shared/tests/integration/test_rows.py::"
EVERY = "shared/tests/unit/test_every.py::"
CHECK_OUTS = "services/orders/tests/integration/test_check_outs_together.py::"
NOTIFICATIONS = "services/payments/tests/integration/test_notifications_together.py::"
PAYMENTS = "services/payments/tests/integration/test_payments_together.py::"
CALLS = "shared/tests/integration/test_calls_in_one_transaction.py::"
CHECKOUT_STORE = "services/orders/orders/checkout/store.py"
TOGETHER = [
    Mutant(
        name="together: a refusal after a change is an answer",
        file="shared/shared/answering_together.py",
        guard="        if work.writes != before:",
        instead="        if False:",
        killed_by=(
            ANSWERS + "test_after_a_change_a_refusal_or_failure_lets_all_be_answered_one_by_one",
            ANSWERS + "test_a_refused_request_may_not_have_published_anything",
        ),
    ),
    Mutant(
        name="together: a published message is no change",
        file="shared/shared/work.py",
        guard="return int(psycopg.writes) + len(self._published)",
        instead="return int(psycopg.writes)",
        killed_by=(ANSWERS + "test_a_refused_request_may_not_have_published_anything",),
    ),
    Mutant(
        name="together: the key of a refused request stays claimed",
        file="shared/shared/answering_together.py",
        guard="            work.release(asked.caller, answering.contract.name, asked.requested.key)",
        instead="            pass",
        killed_by=(ANSWERS + "test_a_refusal_before_any_change_disturbs_nobody_and_leaves_its_key_free",),
    ),
    Mutant(
        name="together: a key of two requests belongs to the last",
        file="shared/shared/idempotency.py",
        guard="        first.setdefault(scope, _digest(request))",
        instead="        first[scope] = _digest(request)",
        killed_by=(
            ANSWERS + "test_of_many_keys_that_are_used_twice_in_a_batch_each_belongs_to_its_first_request",
        ),
    ),
    Mutant(
        name="together: keys are claimed in the order of the requests",
        file="shared/shared/idempotency.py",
        guard="    ORDER BY caller, operation, key\n    ON CONFLICT",
        instead="    ON CONFLICT",
        killed_by=(ANSWERS + "test_two_batches_with_the_same_keys_do_not_block_each_other",),
    ),
    Mutant(
        name="together: a claimed key serves every request with it",
        file="shared/shared/work.py",
        guard="        self._claimed.discard(scope)",
        instead="        pass",
        killed_by=(ANSWERS + "test_a_key_repeated_within_a_batch_is_carried_out_once",),
    ),
    Mutant(
        name="together: the deadline of one request refuses another",
        file="shared/shared/rpc_replies.py",
        guard='NotTogether("a deadline passed")',
        instead="DeadlinePassed()",
        killed_by=(WAITING + "test_the_deadline_of_one_request_does_not_end_another_that_waits_with_it",),
    ),
    Mutant(
        name="together: a request that is not valid fails all",
        file="shared/shared/rpc_replies.py",
        guard="            except Refusal as refusal:\n                replies[place]",
        instead="            except ZeroDivisionError as refusal:\n                replies[place]",
        killed_by=(
            ANSWERS + "test_malformed_and_forged_requests_get_answers_of_their_own",
            WAITING + "test_malformed_expired_and_forged_requests_do_not_disturb_those_they_wait_with",
        ),
    ),
    Mutant(
        name="together: any number of requests share a transaction",
        file="shared/shared/rpc.py",
        guard="min(waiting.qsize(), BATCH - 1)",
        instead="waiting.qsize()",
        killed_by=(WAITING + "test_at_most_fifty_requests_share_a_transaction",),
    ),
    Mutant(
        name="joint: a redelivered batch shares a transaction",
        file="shared/shared/joint.py",
        guard="any(delivery.redelivered for delivery in self.deliveries)",
        instead="False",
        killed_by=(JOINT + "test_a_batch_with_a_redelivered_message_is_handled_alone",),
    ),
    Mutant(
        name="joint: a batch behind a redelivered one is not handled",
        file="shared/shared/joint.py",
        guard="not taken[0].is_suspicious and not self._brought[0].is_suspicious",
        instead="not taken[0].is_suspicious",
        killed_by=(JOINT + "test_a_batch_with_a_redelivered_message_is_handled_alone",),
    ),
    Mutant(
        name="joint: a transaction has any number of messages",
        file="shared/shared/joint.py",
        guard="                break\n            taken.append",
        instead="                pass\n            taken.append",
        killed_by=(JOINT + "test_a_transaction_has_a_limited_number_of_messages",),
    ),
    Mutant(
        name="joint: a slow transaction holds up all queues",
        file="shared/shared/joint.py",
        guard="            return time.monotonic() - mine.since >= PATIENCE",
        instead="            return False",
        killed_by=(JOINT + "test_a_second_transaction_begins_beside_one_that_takes_long",),
    ),
    Mutant(
        name="joint: every batch begins a transaction of its own",
        file="shared/shared/joint.py",
        guard="            return time.monotonic() - mine.since >= PATIENCE",
        instead="            return True",
        killed_by=(
            JOINT + "test_batches_that_are_brought_during_a_transaction_share_the_next_one",
            JOINT + "test_no_second_transaction_begins_beside_a_short_one",
        ),
    ),
    Mutant(
        name="joint: more transactions than workers",
        file="shared/shared/joint.py",
        guard="        if mine not in self._brought or self._working >= self._workers:",
        instead="        if mine not in self._brought:",
        killed_by=(JOINT + "test_there_are_never_more_transactions_than_workers",),
    ),
    Mutant(
        name="joint: an outage is told to the consumer at work only",
        file="shared/shared/joint.py",
        guard="                each.failure = None if each.is_settled else failure",
        instead="                each.settle(each.batches.read([]), [])",
        killed_by=(JOINT + "test_an_outage_is_told_to_everyone_who_brought_a_batch",),
    ),
    Mutant(
        name="joint: an outage repeats what was handled",
        file="shared/shared/joint.py",
        guard="                each.failure = None if each.is_settled else failure",
        instead="                each.failure = failure",
        killed_by=(JOINT + "test_an_outage_after_some_topics_were_handled_alone_is_told_to_the_others_only",),
    ),
    Mutant(
        name="rows: they come before those that they reference",
        file="shared/shared/waiting_statements.py",
        guard="grown.of != to or grown.place < self._newest(to.parents):",
        instead="grown.of != to:",
        killed_by=(ROWS + "test_rows_come_after_rows_that_they_may_reference_and_that_were_appended_later",),
    ),
    Mutant(
        name="rows: they come before an insert that they reference",
        file="shared/shared/round_trips.py",
        guard="            self.connection.waiting.close_growth()",
        instead="            pass",
        killed_by=(ROWS + "test_rows_come_after_an_insert_that_waits_and_that_they_may_reference",),
    ),
    Mutant(
        name="rows: those with other columns share a statement",
        file="shared/shared/waiting_statements.py",
        guard="grown = self._growing.get(to.table)\n        if grown is None or grown.of != to or",
        instead="grown = self._growing.get(to.table)\n        if grown is None or",
        killed_by=(
            ROWS + "test_rows_with_other_columns_are_inserted_by_another_statement",
            ROWS + "test_rows_whose_keys_exist_are_left_out_only_if_that_was_asked_for",
        ),
    ),
    Mutant(
        name="rows: those that were sent grow",
        file="shared/shared/waiting_statements.py",
        guard="self._statements, [], {}, {}",
        instead="self._statements, [], self._growing, self._changing",
        killed_by=(
            ROWS + "test_a_new_statement_begins_after_what_waited_was_sent",
            ROWS + "test_rows_that_waited_in_a_transaction_that_was_rolled_back_are_forgotten",
        ),
    ),
    Mutant(
        name="rows: a change comes before the insert of its row",
        file="shared/shared/waiting_statements.py",
        guard="self._newest({to.table, *to.parents})",
        instead="self._newest(to.parents)",
        killed_by=(ROWS + "test_a_change_comes_after_rows_that_were_appended_later_than_an_earlier_change",),
    ),
    Mutant(
        name="rows: a change comes before rows that it references",
        file="shared/shared/waiting_statements.py",
        guard="self._newest({to.table, *to.parents})",
        instead="self._newest({to.table})",
        killed_by=(ROWS + "test_a_change_comes_after_rows_that_it_may_reference_and_that_were_appended_later",),
    ),
    Mutant(
        name="rows: a change comes before rows whose growth was ended",
        file="shared/shared/waiting_statements.py",
        guard="        self._growing, self._changing = {}, {}",
        instead="        self._growing = {}",
        killed_by=(ROWS + "test_a_change_comes_after_rows_whose_growth_was_ended",),
    ),
    Mutant(
        name="rows: changes of other columns share a statement",
        file="shared/shared/waiting_statements.py",
        guard="grown = self._changing.get(to.table)\n        if grown is None or grown.of != to or",
        instead="grown = self._changing.get(to.table)\n        if grown is None or",
        killed_by=(ROWS + "test_changes_of_other_columns_keep_their_order",),
    ),
    Mutant(
        name="rows: a change comes before a statement that waits",
        file="shared/shared/waiting_statements.py",
        guard="        self._statements += statements\n        self._changing = {}",
        instead="        self._statements += statements",
        killed_by=(ROWS + "test_a_change_comes_after_a_statement_that_waits",),
    ),
    Mutant(
        name="rows: appending is no change",
        file="shared/shared/round_trips.py",
        guard="        self.waiting.append(to, rows)\n        self.writes += 1",
        instead="        self.waiting.append(to, rows)",
        killed_by=(ROWS + "test_whatever_may_change_rows_is_counted_as_a_write_and_a_reading_is_not",),
    ),
    Mutant(
        name="rows: a statement that waits is no change",
        file="shared/shared/round_trips.py",
        guard="        self.waiting.add(statements)\n        self.writes += 1",
        instead="        self.waiting.add(statements)",
        killed_by=(ROWS + "test_whatever_may_change_rows_is_counted_as_a_write_and_a_reading_is_not",),
    ),
    Mutant(
        name="signal: it is heard at the end of the pause",
        file="shared/shared/every.py",
        guard="self._woken = signals[0].sent if signals else self._woken",
        instead="pass",
        killed_by=(EVERY + "test_a_signal_begins_the_next_round_at_once",),
    ),
    Mutant(
        name="signal: it ends the pause after a failure",
        file="shared/shared/every.py",
        guard="        if not woken_early:",
        instead="        if False:",
        killed_by=(EVERY + "test_signals_after_a_failure_do_not_shorten_its_pause",),
    ),
    Mutant(
        name="sagas: what follows has the cause of another saga's step",
        file="shared/shared/sagas/transaction.py",
        guard="        self.work.cause = handled",
        instead="        pass",
        killed_by=(
            (
                "shared/tests/integration/test_saga_store.py::"
                "test_what_follows_from_a_message_has_it_as_its_cause_also_if_steps_of_another_saga_run_before"
            ),
        ),
    ),
    Mutant(
        name="check-outs: those of a batch are not counted as open",
        file=CHECKOUT_STORE,
        guard="            self._open[new.buyer_id] += 1",
        instead="            pass",
        killed_by=(CHECK_OUTS + "test_the_limit_on_open_checkouts_is_reached_within_a_batch",),
    ),
    Mutant(
        name="check-outs: the cash of a batch is not added up",
        file=CHECKOUT_STORE,
        guard="            self._open_cash[new.buyer_id] += new.total",
        instead="            pass",
        killed_by=(CHECK_OUTS + "test_the_limit_on_open_cash_is_reached_within_a_batch",),
    ),
    Mutant(
        name="check-outs: a quote is ordered twice in a batch",
        file=CHECKOUT_STORE,
        guard="        self._by_quote[new.quote_id] = new",
        instead="        pass",
        killed_by=(CHECK_OUTS + "test_one_quote_twice_in_a_batch_is_one_checkout_of_one_transaction",),
    ),
    Mutant(
        name="check-outs: a cart is ordered twice in a batch",
        file="services/orders/orders/carts/store.py",
        guard="            held.version, held.lines = held.version + changed, dict(lines)",
        instead="            pass",
        killed_by=(CHECK_OUTS + "test_of_two_check_outs_of_one_cart_in_a_batch_the_second_is_refused",),
    ),
    Mutant(
        name="check-outs: an erased buyer orders in a batch",
        file="services/orders/orders/work.py",
        guard='self._erased.update({UUID(row["user_id"]): True for row in found})',
        instead="pass",
        killed_by=(CHECK_OUTS + "test_an_erased_buyer_is_refused_among_others",),
    ),
    Mutant(
        name="notifications: a transaction is captured twice in a batch",
        file="services/payments/payments/taking/store/captures.py",
        guard="is_known, self._is_known[transaction] = self._is_known[transaction], True",
        instead="is_known = self._is_known[transaction]",
        killed_by=(
            NOTIFICATIONS + "test_a_transaction_that_two_notifications_of_a_batch_report_is_captured_once",
        ),
    ),
    Mutant(
        name="notifications: one that fails holds up its batch",
        file="services/payments/payments/taking/use_cases/notifications.py",
        guard="            for stored in due:\n                process(open_work, stored.key)",
        instead="            pass",
        killed_by=(NOTIFICATIONS + "test_a_notification_that_cannot_be_processed_is_postponed_alone",),
    ),
    Mutant(
        name="notifications: without a database the round does not end",
        file="services/payments/payments/taking/use_cases/notifications.py",
        guard="            if not due:\n                raise",
        instead="            if not due:\n                return 0",
        killed_by=(NOTIFICATIONS + "test_a_round_without_a_database_ends",),
    ),
    Mutant(
        name="notifications: one that cannot be loaded holds up all",
        file="services/payments/payments/taking/store/notifications.py",
        guard="partial(_about, row), tries",
        instead="partial(lambda about: about, _about(row)), tries",
        killed_by=(NOTIFICATIONS + "test_a_stored_notification_that_cannot_be_read_is_postponed_alone",),
    ),
    Mutant(
        name="calls: what a transaction does to a call twice loses its order",
        file="shared/shared/provider_calls/store.py",
        guard="        if name in self._changed:",
        instead="        if name in ():",
        killed_by=(CALLS + "test_steps_of_one_transaction_have_the_outcome_that_each_would_have_in_its_own",),
    ),
    Mutant(
        name="calls: one about a new payment is stored before it",
        file="services/payments/payments/providers/store.py",
        guard='referenced = frozenset({"payments"})',
        instead="referenced = frozenset()",
        killed_by=(PAYMENTS + "test_a_call_about_a_new_payment_is_stored_after_it_whatever_was_requested_before",),
    ),
    Mutant(
        name="notifications: their payments are read without a lock",
        file="services/payments/payments/taking/store/payments.py",
        guard="locked = rows.with_for_update(of=payments)",
        instead="locked = rows",
        killed_by=(NOTIFICATIONS + "test_the_payments_of_a_batch_are_locked_until_its_end",),
    ),
    Mutant(
        name="commands: one that is answered in the transaction that stores it is left",
        file="services/payments/payments/taking/store/unanswered.py",
        guard="frozenset({unanswered.name})",
        instead="frozenset()",
        killed_by=(PAYMENTS + "test_a_command_that_is_stored_and_answered_in_one_transaction_is_not_left",),
    ),
]
