"""Sagas, and the erasures of those who ask for it."""

from alembic import op

from shared.migrations import changes, saga_archive, sagas

revision = "0013"
down_revision = "0012"

ERASURES = """
CREATE TABLE erasure (
    user_id       uuid PRIMARY KEY REFERENCES account,
    requested_by  uuid NOT NULL,
    requested_at  timestamptz NOT NULL,
    state         text NOT NULL CHECK (state IN ('running', 'waiting', 'withdrawn', 'erased')),
    attempt_id    uuid NOT NULL,
    open          jsonb NOT NULL,
    checked_at    timestamptz,
    next_check_at timestamptz CHECK ((next_check_at IS NOT NULL) = (state = 'waiting')),
    erased_at     timestamptz CHECK ((erased_at IS NOT NULL) = (state = 'erased'))
);
CREATE INDEX erasure_by_next_check ON erasure (next_check_at) WHERE next_check_at IS NOT NULL;

ALTER TABLE account DROP CONSTRAINT account_password_hash_check,
    ADD CONSTRAINT account_password_hash_check CHECK (password_hash LIKE '$argon2id$%' OR password_hash = '');
"""
BACK = """
ALTER TABLE account DROP CONSTRAINT account_password_hash_check,
    ADD CONSTRAINT account_password_hash_check CHECK (password_hash LIKE '$argon2id$%') NOT VALID;
DROP TABLE erasure;
"""
TRACKED = {"saga": "saga_id"}


def upgrade() -> None:
    sagas.create(op)
    changes.create(op, TRACKED)
    saga_archive.create(op)
    op.execute(ERASURES)


def downgrade() -> None:
    op.execute(BACK)
    saga_archive.drop(op)
    changes.drop(op, TRACKED)
    sagas.drop(op)
