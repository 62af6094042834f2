"""The tables of the auditor's results."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from users.metadata import metadata

TIMESTAMP = sa.DateTime(timezone=True)

audit_report = sa.Table(
    "audit_report",
    metadata,
    sa.Column("only_one", sa.Boolean, primary_key=True),
    sa.Column("began_at", TIMESTAMP),
    sa.Column("stored_at", TIMESTAMP),
    sa.Column("milliseconds", sa.BigInteger),
    sa.Column("every", sa.Integer),
)
audit_invariant = sa.Table(
    "audit_invariant",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer),
    sa.Column("means_en", sa.Text),
    sa.Column("means_zh", sa.Text),
    sa.Column("state", sa.Text),
    sa.Column("since", TIMESTAMP),
    sa.Column("checked", sa.BigInteger),
    sa.Column("checked_at", TIMESTAMP),
    sa.Column("incremental", sa.Boolean),
    sa.Column("milliseconds", sa.BigInteger),
    sa.Column("findings", sa.BigInteger),
    sa.Column("waiting", sa.BigInteger),
    sa.Column("blind", sa.Text),
    sa.Column("full_checked", sa.BigInteger),
    sa.Column("full_at", TIMESTAMP),
)
audit_finding = sa.Table(
    "audit_finding",
    metadata,
    sa.Column("finding_id", sa.Uuid, primary_key=True),
    sa.Column("invariant", sa.Text),
    sa.Column("about", sa.Text),
    sa.Column("detail", sa.Text),
    sa.Column("facts", JSONB),
    sa.Column("changed_at", TIMESTAMP),
    sa.Column("first_seen_at", TIMESTAMP),
    sa.Column("last_seen_at", TIMESTAMP),
    sa.Column("resolved_at", TIMESTAMP),
    sa.Column("seen", sa.Integer),
    sa.Column("repair", JSONB(none_as_null=True)),
    sa.Column("advice", JSONB),
    sa.Column("repair_requested_at", TIMESTAMP),
    sa.Column("repair_requested_by", sa.Text),
)
audit_quarter = sa.Table(
    "audit_quarter",
    metadata,
    sa.Column("quarter", TIMESTAMP, primary_key=True),
    sa.Column("invariant", sa.Text, primary_key=True),
    sa.Column("violated", sa.Boolean),
    sa.Column("blind", sa.Boolean),
)
