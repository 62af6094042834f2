"""Guards of traces, health and audits."""

from tests.mutants.mutant import Mutant

SPANS = "shared/tests/unit/test_spans.py::"
TRACES = "shared/tests/integration/test_traces.py::"
PAYMENTS = "services/payments/tests/integration/test_traces.py::"
GOING_ON = "services/auditor/tests/integration/test_going_on.py::"
NOT_PROVEN = "test_what_the_auditor_has_not_proven_stays"
SUM_OF_ALL = "test_whenever_movements_are_archived_the_stock_is_the_sum_of_all_there_ever_were"
HEALTH = "shared/tests/unit/test_health.py::"
PROCESSES = "shared/tests/integration/test_health_of_processes.py::"

VISIBILITY = [
    Mutant(
        name="archive: data that does not add up is reported as proven",
        file="services/auditor/auditor/progress.py",
        guard="if check.changes and not unproven else ():",
        instead="if check.changes else ():",
        killed_by=(GOING_ON + "test_what_does_not_add_up_is_not_archived",),
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
        killed_by=(GOING_ON + "test_what_is_proven_is_archived_and_all_adds_up_as_before",),
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
        killed_by=(GOING_ON + "test_what_goes_wrong_after_it_was_proven_is_found_and_stays_found",),
    ),
    Mutant(
        name="auditor: a check that could not run counts as done",
        file="services/auditor/auditor/audit.py",
        guard="if progress and not outcome.blind:",
        instead="if progress:",
        killed_by=(GOING_ON + "test_a_check_that_cannot_look_is_blind_and_the_others_go_on",),
    ),
    Mutant(
        name="auditor: a proof of one database is applied to another",
        file="services/auditor/auditor/progress.py",
        guard="known.databases == databases and ",
        instead="",
        killed_by=(
            GOING_ON
            + "test_everything_is_looked_at_when_it_is_asked_for_or_long_ago_or_what_was_proven_is_of_no_use",
        ),
    ),
    Mutant(
        name="publication's span: it is not in the message",
        file="shared/shared/relay/publisher.py",
        guard="**deadline, **onward},",
        instead="**deadline},",
        killed_by=(TRACES + "test_vs_01_a_message_is_followed_through_relay_and_handler_to_its_answer",),
    ),
    Mutant(
        name="open span: a published message has the incoming message as its parent",
        file="shared/shared/recording.py",
        guard="        self._followed.__enter__()\n",
        instead="        self._followed = None\n",
        killed_by=(
            SPANS + "test_vs_01_a_span_continues_what_is_followed_and_is_followed_itself",
            SPANS + "test_vs_01_what_is_said_in_a_span_follows_from_it",
        ),
    ),
    Mutant(
        name="no trace: an unrecorded parent is invented",
        file="shared/shared/spans.py",
        guard="return known.traceparent if _recorder else trace.child_of(known)",
        instead="return trace.child_of(known)",
        killed_by=(SPANS + "test_vs_01_what_is_said_for_no_request_makes_up_no_parent",),
    ),
    Mutant(
        name="privacy: a span contains the exception's text",
        file="shared/shared/recording.py",
        guard='"exception.stacktrace": where}',
        instead='"exception.stacktrace": where + str(failure)}',
        killed_by=(SPANS + "test_vs_01_a_refusal_is_an_answer_an_outage_and_an_exception_are_failures",),
    ),
    Mutant(
        name="provider's call: its row forgets the request",
        file="shared/shared/provider_calls/store.py",
        guard="followed = vars(request) if request else {}",
        instead="followed = {} if request else {}",
        killed_by=(
            PAYMENTS + "test_vs_01_the_call_to_the_provider_is_a_span_of_the_request_that_opened_the_payment",
            PAYMENTS + "test_vs_01_a_report_continues_the_request_it_is_about_and_is_linked_to_its_own",
        ),
    ),
    Mutant(
        name="degraded: a process without its database reports degraded, too",
        file="shared/shared/health.py",
        guard="was_ready and BEARABLE.issuperset(failing)",
        instead="was_ready",
        killed_by=(HEALTH + "test_vs_04_a_process_that_was_ready_bears_the_loss_of_its_broker_alone",),
    ),
    Mutant(
        name="degraded: a process that was never connected to its broker reports degraded, too",
        file="shared/shared/health.py",
        guard="was_ready and BEARABLE.issuperset(failing)",
        instead="BEARABLE.issuperset(failing)",
        killed_by=(HEALTH + "test_vs_04_a_process_that_never_had_its_broker_is_unready",),
    ),
    Mutant(
        name="frozen database: the relay relies on its last state",
        file="shared/shared/relay/relay.py",
        guard="return self._clock() - self._database_answered_at < FRESH",
        instead="return self._database_answered_at > 0",
        killed_by=(PROCESSES + "test_vs_04_a_frozen_database_is_as_good_as_none",),
    ),
]
