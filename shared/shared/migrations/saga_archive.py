"""Sagas that ended long ago are counted by day, and deleted with their transitions."""

from typing import Any

# Transitions go with their saga only, and only while an archive says so.
TABLES = """
CREATE TABLE saga_summary (
    day         date NOT NULL,
    name        text NOT NULL,
    status      text NOT NULL,
    sagas       bigint NOT NULL,
    transitions bigint NOT NULL,
    PRIMARY KEY (day, name, status)
);
CREATE INDEX saga_ended ON saga (modified_at, saga_id) WHERE status IN ('done', 'undone');

CREATE OR REPLACE FUNCTION saga_transition_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('jishi.archiving', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'what happened to a saga is not changed afterwards';
END $$;
"""
BACK = """
CREATE OR REPLACE FUNCTION saga_transition_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what happened to a saga is not changed afterwards';
END $$;
DROP INDEX saga_ended;
DROP TABLE saga_summary;
"""


def create(op: Any) -> None:
    """Make the table; `op` is alembic's operations module. The sagas' own tables are there, with `modified_at`."""
    op.execute(TABLES)


def drop(op: Any) -> None:
    """Take it away again."""
    op.execute(BACK)
