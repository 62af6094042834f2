"""What makes a SKU's option values one of a kind is their digest: three long ones do not fit into an index row."""

from alembic import op

revision = "0012"
down_revision = "0011"

# A database has one encoding for ever, and a JSON array of texts is written in one way: the same texts have one
# digest for ever, which is what IMMUTABLE promises.
DIGEST = """
CREATE FUNCTION digest_of(texts text[]) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT sha256(convert_to(array_to_json(texts)::text, 'UTF8')) $$;
"""
BOUNDED = """
ALTER TABLE sku
    ADD CONSTRAINT sku_options_once EXCLUDE USING btree (product_id WITH =, digest_of(option_values) WITH =)
        DEFERRABLE INITIALLY DEFERRED,
    DROP CONSTRAINT sku_product_id_option_values_key;
"""
BACK = """
ALTER TABLE sku
    ADD UNIQUE (product_id, option_values) DEFERRABLE INITIALLY DEFERRED,
    DROP CONSTRAINT sku_options_once;
DROP FUNCTION digest_of;
"""


def upgrade() -> None:
    op.execute(DIGEST)
    op.execute(BOUNDED)


def downgrade() -> None:
    op.execute(BACK)
