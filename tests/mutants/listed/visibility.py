"""Guards of traces, health and audits."""

from tests.mutants.mutant import Mutant

SPANS = "shared/tests/unit/test_spans.py::"
TRACES = "shared/tests/integration/test_traces.py::"
PAYMENTS = "services/payments/tests/integration/test_traces.py::"
INCREMENTAL = "services/auditor/tests/integration/test_incremental_audits.py::"
NOT_PROVEN = "test_sagas_that_the_auditor_has_not_proven_are_kept"
SUM_OF_ALL = "test_stock_equals_the_sum_of_all_entries_whenever_some_are_archived"
HEALTH = "shared/tests/unit/test_health.py::"
PROCESSES = "shared/tests/integration/test_health_of_processes.py::"

VISIBILITY = [
    Mutant(
        name="archive: data that does not add up is reported as proven",
        file="services/auditor/auditor/progress.py",
        guard="if check.changes and not unproven else ():",
        instead="if check.changes else ():",
        killed_by=(INCREMENTAL + "test_unproven_rows_are_not_archived",),
    ),
    Mutant(
        name="archive: unproven data is removed, too",
        file="shared/shared/retention.py",
        guard="if self.proven_by else",
        instead="if not self.proven_by else",
        killed_by=("services/orders/tests/integration/test_archived_sagas.py::" + NOT_PROVEN,),
    ),
    Mutant(
        name="archive: a saga is removed while its refund is pending",
        file="services/orders/orders/retention.py",
        guard="business_key <> ALL(ARRAY({RUNNING}))",
        instead="true",
        killed_by=(INCREMENTAL + "test_proven_rows_are_archived_and_the_invariants_still_hold",),
    ),
    Mutant(
        name="archive: stock movements are removed without a record",
        file="services/catalog/catalog/retention.py",
        guard="SELECT sku_id, sum(change), count(*), max(at) FROM gone GROUP BY",
        instead="SELECT sku_id, 0, count(*), max(at) FROM gone GROUP BY",
        killed_by=("services/catalog/tests/integration/test_archived_stock.py::" + SUM_OF_ALL,),
    ),
    Mutant(
        name="auditor: findings are not checked again unless they change",
        file="services/auditor/auditor/progress.py",
        guard="            open=sorted(unproven),",
        instead="            open=[],",
        killed_by=(INCREMENTAL + "test_a_violation_after_a_proof_is_found_in_every_further_audit",),
    ),
    Mutant(
        name="auditor: a check that could not run counts as done",
        file="services/auditor/auditor/audit.py",
        guard="if progress and not outcome.blind:",
        instead="if progress:",
        killed_by=(INCREMENTAL + "test_a_blind_check_does_not_stop_the_others_and_catches_up_later",),
    ),
    Mutant(
        name="auditor: a proof of one database is applied to another",
        file="services/auditor/auditor/progress.py",
        guard="known.databases == databases and ",
        instead="",
        killed_by=(INCREMENTAL + "test_everything_is_checked_when_it_is_requested_overdue_or_not_proven",),
    ),
    Mutant(
        name="publication's span: it is not in the message",
        file="shared/shared/relay/publisher.py",
        guard="**deadline, **onward}",
        instead="**deadline}",
        killed_by=(TRACES + "test_vs_01_a_message_is_traced_through_relay_and_handler_to_its_answer",),
    ),
    Mutant(
        name="open span: a published message has the incoming message as its parent",
        file="shared/shared/recording.py",
        guard="        self._followed.__enter__()\n",
        instead="        self._followed = None\n",
        killed_by=(
            SPANS + "test_vs_01_a_span_continues_the_current_trace_and_becomes_its_parent",
            SPANS + "test_vs_01_a_message_published_in_a_span_is_its_child",
        ),
    ),
    Mutant(
        name="no trace: an unrecorded parent is invented",
        file="shared/shared/spans.py",
        guard="return known.traceparent if _recorder else trace.child_of(known)",
        instead="return trace.child_of(known)",
        killed_by=(SPANS + "test_vs_01_a_message_published_without_a_request_has_no_parent",),
    ),
    Mutant(
        name="privacy: a span contains the exception's text",
        file="shared/shared/recording.py",
        guard='"exception.stacktrace": where}',
        instead='"exception.stacktrace": where + str(failure)}',
        killed_by=(SPANS + "test_vs_01_an_outage_and_an_exception_fail_the_span_and_a_refusal_does_not",),
    ),
    Mutant(
        name="provider's call: its row does not store the request",
        file="shared/shared/provider_calls/store.py",
        guard="traced = vars(current) if current else NO_TRACE",
        instead="traced = NO_TRACE",
        killed_by=(
            PAYMENTS + "test_vs_01_the_call_to_the_provider_is_a_span_of_the_request_that_opened_the_payment",
            PAYMENTS + "test_vs_01_a_notification_continues_the_trace_of_its_payment_and_is_linked_to_its_own",
        ),
    ),
    Mutant(
        name="degraded: a process without its database reports degraded, too",
        file="shared/shared/health.py",
        guard="was_ready and TOLERATED.issuperset(failing)",
        instead="was_ready",
        killed_by=(HEALTH + "test_vs_04_a_process_that_was_ready_is_degraded_without_its_broker_alone",),
    ),
    Mutant(
        name="degraded: a process that was never connected to its broker reports degraded, too",
        file="shared/shared/health.py",
        guard="was_ready and TOLERATED.issuperset(failing)",
        instead="TOLERATED.issuperset(failing)",
        killed_by=(HEALTH + "test_vs_04_a_process_that_never_had_its_broker_is_unready",),
    ),
    Mutant(
        name="frozen database: the relay relies on its last state",
        file="shared/shared/relay/relay.py",
        guard="return self._clock() - self._database_answered_at < FRESH",
        instead="return self._database_answered_at > 0",
        killed_by=(PROCESSES + "test_vs_04_with_a_frozen_database_a_process_is_unready",),
    ),
]
