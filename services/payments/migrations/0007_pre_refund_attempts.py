"""Refunds have attempts with numbers of their own, and may be settled by hand; reports are stored first.

What no payment or refund explains is booked as unidentified, so a posting need not belong to a payment.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

ATTEMPTS = """
CREATE TABLE refund_attempts (
    attempt_id uuid PRIMARY KEY,
    refund_id uuid NOT NULL REFERENCES refunds,
    position integer NOT NULL CHECK (position > 0),
    state text NOT NULL CHECK (state IN ('asked', 'processing', 'abnormal', 'closed', 'succeeded')),
    word text,
    stalled_since timestamptz,
    asked_at timestamptz NOT NULL,
    UNIQUE (refund_id, position)
);
CREATE UNIQUE INDEX refund_attempts_one_is_live ON refund_attempts (refund_id)
    WHERE state IN ('asked', 'processing', 'abnormal');
INSERT INTO refund_attempts (attempt_id, refund_id, position, state, asked_at)
    SELECT refund_id, refund_id, 1,
        CASE state WHEN 'failed' THEN 'closed' ELSE state END, asked_at
    FROM refunds WHERE tender = 'provider' AND (state <> 'failed' OR EXISTS (
        SELECT FROM provider_calls WHERE key = refund_id AND kind = 'refund'));
DELETE FROM unanswered_commands WHERE kind = 'refund';

ALTER TABLE refunds DROP CONSTRAINT refunds_state_check;
ALTER TABLE refunds ADD CONSTRAINT refunds_state_check
    CHECK (state IN ('asked', 'processing', 'succeeded', 'settled_by_hand', 'failed'));

CREATE TABLE hand_settlements (
    about uuid PRIMARY KEY,
    paid_from text NOT NULL CHECK (paid_from IN ('bank', 'provider')),
    proof text NOT NULL,
    note text NOT NULL,
    proposed_by text NOT NULL,
    proposed_at timestamptz NOT NULL,
    confirmed_by text,
    confirmed_at timestamptz,
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL))
);
CREATE INDEX hand_settlements_by_proof ON hand_settlements (proof);
"""

UNIDENTIFIED = """
CREATE TABLE unidentified (
    unidentified_id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('receipt', 'refund')),
    why text NOT NULL,
    provider text NOT NULL,
    number text NOT NULL,
    out_trade_no text NOT NULL,
    provider_number text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL,
    happened_at timestamptz NOT NULL,
    booked_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'assigned', 'returned')),
    resolved_at timestamptz,
    CHECK ((state = 'open') = (resolved_at IS NULL)),
    UNIQUE (provider, kind, provider_number, why)
);
CREATE INDEX unidentified_open ON unidentified (unidentified_id) WHERE state = 'open';
ALTER TABLE ledger_postings ALTER COLUMN payment_id DROP NOT NULL;
"""

REPORTS = """
ALTER TABLE provider_notifications
    ADD COLUMN kind text,
    ADD COLUMN about jsonb,
    ADD COLUMN document jsonb,
    ADD COLUMN tries integer NOT NULL DEFAULT 0,
    ADD COLUMN judge_at timestamptz,
    ADD COLUMN outcome text;
CREATE INDEX provider_notifications_to_judge ON provider_notifications (judge_at) WHERE judge_at IS NOT NULL;
"""


def upgrade() -> None:
    for script in (ATTEMPTS, UNIDENTIFIED, REPORTS):
        op.execute(script)


def downgrade() -> None:
    op.execute("""
        ALTER TABLE provider_notifications DROP COLUMN kind, DROP COLUMN about, DROP COLUMN document,
            DROP COLUMN tries, DROP COLUMN judge_at, DROP COLUMN outcome;
        DROP TABLE unidentified, hand_settlements, refund_attempts;
    """)
