"""Old entries of the stock journal are carried forward; claims that came to nothing, and old imports, go."""

from alembic import op

from shared.migrations import changes, proven

revision = "0011"
down_revision = "0010"

# A journal is only appended to; its entries go when their sum is carried forward, in one statement.
OPENING = """
CREATE TABLE stock_opening (
    sku_id  uuid PRIMARY KEY REFERENCES sku,
    on_hand bigint NOT NULL,
    entries bigint NOT NULL CHECK (entries > 0),
    upto    timestamptz NOT NULL
);

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('jishi.archiving', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
"""
INDEXES = """
CREATE INDEX stock_claim_that_came_to_nothing ON stock_claim (modified_at)
    WHERE state IN ('undecided', 'refused', 'released');
CREATE INDEX product_import_over ON product_import (finished_at);
"""
BACK = """
DROP INDEX stock_claim_that_came_to_nothing, product_import_over;
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
INSERT INTO stock_journal (sku_id, kind, change, reason, at)
    SELECT sku_id, 'adjusted', on_hand, 'carried forward', upto FROM stock_opening WHERE on_hand <> 0;
DROP TABLE stock_opening;
"""


def upgrade() -> None:
    op.execute(OPENING)
    changes.track(op, {"stock_opening": "sku_id"})
    op.execute(INDEXES)
    proven.create(op)


def downgrade() -> None:
    proven.drop(op)
    op.execute(BACK)
