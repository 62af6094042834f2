-- Separate from sku: a row that changes with every sale is small, and its page has room for the next version.
CREATE TABLE stock (
    sku_id   uuid PRIMARY KEY REFERENCES sku,
    on_hand  integer NOT NULL,
    reserved integer NOT NULL,
    CONSTRAINT stock_not_oversold CHECK (0 <= reserved AND reserved <= on_hand)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

CREATE TABLE stock_journal (
    position    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku_id      uuid NOT NULL REFERENCES sku,
    kind        text NOT NULL CHECK (kind IN ('received', 'adjusted', 'committed', 'restocked')),
    change      integer NOT NULL CHECK (change <> 0 AND CASE kind WHEN 'committed' THEN change < 0
                                                                  WHEN 'adjusted' THEN true ELSE change > 0 END),
    reason      text NOT NULL,
    source_id   uuid,
    actor_id    uuid,
    at          timestamptz NOT NULL,
    modified_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX stock_journal_by_sku ON stock_journal (sku_id, position);

-- The sum of old journal entries, carried forward by the statement that deletes them.
CREATE TABLE stock_opening (
    sku_id      uuid PRIMARY KEY REFERENCES sku,
    on_hand     bigint NOT NULL,
    entries     bigint NOT NULL CHECK (entries > 0),
    upto        timestamptz NOT NULL,
    modified_at timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('jishi.archiving', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER stock_journal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A refused claim keeps its shortages by SKU: the quantities wanted and available.
CREATE TABLE stock_claim (
    checkout_id uuid PRIMARY KEY,
    state       text NOT NULL CHECK (state IN ('undecided', 'reserved', 'refused', 'released', 'committed')),
    reason      text CHECK (reason IN ('out_of_stock', 'off_shelf', 'too_late', 'stock_hold_exceeded')),
    shortages   jsonb NOT NULL DEFAULT '[]',
    decided_at  timestamptz NOT NULL DEFAULT now(),
    modified_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX stock_claim_without_sale ON stock_claim (modified_at)
    WHERE state IN ('undecided', 'refused', 'released');

-- buyer_id limits how much of a SKU one buyer reserves.
CREATE TABLE reservation (
    checkout_id uuid NOT NULL REFERENCES stock_claim,
    order_id    uuid NOT NULL,
    sku_id      uuid NOT NULL REFERENCES sku,
    buyer_id    uuid,
    quantity    integer NOT NULL CHECK (quantity > 0),
    restocked   integer NOT NULL DEFAULT 0 CHECK (restocked BETWEEN 0 AND quantity),
    state       text NOT NULL CHECK (state IN ('open', 'released', 'committed')),
    PRIMARY KEY (checkout_id, order_id, sku_id),
    CHECK (restocked = 0 OR state = 'committed')
);
CREATE INDEX reservation_open ON reservation (sku_id) WHERE state = 'open';
CREATE INDEX reservation_open_by_buyer ON reservation (buyer_id, sku_id) WHERE state = 'open';

CREATE TABLE restock (
    refund_id uuid PRIMARY KEY,
    order_id  uuid NOT NULL,
    at        timestamptz NOT NULL
);
