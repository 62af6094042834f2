-- Reasons are codes; `reason_text` is what the buyer or the shop typed, encrypted. `by_line` is the refund's amount
-- by line, set when it is granted.
CREATE TABLE refund (
    refund_id         uuid PRIMARY KEY,
    order_id          uuid NOT NULL REFERENCES orders,
    shop_id           uuid NOT NULL,
    buyer_id          uuid NOT NULL,
    kind              text NOT NULL,
    state             text NOT NULL,
    lines             jsonb NOT NULL,
    currency          char(3) NOT NULL,
    shipping          bigint NOT NULL,
    amount            bigint NOT NULL CHECK (amount >= 0),
    withheld_goods    bigint NOT NULL DEFAULT 0,
    withheld_shipping bigint NOT NULL DEFAULT 0,
    why               jsonb NOT NULL DEFAULT '[]',
    by_line           jsonb NOT NULL DEFAULT '[]',
    reason            text NOT NULL,
    reason_text       bytea,
    failure           text,
    requested_at      timestamptz NOT NULL DEFAULT now(),
    decided_at        timestamptz,
    modified_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_refund_order_id ON refund (order_id);
CREATE INDEX refund_by_shop ON refund (shop_id, refund_id);
CREATE INDEX refund_running ON refund (refund_id) WHERE state = 'running';

-- The refund policy of a shop's future orders.
CREATE TABLE shop_policy (
    shop_id    uuid PRIMARY KEY,
    policy     text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
