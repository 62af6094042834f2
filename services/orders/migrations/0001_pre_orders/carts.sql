-- A cart without an owner is a guest's. The version grows with each change of the lines.
CREATE TABLE cart (
    cart_id    uuid PRIMARY KEY,
    owner_id   uuid UNIQUE,
    version    bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX cart_of_guest_by_age ON cart (updated_at) WHERE owner_id IS NULL;

-- A refused checkout that is put back may exceed the limit on the quantity of a line.
CREATE TABLE cart_line (
    cart_id  uuid NOT NULL REFERENCES cart ON DELETE CASCADE,
    sku_id   uuid NOT NULL,
    quantity integer NOT NULL CHECK (quantity >= 1),
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cart_id, sku_id)
);
