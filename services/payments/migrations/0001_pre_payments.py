"""Payments, refunds, the provider's calls and reports, and the ledger."""

from alembic import op

from shared.migrations import delivery

revision = "0001"
down_revision = None

PAYMENTS = """
CREATE TABLE payments (
    payment_id uuid PRIMARY KEY,
    checkout_id uuid NOT NULL,
    buyer_id uuid,
    method text NOT NULL CHECK (method IN ('wechat', 'cash_on_delivery', 'nothing')),
    amount bigint NOT NULL CHECK (amount >= 0),
    currency text NOT NULL,
    description text NOT NULL,
    state text NOT NULL CHECK (state IN ('opening', 'open', 'captured', 'cancelled', 'failed')),
    attempt_id uuid,
    code_url text,
    reason text,
    version integer NOT NULL,
    expires_at timestamptz NOT NULL,
    captured_at timestamptz,
    created_at timestamptz NOT NULL,
    CHECK (state <> 'captured' OR captured_at IS NOT NULL),
    CHECK ((state IN ('cancelled', 'failed')) = (reason IS NOT NULL))
);
CREATE INDEX payments_of_a_checkout ON payments (checkout_id);

CREATE TABLE payment_parts (
    payment_id uuid NOT NULL REFERENCES payments,
    order_id uuid NOT NULL,
    shop_id uuid NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    receivable bigint NOT NULL CHECK (receivable >= 0),
    captured bigint NOT NULL,
    refunded bigint NOT NULL CHECK (refunded >= 0),
    written_off bigint NOT NULL CHECK (written_off >= 0),
    PRIMARY KEY (payment_id, order_id),
    CHECK (refunded <= captured),
    CHECK (receivable + captured + written_off <= amount)
);
CREATE INDEX payment_parts_of_an_order ON payment_parts (order_id);

CREATE TABLE attempts (
    attempt_id uuid PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payments,
    provider text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX attempts_of_a_payment ON attempts (payment_id);

CREATE TABLE captures (
    capture_id uuid PRIMARY KEY,
    provider text NOT NULL,
    transaction_id text NOT NULL,
    payment_id uuid NOT NULL REFERENCES payments,
    attempt_id uuid NOT NULL REFERENCES attempts,
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL,
    standing text NOT NULL CHECK (standing IN ('kept', 'returned')),
    captured_at timestamptz NOT NULL,
    UNIQUE (provider, transaction_id)
);
CREATE UNIQUE INDEX captures_one_is_kept ON captures (payment_id) WHERE standing = 'kept';
CREATE INDEX captures_of_a_payment ON captures (payment_id);

CREATE TABLE refunds (
    refund_id uuid PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payments,
    order_id uuid,
    capture_id uuid UNIQUE REFERENCES captures,
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL,
    tender text NOT NULL CHECK (tender IN ('provider', 'cash', 'receivable')),
    state text NOT NULL CHECK (state IN ('asked', 'processing', 'succeeded', 'failed')),
    reason text NOT NULL,
    failure text,
    asked_at timestamptz NOT NULL,
    CHECK (num_nonnulls(order_id, capture_id) = 1),
    CHECK ((state = 'failed') = (failure IS NOT NULL))
);
CREATE INDEX refunds_of_a_payment ON refunds (payment_id);
"""

CALLS = """
CREATE TABLE provider_calls (
    kind text NOT NULL CHECK (kind IN ('open', 'query', 'close', 'refund', 'query_refund')),
    key uuid NOT NULL,
    payment_id uuid NOT NULL REFERENCES payments,
    tries integer NOT NULL DEFAULT 0,
    error text,
    due_at timestamptz,
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE INDEX provider_calls_due ON provider_calls (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE provider_notifications (
    provider text NOT NULL,
    event_id text NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (provider, event_id)
);

CREATE TABLE unanswered_commands (
    message_id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('open', 'cancel', 'refund')),
    payment_id uuid NOT NULL REFERENCES payments,
    refund_id uuid,
    correlation_id uuid NOT NULL,
    asked_at timestamptz NOT NULL
);
CREATE INDEX unanswered_commands_of_a_payment ON unanswered_commands (payment_id);
CREATE INDEX unanswered_cancels ON unanswered_commands (asked_at) WHERE kind = 'cancel';
"""

LEDGER = """
CREATE TABLE ledger_accounts (
    name text NOT NULL,
    currency text NOT NULL,
    code text NOT NULL,
    shop_id uuid,
    balance bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (name, currency)
);

CREATE TABLE ledger_postings (
    posting_id uuid PRIMARY KEY,
    kind text NOT NULL,
    about uuid NOT NULL,
    payment_id uuid NOT NULL REFERENCES payments,
    posted_at timestamptz NOT NULL,
    UNIQUE (kind, about)
);
CREATE INDEX ledger_postings_of_a_payment ON ledger_postings (payment_id);

CREATE TABLE ledger_entries (
    posting_id uuid NOT NULL REFERENCES ledger_postings,
    line integer NOT NULL,
    account text NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL CHECK (amount <> 0),
    order_id uuid,
    PRIMARY KEY (posting_id, line),
    FOREIGN KEY (account, currency) REFERENCES ledger_accounts (name, currency)
);
CREATE INDEX ledger_entries_of_an_account ON ledger_entries (account, currency);
"""

# The books defend themselves: what the code forgets, the database refuses.
GUARDS = """
CREATE FUNCTION posting_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger_entries WHERE posting_id = NEW.posting_id
               GROUP BY currency HAVING sum(amount) <> 0) THEN
        RAISE EXCEPTION 'posting % does not balance', NEW.posting_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION posting_balances();

CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_postings
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
"""


def upgrade() -> None:
    delivery.create(op)
    for script in (PAYMENTS, CALLS, LEDGER, GUARDS):
        op.execute(script)
