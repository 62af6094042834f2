"""Benefits are tagged by their kind, and a checkout's row keeps which it held."""

from alembic import op

revision = "0011"
down_revision = "0010"

UP = """
CREATE OR REPLACE FUNCTION pg_temp.tagged(ids uuid[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_agg(jsonb_build_object('kind', 'coupon', 'coupon_id', id) ORDER BY id) FROM unnest(ids) AS id
$$;
ALTER TABLE benefits RENAME COLUMN refused TO refused_coupons;
ALTER TABLE benefits
    ADD COLUMN refused jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN held jsonb NOT NULL DEFAULT '[]';
UPDATE benefits SET reason = replace(reason, 'coupon_', 'benefit_') WHERE starts_with(reason, 'coupon_');
UPDATE benefits SET refused = pg_temp.tagged(refused_coupons) WHERE refused_coupons <> '{}';
UPDATE benefits SET held = pg_temp.tagged(owned.ids) FROM (
    SELECT checkout_id, array_agg(coupon_id) AS ids FROM coupons WHERE checkout_id IS NOT NULL GROUP BY checkout_id
) AS owned WHERE owned.checkout_id = benefits.checkout_id;
ALTER TABLE benefits DROP COLUMN refused_coupons;
"""
DOWN = """
ALTER TABLE benefits ADD COLUMN refused_coupons uuid[] NOT NULL DEFAULT '{}';
UPDATE benefits SET reason = replace(reason, 'benefit_', 'coupon_') WHERE starts_with(reason, 'benefit_');
UPDATE benefits SET refused_coupons = (
    SELECT array_agg((one ->> 'coupon_id')::uuid) FROM jsonb_array_elements(refused) AS one
) WHERE refused <> '[]';
ALTER TABLE benefits DROP COLUMN refused, DROP COLUMN held;
ALTER TABLE benefits RENAME COLUMN refused_coupons TO refused;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
