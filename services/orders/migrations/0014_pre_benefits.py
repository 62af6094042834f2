"""Benefits are tagged by their kind: in checkouts, in what stood in an order's way, in sagas under way."""

from alembic import op

revision = "0014"
down_revision = "0013"

TAGGED = """
CREATE OR REPLACE FUNCTION pg_temp.tagged(ids jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('kind', 'coupon', 'coupon_id', id)), '[]')
    FROM jsonb_array_elements(ids) AS id
$$;
CREATE OR REPLACE FUNCTION pg_temp.with_benefits(document jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE WHEN document ? 'coupon_ids' THEN document - 'coupon_ids'
        || jsonb_build_object('benefits', pg_temp.tagged(document -> 'coupon_ids')) ELSE document END
$$;
"""
UP = """
ALTER TABLE checkout ADD COLUMN benefits jsonb NOT NULL DEFAULT '[]';
UPDATE checkout SET benefits = pg_temp.tagged(to_jsonb(coupon_ids)) WHERE coupon_ids <> '{}';
ALTER TABLE checkout ALTER COLUMN benefits DROP DEFAULT, DROP COLUMN coupon_ids;
UPDATE checkout SET refusal = pg_temp.with_benefits(refusal) WHERE refusal IS NOT NULL;
UPDATE orders SET refusal = pg_temp.with_benefits(refusal) WHERE refusal IS NOT NULL;
UPDATE saga SET state = pg_temp.with_benefits(state)
    || jsonb_build_object('refusal', pg_temp.with_benefits(state -> 'refusal')) WHERE name = 'orders.checkout';
UPDATE checkout SET reason = replace(reason, 'coupon_', 'benefit_') WHERE starts_with(reason, 'coupon_');
UPDATE orders SET reason = replace(reason, 'coupon_', 'benefit_') WHERE starts_with(reason, 'coupon_');
UPDATE order_step SET reason = replace(reason, 'coupon_', 'benefit_') WHERE starts_with(reason, 'coupon_');
"""
BARE = """
CREATE OR REPLACE FUNCTION pg_temp.with_coupons(document jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE WHEN document ? 'benefits' THEN document - 'benefits' || jsonb_build_object('coupon_ids', (
        SELECT coalesce(jsonb_agg(one -> 'coupon_id'), '[]')
        FROM jsonb_array_elements(document -> 'benefits') AS one
    )) ELSE document END
$$;
"""
DOWN = """
UPDATE order_step SET reason = replace(reason, 'benefit_', 'coupon_') WHERE starts_with(reason, 'benefit_');
UPDATE orders SET reason = replace(reason, 'benefit_', 'coupon_') WHERE starts_with(reason, 'benefit_');
UPDATE checkout SET reason = replace(reason, 'benefit_', 'coupon_') WHERE starts_with(reason, 'benefit_');
UPDATE saga SET state = pg_temp.with_coupons(state)
    || jsonb_build_object('refusal', pg_temp.with_coupons(state -> 'refusal')) WHERE name = 'orders.checkout';
UPDATE orders SET refusal = pg_temp.with_coupons(refusal) WHERE refusal IS NOT NULL;
UPDATE checkout SET refusal = pg_temp.with_coupons(refusal) WHERE refusal IS NOT NULL;
ALTER TABLE checkout ADD COLUMN coupon_ids uuid[] NOT NULL DEFAULT '{}';
UPDATE checkout SET coupon_ids = (
    SELECT array_agg((one ->> 'coupon_id')::uuid) FROM jsonb_array_elements(benefits) AS one
) WHERE benefits <> '[]';
ALTER TABLE checkout ALTER COLUMN coupon_ids DROP DEFAULT, DROP COLUMN benefits;
"""


def upgrade() -> None:
    op.execute(TAGGED)
    op.execute(UP)


def downgrade() -> None:
    op.execute(BARE)
    op.execute(DOWN)
