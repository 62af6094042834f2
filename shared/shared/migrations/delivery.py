"""The tables for messages and requests: outbox, relay lease, inbox, subscriptions, idempotency keys."""

from typing import Any

OUTBOX = """
-- Replies and messages that are sent again are addressed to a queue; events and commands to an exchange.
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
    sent_at       timestamptz,
    failed_at     timestamptz,
    error         text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT outbox_to_a_queue CHECK ((kind IN ('reply', 'again')) = (queue IS NOT NULL))
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

-- Purges use B-tree indexes: new rows reuse the space of purged ones, so BRIN ranges would mix old and new rows.
-- A claim reads only rows that are due, however many were sent or are delayed.
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

-- Which topics, or replies of topics, each consumer handles and since when: the auditor expects only these.
CREATE TABLE subscriptions (
    consumer text NOT NULL,
    topic    text NOT NULL,
    replies  boolean NOT NULL DEFAULT false,
    since    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, topic, replies)
);
"""
IDEMPOTENCY = """
-- Answers may contain personal data, so they are encrypted.
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
    """Create the tables; `op` is alembic's operations module."""
    for statements in (OUTBOX, INBOX, IDEMPOTENCY):
        op.execute(statements)


def drop(op: Any) -> None:
    """Drop the tables."""
    op.execute("DROP TABLE outbox, relay_lease, inbox, subscriptions, idempotency")
