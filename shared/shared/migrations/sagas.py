"""The tables of sagas: their state, transitions, locked resources, and counts of archived ones."""

from typing import Any

from shared.migrations import auditing

TABLES = """
CREATE TABLE saga (
    saga_id      uuid PRIMARY KEY,
    name         text NOT NULL,
    business_key text NOT NULL,
    version      integer NOT NULL,
    status       text NOT NULL CHECK (status IN ('waiting', 'running', 'undoing', 'stuck', 'done', 'undone')),
    step         text,
    attempt      integer NOT NULL,
    tries        integer NOT NULL,
    awaiting     uuid,
    undo         jsonb NOT NULL,
    met          jsonb NOT NULL,
    reason       text,
    cancel_requested text,
    state        jsonb NOT NULL,
    started_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    modified_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT saga_one_per_key UNIQUE (name, business_key)
);
CREATE UNIQUE INDEX saga_awaiting ON saga (awaiting) WHERE awaiting IS NOT NULL;
CREATE INDEX saga_open ON saga (name, status, updated_at) WHERE status NOT IN ('done', 'undone');
CREATE INDEX saga_by_status ON saga (status, saga_id);
CREATE INDEX saga_ended ON saga (modified_at, saga_id) WHERE status IN ('done', 'undone');

CREATE TABLE saga_transition (
    position    bigserial PRIMARY KEY,
    saga_id     uuid NOT NULL REFERENCES saga,
    at          timestamptz NOT NULL,
    input       jsonb NOT NULL,
    from_status text,
    from_step   text,
    to_status   text NOT NULL,
    to_step     text,
    command_id  uuid,
    cause_id    uuid,
    actor       text NOT NULL,
    note        text
);
CREATE INDEX saga_transition_of ON saga_transition (saga_id, position);

-- Transitions are deleted only with their saga, by archiving, which sets jishi.archiving in its transaction.
CREATE FUNCTION saga_transition_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('jishi.archiving', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'saga transitions are append-only';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON saga_transition
    FOR EACH ROW EXECUTE FUNCTION saga_transition_is_append_only();

CREATE TABLE saga_lock (
    position bigserial PRIMARY KEY,
    resource text NOT NULL,
    saga_id  uuid NOT NULL REFERENCES saga,
    UNIQUE (resource, saga_id)
);
CREATE INDEX saga_lock_of ON saga_lock (saga_id);

-- Archived sagas: counted by day and then deleted.
CREATE TABLE saga_summary (
    day         date NOT NULL,
    name        text NOT NULL,
    status      text NOT NULL,
    sagas       bigint NOT NULL,
    transitions bigint NOT NULL,
    PRIMARY KEY (day, name, status)
);
"""


def create(op: Any) -> None:
    """Create the tables; `op` is alembic's operations module. Those of `auditing` must exist."""
    op.execute(TABLES)
    auditing.track(op, {"saga": "saga_id"})


def drop(op: Any) -> None:
    """Drop the tables."""
    op.execute("DROP TABLE saga_summary, saga_lock, saga_transition, saga")
    op.execute("DROP FUNCTION saga_transition_is_append_only")
