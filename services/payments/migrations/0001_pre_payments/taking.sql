-- `pay_action` is what the shopper does to pay. `reason` is one of our codes, not the provider's.
CREATE TABLE payments (
    payment_id  uuid PRIMARY KEY,
    checkout_id uuid NOT NULL,
    buyer_id    uuid,
    method      text NOT NULL,
    provider    text NOT NULL,
    collection  text NOT NULL CHECK (collection IN ('prepaid', 'at_delivery', 'nothing')),
    amount      bigint NOT NULL CHECK (amount >= 0),
    currency    text NOT NULL,
    description text NOT NULL,
    state       text NOT NULL CHECK (state IN ('opening', 'open', 'captured', 'cancelled', 'failed')),
    attempt_id  uuid,
    pay_action  jsonb NOT NULL DEFAULT '{"kind": "none"}',
    reason      text,
    version     integer NOT NULL,
    expires_at  timestamptz NOT NULL,
    captured_at timestamptz,
    created_at  timestamptz NOT NULL,
    modified_at timestamptz NOT NULL DEFAULT now(),
    CHECK (state <> 'captured' OR captured_at IS NOT NULL),
    CHECK ((state IN ('cancelled', 'failed')) = (reason IS NOT NULL))
);
CREATE INDEX payments_of_a_checkout ON payments (checkout_id);

CREATE TABLE payment_parts (
    payment_id  uuid NOT NULL REFERENCES payments,
    order_id    uuid NOT NULL,
    shop_id     uuid NOT NULL,
    amount      bigint NOT NULL CHECK (amount >= 0),
    receivable  bigint NOT NULL CHECK (receivable >= 0),
    captured    bigint NOT NULL,
    refunded    bigint NOT NULL CHECK (refunded >= 0),
    written_off bigint NOT NULL CHECK (written_off >= 0),
    PRIMARY KEY (payment_id, order_id),
    CHECK (refunded <= captured),
    CHECK (receivable + captured + written_off <= amount)
);
CREATE INDEX payment_parts_of_an_order ON payment_parts (order_id);

-- What was paid for each line of an order, shipping included, frozen when the payment is opened; and how much of
-- it has been refunded in all.
CREATE TABLE payment_lines (
    payment_id        uuid NOT NULL,
    order_id          uuid NOT NULL,
    line_id           uuid NOT NULL,
    position          integer NOT NULL,
    kind              text NOT NULL CHECK (kind IN ('goods', 'shipping')),
    category          text,
    quantity          integer NOT NULL CHECK (quantity > 0),
    paid              bigint NOT NULL CHECK (paid >= 0),
    tax               bigint NOT NULL CHECK (tax BETWEEN 0 AND paid),
    shop_discount     bigint NOT NULL CHECK (shop_discount >= 0),
    platform_discount bigint NOT NULL CHECK (platform_discount >= 0),
    refunded_quantity integer NOT NULL DEFAULT 0 CHECK (refunded_quantity BETWEEN 0 AND quantity),
    refunded          bigint NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND paid),
    PRIMARY KEY (payment_id, order_id, line_id),
    FOREIGN KEY (payment_id, order_id) REFERENCES payment_parts
);

CREATE TABLE attempts (
    attempt_id uuid PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payments,
    provider   text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX attempts_of_a_payment ON attempts (payment_id);

CREATE TABLE captures (
    capture_id     uuid PRIMARY KEY,
    provider       text NOT NULL,
    transaction_id text NOT NULL,
    payment_id     uuid NOT NULL REFERENCES payments,
    attempt_id     uuid NOT NULL REFERENCES attempts,
    amount         bigint NOT NULL CHECK (amount > 0),
    currency       text NOT NULL,
    standing       text NOT NULL CHECK (standing IN ('kept', 'returned')),
    captured_at    timestamptz NOT NULL,
    modified_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (transaction_id, provider)
);
CREATE UNIQUE INDEX captures_one_is_kept ON captures (payment_id) WHERE standing = 'kept';
CREATE INDEX captures_of_a_payment ON captures (payment_id);
-- For the auditor, which reads these few among many.
CREATE INDEX captures_not_kept ON captures (capture_id) WHERE standing = 'returned';

-- The shared table of provider calls; in this service each call is about a payment.
ALTER TABLE provider_calls
    ADD CHECK (kind IN ('open', 'query', 'close', 'refund', 'query_refund')),
    ADD FOREIGN KEY (about) REFERENCES payments;

-- Notifications of providers are stored first and processed afterwards.
CREATE TABLE provider_notifications (
    provider    text NOT NULL,
    event_id    text NOT NULL,
    kind        text,
    about       jsonb,
    document    jsonb,
    traceparent text,
    tries       integer NOT NULL DEFAULT 0,
    process_at  timestamptz,
    outcome     text,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (provider, event_id)
);
CREATE INDEX provider_notifications_to_process ON provider_notifications (process_at) WHERE process_at IS NOT NULL;
CREATE INDEX provider_notifications_of_an_attempt ON provider_notifications (left(about ->> 'out_trade_no', 64))
    WHERE about IS NOT NULL;
CREATE INDEX provider_notifications_processed ON provider_notifications (received_at) WHERE process_at IS NULL;

-- Commands without a reply yet, with their sender (`requester`), to whom the reply is addressed.
CREATE TABLE unanswered_commands (
    message_id     uuid PRIMARY KEY,
    kind           text NOT NULL CHECK (kind IN ('open', 'cancel', 'refund')),
    payment_id     uuid NOT NULL REFERENCES payments,
    refund_id      uuid,
    requester      text NOT NULL,
    correlation_id uuid NOT NULL,
    traceparent    text,
    requested_at       timestamptz NOT NULL
);
CREATE INDEX unanswered_commands_of_a_payment ON unanswered_commands (payment_id);
CREATE INDEX unanswered_cancels ON unanswered_commands (requested_at) WHERE kind = 'cancel';

-- Money that no payment or refund explains. `payer_total` is the part that the payer paid.
CREATE TABLE unidentified (
    unidentified_id uuid PRIMARY KEY,
    kind            text NOT NULL CHECK (kind IN ('receipt', 'refund')),
    why             text NOT NULL,
    provider        text NOT NULL,
    number          text NOT NULL,
    out_trade_no    text NOT NULL,
    provider_number text NOT NULL,
    amount          bigint NOT NULL CHECK (amount > 0),
    payer_total     bigint,
    currency        text NOT NULL,
    happened_at     timestamptz NOT NULL,
    booked_at       timestamptz NOT NULL,
    state           text NOT NULL CHECK (state IN ('open', 'assigned', 'returned')),
    resolved_at     timestamptz,
    CHECK ((state = 'open') = (resolved_at IS NULL)),
    UNIQUE (provider, kind, provider_number, why)
);
CREATE INDEX unidentified_open ON unidentified (unidentified_id) WHERE state = 'open';
CREATE INDEX unidentified_by_number ON unidentified (number);
