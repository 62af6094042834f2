"""The table of provider calls."""

from typing import Any

TABLE = """
CREATE TABLE provider_calls (
    kind           text NOT NULL,
    key            uuid NOT NULL,
    about          uuid NOT NULL,
    urgent         boolean NOT NULL DEFAULT false,
    tries          integer NOT NULL DEFAULT 0,
    error          text,
    correlation_id uuid,
    traceparent    text,
    due_at         timestamptz,
    requested_at   timestamptz NOT NULL,
    PRIMARY KEY (kind, key)
);
"""
# A claim reads only due rows, urgent ones separately, however many calls are finished or due later.
INDEXES = """
CREATE INDEX provider_calls_urgent ON provider_calls (due_at) WHERE due_at IS NOT NULL AND urgent;
CREATE INDEX provider_calls_due ON provider_calls (due_at) WHERE due_at IS NOT NULL AND NOT urgent;
CREATE INDEX provider_calls_over ON provider_calls (requested_at) WHERE due_at IS NULL;
CREATE INDEX provider_calls_about ON provider_calls (about);
"""


def create(op: Any) -> None:
    """Create the table; `op` is alembic's operations module."""
    op.execute(TABLE + INDEXES)


def drop(op: Any) -> None:
    """Drop the table."""
    op.execute("DROP TABLE provider_calls")
