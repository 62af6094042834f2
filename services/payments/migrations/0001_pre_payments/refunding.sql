-- `lines` has the refunded quantity and amount of each order line.
CREATE TABLE refunds (
    refund_id   uuid PRIMARY KEY,
    payment_id  uuid NOT NULL REFERENCES payments,
    order_id    uuid,
    capture_id  uuid UNIQUE REFERENCES captures,
    amount      bigint NOT NULL CHECK (amount > 0),
    currency    text NOT NULL,
    lines       jsonb NOT NULL DEFAULT '[]',
    tender      text NOT NULL CHECK (tender IN ('provider', 'cash', 'receivable')),
    state       text NOT NULL CHECK (state IN ('requested', 'processing', 'succeeded', 'settled_by_hand', 'failed')),
    reason      text NOT NULL,
    failure     text,
    requested_at    timestamptz NOT NULL,
    modified_at timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(order_id, capture_id) = 1),
    CHECK ((state = 'failed') = (failure IS NOT NULL))
);
CREATE INDEX refunds_of_a_payment ON refunds (payment_id);
-- For the auditor, which reads these few among many.
CREATE INDEX refunds_under_way ON refunds (refund_id) WHERE state IN ('requested', 'processing');

-- Each attempt has its own number and stores the provider's number for it. `unanswered_since` is since when the
-- provider has not returned its state: operators may not settle a refund that the provider may still carry out.
CREATE TABLE refund_attempts (
    attempt_id       uuid PRIMARY KEY,
    refund_id        uuid NOT NULL REFERENCES refunds,
    position         integer NOT NULL CHECK (position > 0),
    state            text NOT NULL CHECK (state IN ('requested', 'processing', 'abnormal', 'closed', 'succeeded')),
    result           text,
    provider_number  text,
    stalled_since    timestamptz,
    unanswered_since timestamptz,
    requested_at     timestamptz NOT NULL,
    UNIQUE (refund_id, position)
);
CREATE UNIQUE INDEX refund_attempts_one_is_live ON refund_attempts (refund_id)
    WHERE state IN ('requested', 'processing', 'abnormal');
CREATE INDEX refund_attempts_by_provider_number ON refund_attempts (provider_number)
    WHERE provider_number IS NOT NULL;

-- The amount is stored beside the proof, for comparison with what the provider reports under that number.
CREATE TABLE manual_settlements (
    about        uuid PRIMARY KEY,
    paid_from    text NOT NULL CHECK (paid_from IN ('bank', 'provider', 'written_off')),
    amount       bigint NOT NULL CHECK (amount >= 0),
    currency     text NOT NULL,
    proof        text NOT NULL,
    note         text NOT NULL,
    proposed_by  text NOT NULL,
    proposed_at  timestamptz NOT NULL,
    confirmed_by text,
    confirmed_at timestamptz,
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL))
);
CREATE INDEX manual_settlements_by_proof ON manual_settlements (proof);
CREATE INDEX manual_settlements_to_confirm ON manual_settlements (about) WHERE confirmed_at IS NULL;
