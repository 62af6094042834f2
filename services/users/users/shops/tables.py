"""The tables of shops, invitations and members."""

import sqlalchemy as sa

from shared.personal import BlindIndex, Kind, Personal, Until
from users.metadata import metadata

TIMESTAMP = sa.DateTime(timezone=True)

shop = sa.Table(
    "shop",
    metadata,
    sa.Column("shop_id", sa.Uuid, primary_key=True),
    sa.Column("slug", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False, server_default=""),
    sa.Column("description_zh", sa.Text, nullable=False, server_default=""),
    sa.Column("description_en", sa.Text, nullable=False, server_default=""),
    sa.Column("owner_id", sa.Uuid, sa.ForeignKey("account.user_id")),  # NULL until the invitation is accepted
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("opened_at", TIMESTAMP, nullable=False),
)

shop_invitation = sa.Table(  # by digest: the link itself is returned once and not stored
    "shop_invitation",
    metadata,
    sa.Column("invitation_id", sa.Uuid, primary_key=True),
    sa.Column("shop_id", sa.Uuid, sa.ForeignKey("shop.shop_id"), nullable=False),
    sa.Column("email", Personal(Kind.EMAIL, Until.ERASED), nullable=False),
    sa.Column("email_index", BlindIndex("email"), index=True),
    sa.Column("token_digest", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("created_at", TIMESTAMP, nullable=False),
    sa.Column("expires_at", TIMESTAMP, nullable=False),
    sa.Column("accepted_at", TIMESTAMP),
    sa.Column("accepted_by", sa.Uuid, sa.ForeignKey("account.user_id"), index=True),
    sa.Column("revoked_at", TIMESTAMP),
)

shop_member = sa.Table(
    "shop_member",
    metadata,
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("account.user_id"), primary_key=True),
    sa.Column("shop_id", sa.Uuid, sa.ForeignKey("shop.shop_id"), primary_key=True),
    sa.Column("duty", sa.Text, nullable=False),
)
