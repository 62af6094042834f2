"""The tables for operators: operator log, dead letters, switches, reports of processes."""

from typing import Any

LOG = """
CREATE TABLE operator_log (
    entry_id uuid PRIMARY KEY,
    at       timestamptz NOT NULL,
    actor    text NOT NULL CHECK (actor <> ''),
    action   text NOT NULL CHECK (action <> ''),
    about    text NOT NULL,
    note     text NOT NULL,
    before   jsonb,
    after    jsonb
);
CREATE INDEX operator_log_about ON operator_log (about, entry_id);
CREATE INDEX operator_log_actor ON operator_log (actor, entry_id);

CREATE FUNCTION operator_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the operator log is append-only';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON operator_log
    FOR EACH STATEMENT EXECUTE FUNCTION operator_log_is_append_only();
"""
DEAD_LETTERS = """
-- `copy` is the same for all copies of one failure; `retried`: how often an operator had retried it before.
CREATE TABLE dead_letter (
    dead_letter_id  uuid PRIMARY KEY,
    copy            text NOT NULL UNIQUE,
    message_id      uuid,
    topic           text NOT NULL,
    queue           text NOT NULL,
    body            bytea NOT NULL,
    headers         jsonb NOT NULL,
    handler         text,
    exception       text,
    message         text,
    stack           text,
    attempts        integer,
    retried         integer NOT NULL,
    first_failed_at timestamptz,
    last_failed_at  timestamptz,
    host            text,
    arrived_at      timestamptz NOT NULL DEFAULT now(),
    state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'retried', 'archived')),
    closed_at       timestamptz,
    closed_by       text,
    CHECK ((state = 'open') = (closed_at IS NULL)),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL))
);
CREATE INDEX dead_letter_open ON dead_letter (topic, dead_letter_id) WHERE state = 'open';
CREATE INDEX dead_letter_by_state ON dead_letter (state, dead_letter_id);
CREATE INDEX dead_letter_of ON dead_letter (message_id);
CREATE INDEX dead_letter_closed ON dead_letter (closed_at) WHERE state <> 'open';
"""
SWITCHES = """
-- A row for each switch that was ever changed; all others are on.
CREATE TABLE switches (
    name       text PRIMARY KEY,
    is_on      boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL CHECK (changed_by <> ''),
    reason     text NOT NULL CHECK (reason <> '')
);
"""
REPORTS = """
-- What each running process reported last. `since`: since when its health is as it is.
CREATE TABLE process_report (
    instance   uuid PRIMARY KEY,
    process    text NOT NULL,
    host       text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now(),
    since      timestamptz NOT NULL DEFAULT now(),
    failing    jsonb NOT NULL,
    queues     jsonb NOT NULL,
    settings   jsonb NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX process_report_seen ON process_report (seen_at);
"""


def create(op: Any) -> None:
    """Create the tables; `op` is alembic's operations module."""
    for statements in (LOG, DEAD_LETTERS, SWITCHES, REPORTS):
        op.execute(statements)


def drop(op: Any) -> None:
    """Drop the tables."""
    op.execute("DROP TABLE process_report, switches, dead_letter, operator_log")
    op.execute("DROP FUNCTION operator_log_is_append_only")
