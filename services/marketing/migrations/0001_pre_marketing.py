"""The first tables of marketing: price copy, campaigns, coupons and what checkouts do with them."""

from alembic import op

from shared.migrations import delivery

revision = "0001"
down_revision = None

TABLES = """
-- Copy of the catalogue's prices. A withdrawn product stays as a row: its version stops older news.
CREATE TABLE products (
    product_id uuid PRIMARY KEY,
    shop_id    uuid NOT NULL,
    version    bigint NOT NULL,
    on_shelf   boolean NOT NULL,
    title      text NOT NULL,
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

CREATE TABLE campaigns (
    campaign_id      uuid PRIMARY KEY,
    shop_id          uuid NOT NULL,
    name_zh          text NOT NULL,
    name_en          text NOT NULL,
    threshold        bigint NOT NULL,
    discount         bigint NOT NULL,
    currency         text NOT NULL,
    total_limit      integer NOT NULL,
    per_person_limit integer NOT NULL,
    claimed          integer NOT NULL DEFAULT 0,
    starts_at        timestamptz NOT NULL,
    ends_at          timestamptz NOT NULL,
    CONSTRAINT discount_within_threshold CHECK (0 < discount AND discount <= threshold),
    CONSTRAINT claimed_within_limit CHECK (0 <= claimed AND claimed <= total_limit),
    CONSTRAINT person_within_limit CHECK (0 < per_person_limit AND per_person_limit <= total_limit),
    CONSTRAINT starts_before_end CHECK (starts_at < ends_at)
);
CREATE INDEX campaigns_of_shop ON campaigns (shop_id, campaign_id);

CREATE TABLE coupons (
    coupon_id   uuid PRIMARY KEY,
    campaign_id uuid NOT NULL REFERENCES campaigns,
    user_id     uuid NOT NULL,
    nth         integer NOT NULL CHECK (nth > 0),
    state       text NOT NULL DEFAULT 'free' CHECK (state IN ('free', 'held', 'redeemed')),
    checkout_id uuid,
    expires_at  timestamptz NOT NULL,
    CONSTRAINT one_of_each_number UNIQUE (campaign_id, user_id, nth),
    CONSTRAINT taken_by_a_checkout CHECK ((state = 'free') = (checkout_id IS NULL))
);
CREATE INDEX coupons_of_person ON coupons (user_id, coupon_id);
CREATE INDEX coupons_of_checkout ON coupons (checkout_id) WHERE checkout_id IS NOT NULL;

-- What each checkout did with its coupons, kept for ever: it answers repeated commands, and refuses late ones.
CREATE TABLE benefits (
    checkout_id uuid PRIMARY KEY,
    state       text NOT NULL
        CHECK (state IN ('none', 'refused', 'held', 'released', 'redeemed', 'restored')),
    reason      text,
    changed_at  timestamptz NOT NULL,
    CONSTRAINT refused_for_a_reason CHECK (state <> 'refused' OR reason IS NOT NULL)
);

-- Every move of every coupon, appended only. `cause` is the message that asked for it.
CREATE TABLE coupon_moves (
    position    bigserial PRIMARY KEY,
    coupon_id   uuid NOT NULL REFERENCES coupons,
    move        text NOT NULL CHECK (move IN ('issue', 'hold', 'release', 'redeem', 'restore')),
    checkout_id uuid,
    cause       uuid,
    moved_at    timestamptz NOT NULL
);
CREATE INDEX coupon_moves_of_coupon ON coupon_moves (coupon_id, position);

CREATE FUNCTION keep_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is appended to only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER coupon_moves_are_kept BEFORE UPDATE OR DELETE ON coupon_moves
    FOR EACH ROW EXECUTE FUNCTION keep_as_written();
"""


def upgrade():
    delivery.create(op)
    op.execute(TABLES)


def downgrade():
    op.execute("DROP TABLE coupon_moves, benefits, coupons, campaigns, prices, products")
    op.execute("DROP FUNCTION keep_as_written")
    delivery.drop(op)
