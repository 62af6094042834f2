"""Guards of the delivery core (outbox, relay, inbox, ladder), switched off one at a time."""

from tests.mutants.mutant import Mutant

INBOX = "shared/tests/integration/test_inbox.py::"
RELAY = "shared/tests/integration/test_relay.py::"
CONFLICTS = "shared/tests/integration/test_conflicts.py::"
LADDER = "shared/tests/integration/test_ladder.py::"

DELIVERY = [
    Mutant(
        name="inbox check: what was handled is handled again",
        file="shared/shared/batches.py",
        guard="if e.message_id in fresh}",
        instead="if fresh is not None}",
        killed_by=(
            INBOX + "test_ib_01_a_message_that_comes_twice_has_one_effect",
            INBOX + "test_ib_05_a_redelivery_after_the_commit_says_nothing_new",
        ),
    ),
    Mutant(
        name="confirm wait: a row is marked as sent when it is published",
        file="shared/shared/relay/relay.py",
        guard="""                self._sender.publish(row)
""",
        instead="""                self._sender.publish(row)
                self.confirmed(row)
""",
        killed_by=(RELAY + "test_ob_07_a_row_is_sent_only_when_the_broker_confirms_it",),
    ),
    Mutant(
        name="mandatory: nobody notices that no queue takes a command",
        file="shared/shared/relay/publisher.py",
        guard="mandatory=True",
        instead="mandatory=False",
        killed_by=(
            RELAY + "test_ob_08_ob_10_the_real_broker_says_what_it_cannot_route_and_what_cannot_be_written",
        ),
    ),
    Mutant(
        name="lane order: a subject has as many messages on their way as it likes",
        file="shared/shared/relay/lanes.py",
        guard="if len(lane) == 1:",
        instead="if len(lane) >= 1:",
        killed_by=(RELAY + "test_ob_06_messages_of_one_subject_leave_in_order_though_the_broker_refuses_one",),
    ),
    Mutant(
        name="unreadable: what cannot be read climbs the ladder",
        file="shared/shared/delivery.py",
        guard="class Unreadable(Unrecoverable):",
        instead="class Unreadable(Exception):",
        killed_by=(LADDER + "test_dl_04_what_cannot_be_read_is_dead_at_once",),
    ),
]
