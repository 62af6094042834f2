"""The operator's tables: what people did to the system, and the messages that could not be handled."""

from typing import Any

TABLES = """
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

CREATE FUNCTION operator_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was done is not changed afterwards';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON operator_log
    FOR EACH STATEMENT EXECUTE FUNCTION operator_log_is_append_only();

-- `copy` tells copies of one failure from two failures; `retried`: how often an operator had tried again before.
CREATE TABLE dead_letter (
    dead_letter_id       uuid PRIMARY KEY,
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

-- A row of kind 'again' goes to one queue, not to an exchange. Earlier rows satisfy the narrower check.
ALTER TABLE outbox ADD COLUMN queue text;
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('event', 'command', 'again')) NOT VALID;
ALTER TABLE outbox ADD CONSTRAINT outbox_again_to_a_queue CHECK ((kind = 'again') = (queue IS NOT NULL)) NOT VALID;
CREATE INDEX outbox_message ON outbox (message_id);
"""


def create(op: Any) -> None:
    """Make the tables; `op` is alembic's operations module. The delivery core's are there already."""
    op.execute(TABLES)


def drop(op: Any) -> None:
    """Take them away again, with all that is in them."""
    op.execute("DROP INDEX outbox_message")
    op.execute("ALTER TABLE outbox DROP CONSTRAINT outbox_again_to_a_queue, DROP COLUMN queue")
    op.execute("DROP TABLE dead_letter, operator_log")
    op.execute("DROP FUNCTION operator_log_is_append_only")
