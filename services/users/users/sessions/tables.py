"""The tables of sessions and sign-in attempts."""

import sqlalchemy as sa

from shared.personal import BlindIndex, Kind, PersonalJson, Until
from users.metadata import metadata

TIMESTAMP = sa.DateTime(timezone=True)

session = sa.Table(
    "session",
    metadata,
    sa.Column("session_id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("account.user_id"), nullable=False),
    sa.Column("started_at", TIMESTAMP, nullable=False),
    sa.Column("used_at", TIMESTAMP, nullable=False),
    sa.Column("ended", sa.Text),
    sa.Column("device", PersonalJson(Kind.DEVICE, Until.ERASED)),  # browser and system; NULL: unknown
)

refresh_token = sa.Table(
    "refresh_token",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("session_id", sa.Uuid, sa.ForeignKey("session.session_id", ondelete="CASCADE"), nullable=False),
    sa.Column("used_at", TIMESTAMP),
    sa.Column("salt", sa.LargeBinary),
)

sign_in_guard = sa.Table(  # by keyed digest: addresses without an account are not stored in readable form
    "sign_in_guard",
    metadata,
    sa.Column("email_digest", BlindIndex(), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", TIMESTAMP, nullable=False),
)
