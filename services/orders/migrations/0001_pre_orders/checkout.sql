-- A quote makes one checkout, also when it is sent twice at the same time. Address, contact and note are encrypted.
-- `refusal` has the refused lines and benefits.
CREATE TABLE checkout (
    checkout_id     uuid PRIMARY KEY,
    quote_id        uuid NOT NULL UNIQUE,
    buyer_id        uuid NOT NULL,
    payment_id      uuid NOT NULL UNIQUE,
    method          text NOT NULL,
    total           bigint NOT NULL CHECK (total >= 0),
    currency        char(3) NOT NULL,
    state           text NOT NULL,
    reason          text,
    refusal         jsonb,
    address         bytea NOT NULL,
    contact         bytea NOT NULL,
    note            bytea NOT NULL,
    benefits        jsonb NOT NULL,
    taken_from_cart jsonb NOT NULL,
    expires_at      timestamptz NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    modified_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_checkout_buyer_id ON checkout (buyer_id);
-- Finds the open checkouts of a buyer.
CREATE INDEX checkout_open_by_buyer ON checkout (buyer_id) WHERE state = 'placed';
