"""Guards of message delivery (outbox, relay, inbox, ladder)."""

from tests.mutants.mutant import Mutant

INBOX = "shared/tests/integration/test_inbox.py::"
RPC = "shared/tests/integration/test_rpc.py::"
TRACE = "shared/tests/unit/test_trace.py::"
UNIT = "shared/tests/unit/test_delivery.py::"
RELAY = "shared/tests/integration/test_relay.py::"
CONFLICTS = "shared/tests/integration/test_conflicts.py::"
KILLED = "shared/tests/integration/test_killed_handlers.py::"
POISON = "shared/tests/integration/test_poison.py::"
TOPOLOGY = "shared/tests/integration/test_topology.py::"
LADDER_SAFE = "test_dead_lettering_is_at_least_once_and_full_queues_refuse_messages"
KILLS_AGAIN = "test_dl_10_a_message_that_keeps_killing_its_process_becomes_a_dead_letter"
IDEMPOTENCY = (
    "shared/tests/integration/test_idempotency.py::"
    "test_thirty_equal_concurrent_requests_are_carried_out_once_and_answered_alike"
)
ROWS = "shared/tests/integration/test_relay_rows.py::"
RETENTION = "shared/tests/integration/test_retention.py::"
KILLED_RELAYS = "shared/tests/integration/test_killed_relays.py::"
SAME_ID = "test_ob_03_a_relay_killed_at_any_step_loses_nothing_and_every_copy_has_the_same_id"
REFUSING = "shared/tests/integration/test_refusing_broker.py::"
LADDER = "shared/tests/integration/test_ladder.py::"

