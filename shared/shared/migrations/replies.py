"""Replies: outbox rows that go to who gave a command, and consumers that listen to these and not to the facts."""

from typing import Any

# Earlier rows satisfy the narrower checks.
CHANGES = """
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check, DROP CONSTRAINT outbox_again_to_a_queue;
ALTER TABLE outbox
    ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('event', 'command', 'reply', 'again')) NOT VALID,
    ADD CONSTRAINT outbox_to_a_queue CHECK ((kind IN ('reply', 'again')) = (queue IS NOT NULL)) NOT VALID;

ALTER TABLE listening ADD COLUMN replies boolean NOT NULL DEFAULT false;
ALTER TABLE listening DROP CONSTRAINT listening_pkey, ADD PRIMARY KEY (consumer, topic, replies);
"""
# Replies cannot be told from facts any more: who listened to replies notes anew what it listens to.
BACK = """
DELETE FROM listening WHERE replies;
ALTER TABLE listening DROP CONSTRAINT listening_pkey, ADD PRIMARY KEY (consumer, topic), DROP COLUMN replies;

UPDATE outbox SET kind = 'event', queue = NULL WHERE kind = 'reply';
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check, DROP CONSTRAINT outbox_to_a_queue;
ALTER TABLE outbox
    ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('event', 'command', 'again')) NOT VALID,
    ADD CONSTRAINT outbox_again_to_a_queue CHECK ((kind = 'again') = (queue IS NOT NULL)) NOT VALID;
"""


def create(op: Any) -> None:
    """Make room for replies; `op` is alembic's operations module."""
    op.execute(CHANGES)


def drop(op: Any) -> None:
    """Take it away again; replies that wait leave as facts."""
    op.execute(BACK)
