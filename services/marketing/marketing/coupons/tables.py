"""The columns of the tables of coupons; constraints and indexes are in the migrations."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, MetaData, Table, Text, Uuid

metadata = MetaData()

shops = Table(
    "shops",
    metadata,
    Column("shop_id", Uuid, primary_key=True),
    Column("suspended", Boolean),
    Column("version", Integer),
)
campaigns = Table(
    "campaigns",
    metadata,
    Column("campaign_id", Uuid, primary_key=True),
    Column("shop_id", Uuid),
    Column("name_zh", Text),
    Column("name_en", Text),
    Column("threshold", BigInteger),
    Column("discount", BigInteger),
    Column("currency", Text),
    Column("total_limit", Integer),
    Column("per_person_limit", Integer),
    Column("claimed", Integer),
    Column("starts_at", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True)),
    Column("over", Boolean),
    Column("paused", Boolean),
)
coupons = Table(
    "coupons",
    metadata,
    Column("coupon_id", Uuid, primary_key=True),
    Column("campaign_id", Uuid),
    Column("user_id", Uuid),
    Column("nth", Integer),
    Column("state", Text),
    Column("checkout_id", Uuid),
    Column("expires_at", DateTime(timezone=True)),
)
coupon_transitions = Table(
    "coupon_transitions",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=True),
    Column("coupon_id", Uuid),
    Column("move", Text),
    Column("checkout_id", Uuid),
    Column("cause", Uuid),
    Column("moved_at", DateTime(timezone=True)),
)
