"""The tables of the sagas: how each stands, how it got there, and which resources it holds."""

from typing import Any

TABLES = """
CREATE TABLE saga (
    saga_id      uuid PRIMARY KEY,
    name         text NOT NULL,
    business_key text NOT NULL,
    version      integer NOT NULL,
    status       text NOT NULL CHECK (status IN ('waiting', 'running', 'undoing', 'stuck', 'done', 'undone')),
    step         text,
    attempt      integer NOT NULL,
    asked        integer NOT NULL,
    awaiting     uuid,
    undo         jsonb NOT NULL,
    met          jsonb NOT NULL,
    reason       text,
    wish         text,
    state        jsonb NOT NULL,
    started_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT saga_one_per_key UNIQUE (name, business_key)
);
CREATE UNIQUE INDEX saga_awaiting ON saga (awaiting) WHERE awaiting IS NOT NULL;
CREATE INDEX saga_open ON saga (name, status, updated_at) WHERE status NOT IN ('done', 'undone');
CREATE INDEX saga_by_status ON saga (status, saga_id);

CREATE TABLE saga_transition (
    position    bigserial PRIMARY KEY,
    saga_id     uuid NOT NULL REFERENCES saga,
    at          timestamptz NOT NULL,
    input       jsonb NOT NULL,
    from_status text,
    from_step   text,
    to_status   text NOT NULL,
    to_step     text,
    said        uuid,
    cause_id    uuid,
    actor       text NOT NULL,
    note        text
);
CREATE INDEX saga_transition_of ON saga_transition (saga_id, position);

CREATE FUNCTION saga_transition_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what happened to a saga is not changed afterwards';
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
"""


def create(op: Any) -> None:
    """Make the tables; `op` is alembic's operations module."""
    op.execute(TABLES)


def drop(op: Any) -> None:
    """Take them away again, with all that is in them."""
    op.execute("DROP TABLE saga_lock, saga_transition, saga")
    op.execute("DROP FUNCTION saga_transition_is_append_only")
