"""The tables of the delivery core: outbox, relay's lease, inbox, what consumers listen to, idempotency keys."""

from typing import Any

OUTBOX = """
-- Replies, and messages that are delivered again, go to one queue; events and commands go to an exchange.
CREATE TABLE outbox (
    position      bigserial PRIMARY KEY,
    message_id    uuid NOT NULL,
    topic         text NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('event', 'command', 'reply', 'again')),
    queue         text,
    subject       text NOT NULL,
    body          text NOT NULL,
    headers       jsonb NOT NULL,
    not_before    timestamptz,
    within        integer,
    timer         jsonb,
    claimed_until timestamptz,
    claimed_in    uuid,
    sent_at       timestamptz,
    failed_at     timestamptz,
    error         text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT outbox_to_a_queue CHECK ((kind IN ('reply', 'again')) = (queue IS NOT NULL))
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

-- What is purged is found by plain indexes: new rows take the room of purged ones, and a BRIN range that
-- has ever held an old row is searched for old rows for ever.
-- A claim reads the waiting rows only, however many were sent, and however many timers lie ahead.
CREATE INDEX outbox_waiting ON outbox (position)
    WHERE sent_at IS NULL AND failed_at IS NULL AND not_before IS NULL;
CREATE INDEX outbox_timers ON outbox (not_before)
    WHERE sent_at IS NULL AND failed_at IS NULL AND not_before IS NOT NULL;
CREATE INDEX outbox_failed ON outbox (failed_at) WHERE failed_at IS NOT NULL;
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX outbox_message ON outbox (message_id);

CREATE TABLE relay_lease (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    holder   uuid,
    until    timestamptz NOT NULL
);
INSERT INTO relay_lease (until) VALUES (now());
"""
INBOX = """
CREATE TABLE inbox (
    consumer    text NOT NULL,
    message_id  uuid NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, message_id)
);
CREATE INDEX inbox_received ON inbox (received_at);

-- Which topics each consumer handles and since when, replies or not: the auditor expects only these.
CREATE TABLE listening (
    consumer text NOT NULL,
    topic    text NOT NULL,
    replies  boolean NOT NULL DEFAULT false,
    since    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, topic, replies)
);
"""
IDEMPOTENCY = """
-- Answers may tell of a person, so they are encrypted.
CREATE TABLE idempotency (
    caller     text NOT NULL,
    operation  text NOT NULL,
    key        text NOT NULL,
    request    text NOT NULL,
    answer     bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, operation, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);
"""


def create(op: Any) -> None:
    """Make the tables; `op` is alembic's operations module."""
    for statements in (OUTBOX, INBOX, IDEMPOTENCY):
        op.execute(statements)


def drop(op: Any) -> None:
    """Take them away again, with all that is in them."""
    op.execute("DROP TABLE outbox, relay_lease, inbox, listening, idempotency")
