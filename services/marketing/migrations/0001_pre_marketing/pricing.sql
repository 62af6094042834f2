-- Copy of catalog's prices. The row of a withdrawn product is kept: its version rejects older events.
CREATE TABLE products (
    product_id uuid PRIMARY KEY,
    shop_id    uuid NOT NULL,
    version    bigint NOT NULL,
    on_shelf   boolean NOT NULL,
    title      text NOT NULL,
    category   text,
    image      text
);

CREATE TABLE prices (
    sku_id     uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES products,
    options    text NOT NULL,
    image      text,
    amount     bigint NOT NULL CHECK (amount >= 0),
    currency   text NOT NULL
);
CREATE INDEX prices_product ON prices (product_id);
