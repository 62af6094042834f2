"""The tables of users. What the rules forbid, the database forbids too."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

metadata = sa.MetaData()

MOMENT = sa.DateTime(timezone=True)

account = sa.Table(
    "account",
    metadata,
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("email", sa.Text, nullable=False, unique=True),  # lower case: a CHECK sees to it
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("standings", ARRAY(sa.Text), nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
)

sign_in_guard = sa.Table(  # by digest: addresses that have no account are not kept readable
    "sign_in_guard",
    metadata,
    sa.Column("email_digest", sa.LargeBinary, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", MOMENT, nullable=False),
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("session_id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("account.user_id"), nullable=False),
    sa.Column("started_at", MOMENT, nullable=False),
    sa.Column("used_at", MOMENT, nullable=False),
    sa.Column("ended", sa.Text),
)

refresh_token = sa.Table(
    "refresh_token",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("session_id", sa.Uuid, sa.ForeignKey("session.session_id", ondelete="CASCADE"), nullable=False),
    sa.Column("used_at", MOMENT),
    sa.Column("salt", sa.LargeBinary),
)

shop = sa.Table(
    "shop",
    metadata,
    sa.Column("shop_id", sa.Uuid, primary_key=True),
    sa.Column("slug", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("owner_id", sa.Uuid, sa.ForeignKey("account.user_id")),  # none until it is accepted
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("opened_at", MOMENT, nullable=False),
)

shop_invitation = sa.Table(  # by digest: the link itself is shown once and kept nowhere
    "shop_invitation",
    metadata,
    sa.Column("invitation_id", sa.Uuid, primary_key=True),
    sa.Column("shop_id", sa.Uuid, sa.ForeignKey("shop.shop_id"), nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("token_digest", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("expires_at", MOMENT, nullable=False),
    sa.Column("accepted_at", MOMENT),
    sa.Column("accepted_by", sa.Uuid, sa.ForeignKey("account.user_id")),
    sa.Column("revoked_at", MOMENT),
)

shop_member = sa.Table(
    "shop_member",
    metadata,
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("account.user_id"), primary_key=True),
    sa.Column("shop_id", sa.Uuid, sa.ForeignKey("shop.shop_id"), primary_key=True),
    sa.Column("duty", sa.Text, nullable=False),
)

address = sa.Table(
    "address",
    metadata,
    sa.Column("address_id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("account.user_id"), nullable=False),
    sa.Column("contact", sa.Text, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("division_code", sa.Text),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("city", sa.Text, nullable=False),
    sa.Column("district", sa.Text, nullable=False),
    sa.Column("street", sa.Text, nullable=False),
    sa.Column("postcode", sa.Text, nullable=False),
    sa.Column("is_default", sa.Boolean, nullable=False),
)
