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
LADDER_SAFE = "test_whatever_is_dead_lettered_is_so_at_least_once_and_no_queue_drops_what_it_has_no_room_for"
KILLS_AGAIN = "test_dl_10_a_message_that_kills_its_process_again_and_again_is_a_dead_letter"
IDEMPOTENCY = (
    "shared/tests/integration/test_idempotency.py::"
    "test_thirty_equal_requests_at_once_are_carried_out_once_and_answered_alike"
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
        guard="earlier.holder IS NOT DISTINCT FROM :me AS kept",
        instead="false AS kept",
        killed_by=(ROWS + "test_ob_05_a_lease_that_ran_out_and_that_nobody_took_frees_no_claim_of_its_holder",),
    ),
    Mutant(
        name="lease: a process that waited while another took it takes it as well",
        file="shared/shared/relay/rows.py",
        guard="OR until > clock_timestamp() + :lease",
        instead="OR until > now() + :lease",
        killed_by=(ROWS + "test_ob_05_who_waited_for_the_lease_while_another_took_it_does_not_take_it_as_well",),
    ),
    Mutant(
        name="standby: the pool keeps connections to a standby",
        file="shared/shared/engine.py",
        guard="context.is_disconnect = True",
        instead="pass",
        killed_by=(CONFLICTS + "test_a_connection_to_a_standby_is_given_up",),
    ),
    Mutant(
        name="replies: a reply is sent to all consumers",
        file="shared/shared/outbox.py",
        guard='{"kind": messages.REPLY, "queue": queue}',
        instead='{"queue": None}',
        killed_by=(TRACE + "test_a_reply_goes_to_who_gave_the_command_and_a_fact_answers_nobody",),
    ),
    Mutant(
        name="replies: a fact caused by a command counts as its reply",
        file="shared/shared/delivery.py",
        guard="_maybe(UUID, headers.get(message_encoding.IN_REPLY_TO))",
        instead='_maybe(UUID, headers.get("causation_id"))',
        killed_by=(UNIT + "test_a_fact_that_follows_from_a_command_is_no_reply",),
    ),
    Mutant(
        name="replies: consumers of facts receive replies too",
        file="shared/shared/batches.py",
        guard="[e for e in envelopes if e.kind in handler.kinds]",
        instead="list(envelopes)",
        killed_by=(INBOX + "test_a_handler_of_facts_is_given_no_replies_and_the_other_way_round",),
    ),
    Mutant(
        name="inbox check: a handled message is handled again",
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
        name="confirm limit: a missing confirm is waited for without limit",
        file="shared/shared/relay/publisher.py",
        guard="if oldest and time.monotonic() - oldest.left_at > CONFIRM_WITHIN:",
        instead="if oldest and time.monotonic() < oldest.left_at:",
        killed_by=(REFUSING + "test_ob_07_what_is_not_confirmed_within_the_limit_is_sent_again_with_its_id",),
    ),
    Mutant(
        name="refused: a negative confirm counts as a confirm",
        file="shared/shared/relay/publisher.py",
        guard="else self._consumer.refused",
        instead="else self._consumer.confirmed",
        killed_by=(
            REFUSING + "test_ob_06_ob_07_what_the_broker_refuses_is_sent_again_and_nothing_of_its_subject_before",
        ),
    ),
    Mutant(
        name="claim term: rows claimed by a dead relay wait until the claim expires",
        file="shared/shared/relay/rows.py",
        guard="""WHERE sent_at IS NULL AND failed_at IS NULL AND not_before IS NULL
          AND (claimed_in IS DISTINCT FROM :term OR claimed_until < now())""",
        instead="""WHERE sent_at IS NULL AND failed_at IS NULL AND not_before IS NULL
          AND (claimed_until IS NULL OR claimed_until < now())""",
        killed_by=(
            RELAY + "test_ob_05_a_second_relay_waits_and_takes_over_what_a_dead_one_had_claimed",
            KILLED_RELAYS
            + "test_ob_05_of_two_relays_one_sends_each_row_once_and_the_other_takes_over_from_a_dead_one",
        ),
    ),
    Mutant(
        name="skip locked: rows locked by a frozen relay are overtaken by later ones",
        file="shared/shared/relay/rows.py",
        guard="ORDER BY position LIMIT :most FOR UPDATE",
        instead="ORDER BY position LIMIT :most FOR UPDATE SKIP LOCKED",
        killed_by=(ROWS + "test_ob_06_rows_that_a_frozen_relay_has_locked_are_waited_for_and_not_passed",),
    ),
    Mutant(
        name="relay lease: every relay is the leader",
        file="shared/shared/relay/rows.py",
        guard="WHERE relay_lease.holder = :me OR until < clock_timestamp()",
        instead="WHERE relay_lease.holder = :me OR until IS NOT NULL",
        killed_by=(RELAY + "test_ob_05_a_second_relay_waits_and_takes_over_what_a_dead_one_had_claimed",),
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
        killed_by=(RETENTION + "test_ob_11_sent_rows_are_purged_after_their_time_and_unsent_ones_never",),
    ),
    Mutant(
        name="poisoned row: a row that cannot be written blocks the others",
        file="shared/shared/relay/relay.py",
        guard="                self._give_up(row, repr(failure))",
        instead="                self._lanes.rest(row)\n                observe.log.error(repr(failure))",
        killed_by=(RELAY + "test_ob_10_rows_that_can_never_be_sent_end_as_failed_and_block_nobody",),
    ),
    Mutant(
        name="clock: a command's deadline counts from its publication",
        file="shared/shared/relay/rows.py",
        guard='"not_before": now + timedelta(milliseconds=row.within or 0),',
        instead='"not_before": row.created_at + timedelta(milliseconds=row.within or 0),',
        killed_by=(RELAY + "test_a_commands_clock_starts_when_the_broker_has_confirmed_it",),
    ),
    Mutant(
        name="mandatory: an unroutable command is not noticed",
        file="shared/shared/relay/publisher.py",
        guard="mandatory=True",
        instead="mandatory=False",
        killed_by=(
            RELAY + "test_ob_08_ob_10_the_real_broker_says_what_it_cannot_route_and_what_cannot_be_written",
        ),
    ),
    Mutant(
        name="lane order: the messages of a subject in transit are not limited",
        file="shared/shared/relay/lanes.py",
        guard="if len(lane) == 1:",
        instead="if len(lane) >= 1:",
        killed_by=(RELAY + "test_ob_06_messages_of_one_subject_leave_in_order_though_the_broker_refuses_one",),
    ),
    Mutant(
        name="inbox lock: of two concurrent copies the second checks before the first has committed",
        file="shared/shared/inbox.py",
        guard="""    INSERT INTO inbox (consumer, message_id)
    SELECT :consumer, message_id FROM unnest(CAST(:ids AS uuid[])) AS message_id
    ON CONFLICT DO NOTHING
    RETURNING message_id
""",
        instead="""    WITH noted AS (
        INSERT INTO inbox (consumer, message_id)
        SELECT :consumer, message_id FROM unnest(CAST(:ids AS uuid[])) AS message_id
        ON CONFLICT DO NOTHING
    )
    SELECT message_id FROM unnest(CAST(:ids AS uuid[])) AS message_id
    WHERE message_id NOT IN (SELECT message_id FROM inbox WHERE consumer = :consumer)
""",
        killed_by=(
            INBOX + "test_ib_02_a_message_that_comes_twice_at_the_same_moment_has_one_effect",
            KILLED + "test_ib_02_one_message_in_two_processes_at_the_same_moment_has_one_effect",
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
        killed_by=(INBOX + "test_ib_03_a_handler_that_fails_leaves_neither_effect_nor_memory_nor_message",),
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
        guard="fresh = not any(delivery.redelivered for delivery in deliveries)",
        instead="fresh = bool(deliveries)",
        killed_by=(
            POISON + "test_dl_10_messages_that_kill_their_process_are_stopped_and_take_no_innocents_along",
        ),
    ),
    Mutant(
        name="receiver: it is named when messages are already in transit",
        file="shared/shared/consumer.py",
        guard="        channel.callbacks[tag] = self._receive",
        instead="        channel.callbacks.pop(tag, None)",
        killed_by=(POISON + "test_dl_10_what_is_handled_was_delivered_once_however_much_comes",),
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
            CONFLICTS + "test_dl_09_a_database_that_is_gone_is_no_fault_of_the_message",
            CONFLICTS + "test_dl_09_a_server_that_stops_stands_by_or_is_full_is_no_fault_of_the_message",
        ),
    ),
    Mutant(
        name="lost race: it excuses any later failure",
        file="shared/shared/batches.py",
        guard="not (is_race and races <= RACE_TRIES)",
        instead="not 0 < races <= RACE_TRIES",
        killed_by=(CONFLICTS + "test_ib_08_a_race_that_was_lost_excuses_no_other_failure",),
    ),
    Mutant(
        name="conflict: a deadlock counts as an attempt",
        file="shared/shared/db_failures.py",
        guard="CONFLICTS = {SERIALIZATION_FAILURE, DEADLOCK, LOCK_NOT_AVAILABLE}",
        instead="CONFLICTS = {SERIALIZATION_FAILURE}",
        killed_by=(CONFLICTS + "test_ib_08_a_whole_batch_is_tried_again_after_a_deadlock",),
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
        killed_by=(
            RETENTION + "test_a_purge_that_fails_keeps_no_other_table_waiting_and_tries_fewer_rows_next_time",
        ),
    ),
    Mutant(
        name="purge: a run does not end while there are old rows",
        file="shared/shared/retention.py",
        guard="for _ in range(batches):",
        instead="for _ in range(1000):",
        killed_by=(
            RETENTION
            + "test_no_transaction_of_a_purge_removes_more_than_a_batch_and_no_round_more_than_its_budget",
        ),
    ),
    Mutant(
        name="purge's lock: one process's purge waits for another's",
        file="shared/shared/retention.py",
        guard="ORDER BY {self.since} LIMIT :most FOR UPDATE SKIP LOCKED",
        instead="ORDER BY {self.since} LIMIT :most",
        killed_by=(RETENTION + "test_ob_11_a_purge_under_way_keeps_nobody_waiting",),
    ),
    Mutant(
        name="time to live: a call past its deadline is executed",
        file="shared/shared/rpc.py",
        guard="        if request.seconds_left <= 0:\n            observe.rpc_dropped",
        instead="        if request.seconds_left <= -3600:\n            observe.rpc_dropped",
        killed_by=(RPC + "test_dl_12_a_question_past_its_deadline_is_dropped_before_it_is_handled_and_counted",),
    ),
    Mutant(
        name="by hand: a message without a stored state is retried",
        file="shared/shared/retention_periods.py",
        guard="BY_HAND = timedelta(days=21)",
        instead="BY_HAND = timedelta(days=365)",
        killed_by=(UNIT + "test_ib_06_the_inbox_remembers_for_longer_than_a_message_can_come_again",),
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
        killed_by=(LADDER + "test_dl_04_what_cannot_be_read_is_dead_at_once",),
    ),
]
