"""Tracking numbers are unique per shop and carrier; carriers' reports that fit several parcels are kept."""

from alembic import op

revision = "0005"
down_revision = "0004"

UP = """
ALTER TABLE parcel ADD COLUMN shop_id UUID;
UPDATE parcel SET shop_id = orders.shop_id FROM orders WHERE orders.order_id = parcel.order_id;
-- The processes of the version before do not know the column while both run.
CREATE FUNCTION parcel_of_shop() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT orders.shop_id INTO NEW.shop_id FROM orders WHERE orders.order_id = NEW.order_id;
    RETURN NEW;
END $$;
CREATE TRIGGER parcel_of_shop BEFORE INSERT ON parcel FOR EACH ROW WHEN (NEW.shop_id IS NULL)
    EXECUTE FUNCTION parcel_of_shop();
ALTER TABLE parcel ALTER COLUMN shop_id SET NOT NULL;
ALTER TABLE parcel ADD CONSTRAINT parcel_number_in_shop UNIQUE (carrier, tracking_number, shop_id);
ALTER TABLE parcel DROP CONSTRAINT parcel_tracking_number;
CREATE TABLE carrier_report (
    report_id UUID PRIMARY KEY,
    carrier TEXT NOT NULL,
    tracking_number TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    event TEXT NOT NULL,
    place TEXT NOT NULL,
    text TEXT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    parcel_id UUID REFERENCES parcel (parcel_id),
    CONSTRAINT carrier_report_once UNIQUE (carrier, tracking_number, at, event)
);
CREATE INDEX carrier_report_open ON carrier_report (report_id) WHERE decided_at IS NULL;
CREATE INDEX carrier_report_by_decision ON carrier_report (decided_at);
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(
        """
        DROP TABLE carrier_report;
        ALTER TABLE parcel ADD CONSTRAINT parcel_tracking_number UNIQUE (carrier, tracking_number);
        DROP TRIGGER parcel_of_shop ON parcel;
        DROP FUNCTION parcel_of_shop();
        ALTER TABLE parcel DROP COLUMN shop_id;
        """
    )
