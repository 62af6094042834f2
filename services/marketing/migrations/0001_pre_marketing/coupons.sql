-- Which shops are suspended and may not offer coupons. A shop without a row may.
CREATE TABLE shops (
    shop_id   uuid PRIMARY KEY,
    suspended boolean NOT NULL,
    version   integer NOT NULL
);

-- Ended campaigns are marked `over`, so that a list of open ones does not read them.
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
    over             boolean NOT NULL DEFAULT false,
    modified_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT discount_within_threshold CHECK (0 < discount AND discount <= threshold),
    CONSTRAINT claimed_within_limit CHECK (0 <= claimed AND claimed <= total_limit),
    CONSTRAINT person_within_limit CHECK (0 < per_person_limit AND per_person_limit <= total_limit),
    CONSTRAINT starts_before_end CHECK (starts_at < ends_at)
);
CREATE INDEX campaigns_of_shop ON campaigns (shop_id, campaign_id);
CREATE INDEX campaigns_not_over ON campaigns (campaign_id) WHERE NOT over;
CREATE INDEX campaigns_not_over_of_shop ON campaigns (shop_id, campaign_id) WHERE NOT over;
CREATE INDEX campaigns_to_end ON campaigns (ends_at) WHERE NOT over;

CREATE TABLE coupons (
    coupon_id   uuid PRIMARY KEY,
    campaign_id uuid NOT NULL REFERENCES campaigns,
    user_id     uuid NOT NULL,
    nth         integer NOT NULL CHECK (nth > 0),
    state       text NOT NULL DEFAULT 'free' CHECK (state IN ('free', 'held', 'redeemed')),
    checkout_id uuid,
    expires_at  timestamptz NOT NULL,
    modified_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_of_each_number UNIQUE (campaign_id, user_id, nth),
    CONSTRAINT taken_by_a_checkout CHECK ((state = 'free') = (checkout_id IS NULL))
);
CREATE INDEX coupons_of_person ON coupons (user_id, coupon_id);
CREATE INDEX coupons_of_checkout ON coupons (checkout_id) WHERE checkout_id IS NOT NULL;

-- Every transition of every coupon, append-only. `cause` is the message that caused it.
CREATE TABLE coupon_transitions (
    position    bigserial PRIMARY KEY,
    coupon_id   uuid NOT NULL REFERENCES coupons,
    move        text NOT NULL CHECK (move IN ('issue', 'hold', 'release', 'redeem', 'restore')),
    checkout_id uuid,
    cause       uuid,
    moved_at    timestamptz NOT NULL
);
CREATE INDEX coupon_transitions_of_coupon ON coupon_transitions (coupon_id, position);

CREATE FUNCTION keep_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER coupon_transitions_are_kept BEFORE UPDATE OR DELETE ON coupon_transitions
    FOR EACH ROW EXECUTE FUNCTION keep_as_written();