DELIVERY = [
    Mutant(
        name="lease: an expired one frees the claims of its holder, though no other process took it",
        file="shared/shared/relay/rows.py",
        guard="earlier.holder IS NOT DISTINCT FROM :me AS renewed",
        instead="false AS renewed",
        killed_by=(RELAY + "test_ob_05_a_relay_that_renews_its_expired_lease_does_not_publish_its_rows_again",),
    ),
    Mutant(
        name="lease: a process that waited while another acquired it acquires it as well",
        file="shared/shared/relay/rows.py",
        guard="OR until > clock_timestamp() + :lease",
        instead="OR until > now() + :lease",
        killed_by=(ROWS + "test_ob_05_a_relay_that_waited_while_another_took_the_lease_does_not_take_it_too",),
    ),
    Mutant(
        name="standby: the pool keeps connections to a standby",
        file="shared/shared/engine.py",
        guard="context.is_disconnect = True",
        instead="pass",
        killed_by=(CONFLICTS + "test_a_connection_to_a_standby_is_dropped",),
    ),
    Mutant(
        name="replies: a reply is sent to all consumers",
        file="shared/shared/outbox.py",
        guard='{"kind": messages.REPLY, "queue": queue}',
        instead='{"queue": None}',
        killed_by=(TRACE + "test_a_reply_goes_to_the_sender_of_the_command_and_an_event_is_no_reply",),
    ),
    Mutant(
        name="replies: an event caused by a command counts as its reply",
        file="shared/shared/delivery.py",
        guard="_maybe(UUID, headers.get(message_encoding.IN_REPLY_TO))",
        instead='_maybe(UUID, headers.get("causation_id"))',
        killed_by=(UNIT + "test_an_event_caused_by_a_command_is_not_a_reply",),
    ),
    Mutant(
        name="replies: consumers of events receive replies too",
        file="shared/shared/batches.py",
        guard="for envelope in own if envelope.kind in handler.kinds]",
        instead="for envelope in own]",
        killed_by=(INBOX + "test_a_handler_of_events_receives_no_replies_and_vice_versa",),
    ),
    Mutant(
        name="inbox check: a handled message is handled again",
        file="shared/shared/batches.py",
        guard="if e.message_id in unhandled}",
        instead="if unhandled is not None}",
        killed_by=(
            INBOX + "test_ib_01_a_message_delivered_twice_takes_effect_once",
            INBOX + "test_ib_05_a_redelivery_after_the_commit_publishes_nothing",
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
        killed_by=(RELAY + "test_ob_07_a_row_is_marked_as_sent_only_after_its_confirm",),
    ),
    Mutant(
        name="confirm limit: a missing confirm is waited for without limit",
        file="shared/shared/relay/publisher.py",
        guard="if oldest and time.monotonic() - oldest.published_at > CONFIRM_WITHIN:",
        instead="if oldest and time.monotonic() < oldest.published_at:",
        killed_by=(REFUSING + "test_ob_07_a_message_not_confirmed_in_time_is_sent_again_with_the_same_id",),
    ),
    Mutant(
        name="refused: a negative confirm counts as a confirm",
        file="shared/shared/relay/publisher.py",
        guard="else self._callbacks.refused",
        instead="else self._callbacks.confirmed",
        killed_by=(REFUSING + "test_ob_06_ob_07_a_refused_message_is_sent_again_before_any_other_of_its_subject",),
    ),
    Mutant(
        name="lease: a relay trusts what it held before another one took the lease",
        file="shared/shared/relay/relay.py",
        guard="if lease is not Lease.RENEWED:",
        instead="if lease is None:",
        killed_by=(RELAY + "test_ob_05_a_relay_publishes_its_rows_again_if_another_one_took_the_lease_meanwhile",),
    ),
    Mutant(
        name="claim: rows that are held are claimed again",
        file="shared/shared/relay/rows.py",
        guard=" AND position <> ALL(CAST(:held AS bigint[]))",
        instead=" AND CAST(:held AS bigint[]) IS NOT NULL",
        killed_by=(ROWS + "test_a_claim_finds_neither_rows_that_are_held_nor_those_that_were_sent",),
    ),
    Mutant(
        name="skip locked: rows locked by a frozen relay are overtaken by later ones",
        file="shared/shared/relay/rows.py",
        guard="({UNSENT} AND not_before IS NULL ORDER BY position LIMIT :most)",
        instead="SELECT * FROM ({UNSENT} AND not_before IS NULL ORDER BY position LIMIT :most"
        " FOR UPDATE SKIP LOCKED) AS waiting",
        killed_by=(ROWS + "test_ob_06_rows_that_a_frozen_relay_is_marking_are_not_overtaken",),
    ),
    Mutant(
        name="relay lease: every relay is the leader",
        file="shared/shared/relay/rows.py",
        guard="WHERE relay_lease.holder = :me OR until < clock_timestamp()",
        instead="WHERE relay_lease.holder = :me OR until IS NOT NULL",
        killed_by=(RELAY + "test_ob_05_a_second_relay_waits_and_takes_over_the_claims_of_a_dead_one",),
    ),
    Mutant(
        name="same id: a message that is sent again gets a new id",
        file="shared/shared/relay/publisher.py",
        guard="message_id=str(row.message_id),",
        instead="message_id=str(__import__('uuid').uuid4()),",
        killed_by=(KILLED_RELAYS + SAME_ID + "[shared.relay.rows:Rows.sent before]",),
    ),
    Mutant(
        name="purge: old unsent rows are removed too",
        file="shared/shared/retained.py",
        guard='since="sent_at"',
        instead='since="created_at"',
        killed_by=(RETENTION + "test_ob_11_sent_rows_are_purged_after_their_retention_and_unsent_ones_never",),
    ),
    Mutant(
        name="poisoned row: a row that cannot be written blocks the others",
        file="shared/shared/relay/relay.py",
        guard="                self._give_up(row, repr(failure))",
        instead="                self._lanes.refuse(row)\n                observe.log.error(repr(failure))",
        killed_by=(RELAY + "test_ob_10_rows_that_can_never_be_sent_are_marked_as_failed_and_block_no_others",),
    ),
    Mutant(
        name="clock: a second mark restarts a command's time",
        file="shared/shared/relay/rows.py",
        guard="WHERE position = ANY(:positions) AND sent_at IS NULL",
        instead="WHERE position = ANY(:positions)",
        killed_by=(RELAY + "test_the_time_of_a_command_starts_at_the_first_confirm_and_no_later_mark_changes_it",),
    ),
    Mutant(
        name="mandatory: an unroutable command is not noticed",
        file="shared/shared/relay/publisher.py",
        guard="mandatory=True",
        instead="mandatory=False",
        killed_by=(RELAY + "test_ob_08_ob_10_unroutable_and_unsendable_messages_are_counted_with_a_real_broker",),
    ),
    Mutant(
        name="lane order: the messages of a subject in transit are not limited",
        file="shared/shared/relay/lanes.py",
        guard="if len(lane) == 1:",
        instead="if len(lane) >= 1:",
        killed_by=(RELAY + "test_ob_06_messages_of_one_subject_are_published_in_order_despite_a_refusal",),
    ),
    Mutant(
        name="inbox lock: of two concurrent copies the second checks before the first has committed",
        file="shared/shared/inbox.py",
        guard="""    INSERT INTO inbox (consumer, message_id)
    SELECT %(consumer)s, message_id FROM unnest(CAST(%(ids)s AS uuid[])) AS message_id
    ON CONFLICT DO NOTHING
    RETURNING CAST(message_id AS text)
""",
        instead="""    WITH noted AS (
        INSERT INTO inbox (consumer, message_id)
        SELECT %(consumer)s, message_id FROM unnest(CAST(%(ids)s AS uuid[])) AS message_id
        ON CONFLICT DO NOTHING
    )
    SELECT CAST(message_id AS text) FROM unnest(CAST(%(ids)s AS uuid[])) AS message_id
    WHERE message_id NOT IN (SELECT message_id FROM inbox WHERE consumer = %(consumer)s)
""",
        killed_by=(
            INBOX + "test_ib_02_a_message_delivered_twice_concurrently_takes_effect_once",
            KILLED + "test_ib_02_one_message_in_two_processes_at_the_same_time_takes_effect_once",
        ),
    ),
    Mutant(
        name="inbox key: two handlers of one event share an inbox entry",
        file="shared/shared/batches.py",
        guard="inbox.remember(work.connection, handler.consumer,",
        instead="inbox.remember(work.connection, self.topic,",
        killed_by=(INBOX + "test_ib_04_two_handlers_of_one_event_both_run",),
    ),
    Mutant(
        name="one transaction: the inbox entry is committed before the handler has run",
        file="shared/shared/batches.py",
        guard="""                new = {e.message_id""",
        instead="""                work.connection.commit()
                work.connection.begin()
                new = {e.message_id""",
        killed_by=(INBOX + "test_ib_03_a_failed_handler_leaves_no_effect_no_inbox_row_and_no_message",),
    ),
    Mutant(
        name="acknowledgement: a message is acknowledged when it arrives",
        file="shared/shared/consumer.py",
        guard="""            self._waiting.append((message.channel, message))""",
        instead="""            message.channel.basic_ack(message.delivery_tag)
            self._waiting.append((message.channel, message))""",
        killed_by=(
            KILLED + "test_ob_09_a_message_is_acknowledged_after_the_commit_and_does_not_wait_for_the_relay",
        ),
    ),
    Mutant(
        name="redelivered: the window grows although messages are redelivered",
        file="shared/shared/consumer.py",
        guard="all_first = not any(delivery.redelivered for delivery in deliveries)",
        instead="all_first = bool(deliveries)",
        killed_by=(POISON + "test_dl_10_poison_messages_become_dead_letters_and_all_others_are_handled",),
    ),
    Mutant(
        name="receiver: it is named when messages are already in transit",
        file="shared/shared/consumer.py",
        guard="        channel.callbacks[tag] = self._receive",
        instead="        channel.callbacks.pop(tag, None)",
        killed_by=(POISON + "test_dl_10_each_handled_message_was_delivered_once_under_load",),
    ),
    Mutant(
        name="delivery limit: a message that kills its process is redelivered without limit",
        file="shared/shared/topology.py",
        guard='        "x-delivery-limit": DELIVERY_LIMIT,\n',
        instead="",
        killed_by=(TOPOLOGY + KILLS_AGAIN,),
    ),
    Mutant(
        name="database unavailable: it counts as a failed attempt of the message",
        file="shared/shared/batches.py",
        guard="if db_failures.is_outage(failure):",
        instead="if failure is None:",
        killed_by=(
            CONFLICTS + "test_dl_09_an_unreachable_database_is_not_a_failure_of_the_message",
            CONFLICTS + "test_dl_09_a_server_that_stops_is_a_standby_or_is_full_is_not_a_failure_of_the_message",
        ),
    ),
    Mutant(
        name="lost race: it excuses any later failure",
        file="shared/shared/batches.py",
        guard="not (is_race and races <= RACE_TRIES)",
        instead="not 0 < races <= RACE_TRIES",
        killed_by=(CONFLICTS + "test_ib_08_a_failure_after_a_lost_race_still_counts_as_a_failure",),
    ),
    Mutant(
        name="conflict: a deadlock counts as an attempt",
        file="shared/shared/db_failures.py",
        guard="CONFLICTS = {SERIALIZATION_FAILURE, DEADLOCK, LOCK_NOT_AVAILABLE}",
        instead="CONFLICTS = {SERIALIZATION_FAILURE}",
        killed_by=(CONFLICTS + "test_ib_08_a_whole_batch_is_retried_after_a_deadlock",),
    ),
    Mutant(
        name="unrecoverable: a permanent failure is retried",
        file="shared/shared/delivery.py",
        guard="if isinstance(failure, Unrecoverable) or rounds > len(self.rungs):",
        instead="if rounds > len(self.rungs):",
        killed_by=(UNIT + "test_dl_05_an_unrecoverable_failure_has_no_second_round",),
    ),
    Mutant(
        name="idempotency: a repeated key executes the request again",
        file="shared/shared/idempotency.py",
        guard="""    if seen is not None:
        return seen["answer"]
""",
        instead="",
        killed_by=(IDEMPOTENCY,),
    ),
    Mutant(
        name="ladder: a message is lost when the broker stops while it is moved",
        file="shared/shared/topology.py",
        guard='"x-dead-letter-strategy": "at-least-once"',
        instead='"x-dead-letter-strategy": "at-most-once"',
        killed_by=(TOPOLOGY + LADDER_SAFE,),
    ),
    Mutant(
        name="purge: a table that cannot be purged blocks the others",
        file="shared/shared/retention.py",
        guard="            if is_outage(failure):\n                raise",
        instead="            raise",
        killed_by=(RETENTION + "test_a_failed_purge_does_not_delay_other_tables_and_uses_smaller_batches",),
    ),
    Mutant(
        name="purge: a run does not end while there are old rows",
        file="shared/shared/retention.py",
        guard="for _ in range(batches):",
        instead="for _ in range(1000):",
        killed_by=(RETENTION + "test_a_purge_is_limited_to_a_batch_per_transaction_and_a_budget_per_round",),
    ),
    Mutant(
        name="purge's lock: one process's purge waits for another's",
        file="shared/shared/retention.py",
        guard="ORDER BY {self.since} LIMIT :most FOR UPDATE SKIP LOCKED",
        instead="ORDER BY {self.since} LIMIT :most",
        killed_by=(RETENTION + "test_ob_11_a_running_purge_blocks_no_other_transaction",),
    ),
    Mutant(
        name="time to live: a call past its deadline is executed",
        file="shared/shared/rpc.py",
        guard="                if request.seconds_left > 0:",
        instead="                if request.seconds_left > -3600:",
        killed_by=(RPC + "test_dl_12_a_request_past_its_deadline_is_dropped_unhandled_and_counted",),
    ),
    Mutant(
        name="message without a stored state: it is retried",
        file="shared/shared/retention_periods.py",
        guard="BY_HAND = timedelta(days=21)",
        instead="BY_HAND = timedelta(days=365)",
        killed_by=(UNIT + "test_ib_06_the_inbox_keeps_ids_for_longer_than_a_message_can_be_redelivered",),
    ),
    Mutant(
        name="growing delay: every step of the ladder is the first one",
        file="shared/shared/delivery.py",
        guard="rung = self.rungs[rounds - 1]",
        instead="rung = self.rungs[0]",
        killed_by=(UNIT + "test_dl_01_total_tries_are_immediate_plus_one_times_rungs_plus_one",),
    ),
    Mutant(
        name="unreadable: an unreadable message is retried on the ladder",
        file="shared/shared/delivery.py",
        guard="class Unreadable(Unrecoverable):",
        instead="class Unreadable(Exception):",
        killed_by=(LADDER + "test_dl_04_an_unreadable_message_is_dead_at_once",),
    ),
]
