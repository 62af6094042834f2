-- Slug and name are unknown if only the suspension of the shop was received so far. A shop is unsettled until all
-- its products have been updated to its state, one chunk at a time.
CREATE TABLE shop (
    shop_id   uuid PRIMARY KEY,
    slug      text,
    name      text,
    approved  boolean NOT NULL,
    unsettled boolean NOT NULL DEFAULT false,
    version   integer NOT NULL
);
CREATE INDEX shop_slug ON shop (slug);
CREATE INDEX shop_unsettled ON shop (shop_id) WHERE unsettled;

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
CREATE INDEX product_by_shop_and_shelf ON product (shop_id, shelf, product_id);
CREATE INDEX product_search ON product USING gin (search_terms) WITH (fastupdate = off);

-- The digest of a SKU's option values is unique, not the values: three long ones do not fit into an index row.
-- It is IMMUTABLE: the encoding of a database never changes, and a JSON array of texts has one textual form.
CREATE FUNCTION digest_of(texts text[]) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT sha256(convert_to(array_to_json(texts)::text, 'UTF8')) $$;

-- SKUs may swap codes or option values in one transaction, so both constraints are checked at commit.
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
    CONSTRAINT sku_options_once EXCLUDE USING btree (product_id WITH =, digest_of(option_values) WITH =)
        DEFERRABLE INITIALLY DEFERRED
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
