"""Shops, products, stock, imports."""

from alembic import op

from shared.migrations import delivery

revision = "0001"
down_revision = None

SHOPS = """
CREATE TABLE shop (
    shop_id  uuid PRIMARY KEY,
    slug     text,
    name     text,
    approved boolean NOT NULL,
    version  integer NOT NULL
);
CREATE INDEX shop_slug ON shop (slug);
"""

PRODUCTS = """
CREATE TABLE category (
    path   text PRIMARY KEY,
    name   text NOT NULL,
    parent text REFERENCES category (path)
);

CREATE TABLE product (
    product_id   uuid PRIMARY KEY,
    shop_id      uuid NOT NULL REFERENCES shop,
    handle       text NOT NULL,
    title        text NOT NULL CHECK (title <> ''),
    description  text NOT NULL,
    brand        text NOT NULL,
    kind         text NOT NULL,
    category     text REFERENCES category (path),
    tags         text[] NOT NULL,
    option_names text[] NOT NULL,
    shelf        text NOT NULL CHECK (shelf IN ('draft', 'on_shelf', 'off_shelf', 'suspended')),
    listed_as    text CHECK (listed_as IN ('draft', 'on_shelf', 'off_shelf')),
    version      integer NOT NULL CHECK (version > 0),
    price_from   bigint NOT NULL CHECK (price_from >= 0),
    currency     char(3) NOT NULL,
    image        text,
    search_text  text NOT NULL,
    search_terms text[] NOT NULL,
    updated_at   timestamptz NOT NULL,
    UNIQUE (shop_id, handle)
);
CREATE INDEX product_newest ON product (product_id) WHERE shelf = 'on_shelf';
CREATE INDEX product_by_price ON product (price_from, product_id) WHERE shelf = 'on_shelf';
CREATE INDEX product_by_category ON product (category text_pattern_ops, product_id) WHERE shelf = 'on_shelf';
CREATE INDEX product_by_shop ON product (shop_id, product_id);
CREATE INDEX product_search ON product USING gin (search_terms) WITH (fastupdate = off);

-- Codes and option values may change places within one statement, so both are looked at when it commits.
CREATE TABLE sku (
    sku_id        uuid PRIMARY KEY,
    product_id    uuid NOT NULL REFERENCES product,
    position      integer NOT NULL,
    code          text NOT NULL CHECK (code <> ''),
    option_values text[] NOT NULL,
    price         bigint NOT NULL CHECK (price >= 0),
    currency      char(3) NOT NULL,
    image         text,
    discontinued  boolean NOT NULL,
    UNIQUE (product_id, code) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (product_id, option_values) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE picture (
    product_id uuid NOT NULL REFERENCES product,
    position   integer NOT NULL,
    src        text NOT NULL,
    alt        text NOT NULL,
    state      text NOT NULL CHECK (state IN ('not_fetched', 'local')),
    PRIMARY KEY (product_id, position)
);
CREATE INDEX picture_not_fetched ON picture (product_id) WHERE state = 'not_fetched';
"""

STOCK = """
-- Apart from sku: a row that changes with every sale stays small, and its page has room for the next version.
CREATE TABLE stock (
    sku_id   uuid PRIMARY KEY REFERENCES sku,
    on_hand  integer NOT NULL,
    reserved integer NOT NULL,
    CONSTRAINT stock_not_oversold CHECK (0 <= reserved AND reserved <= on_hand)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

CREATE TABLE stock_journal (
    position  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku_id    uuid NOT NULL REFERENCES sku,
    kind      text NOT NULL CHECK (kind IN ('received', 'adjusted', 'committed', 'restocked')),
    change    integer NOT NULL CHECK (change <> 0 AND CASE kind WHEN 'committed' THEN change < 0
                                                                WHEN 'adjusted' THEN true ELSE change > 0 END),
    reason    text NOT NULL,
    source_id uuid,
    actor_id  uuid,
    at        timestamptz NOT NULL
);
CREATE INDEX stock_journal_by_sku ON stock_journal (sku_id, position);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER stock_journal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE stock_claim (
    checkout_id uuid PRIMARY KEY,
    state       text NOT NULL CHECK (state IN ('undecided', 'reserved', 'refused', 'released', 'committed')),
    reason      text CHECK (reason IN ('out_of_stock', 'off_shelf', 'too_late')),
    sku_ids     uuid[] NOT NULL DEFAULT '{}',
    decided_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE reservation (
    checkout_id uuid NOT NULL REFERENCES stock_claim,
    order_id    uuid NOT NULL,
    sku_id      uuid NOT NULL REFERENCES sku,
    quantity    integer NOT NULL CHECK (quantity > 0),
    restocked   integer NOT NULL DEFAULT 0 CHECK (restocked BETWEEN 0 AND quantity),
    state       text NOT NULL CHECK (state IN ('open', 'released', 'committed')),
    PRIMARY KEY (checkout_id, order_id, sku_id),
    CHECK (restocked = 0 OR state = 'committed')
);
CREATE INDEX reservation_open ON reservation (sku_id) WHERE state = 'open';

CREATE TABLE restock (
    refund_id uuid PRIMARY KEY,
    order_id  uuid NOT NULL,
    at        timestamptz NOT NULL
);
"""

IMPORTS = """
CREATE TABLE product_import (
    import_id       uuid PRIMARY KEY,
    shop_id         uuid NOT NULL REFERENCES shop,
    filename        text NOT NULL,
    idempotency_key text,
    digest          text NOT NULL,
    state           text NOT NULL CHECK (state IN ('running', 'done')),
    report          jsonb CHECK ((report IS NULL) = (state = 'running')),
    started_at      timestamptz NOT NULL,
    finished_at     timestamptz,
    UNIQUE (shop_id, idempotency_key)
);
"""


def upgrade() -> None:
    delivery.create(op)
    for statements in (SHOPS, PRODUCTS, STOCK, IMPORTS):
        op.execute(statements)


def downgrade() -> None:
    op.execute("DROP TABLE product_import, restock, reservation, stock_claim, stock_journal, stock")
    op.execute("DROP TABLE picture, sku, product, category, shop")
    op.execute("DROP FUNCTION refuse_change")
    delivery.drop(op)
