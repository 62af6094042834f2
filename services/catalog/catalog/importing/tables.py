"""The table of imports, which is also their queue."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from catalog.columns import identity, metadata, number, text, timestamp

product_import = sa.Table(
    "product_import",
    metadata,
    identity("import_id", primary_key=True),
    identity("shop_id"),
    text("filename"),
    text("idempotency_key", nullable=True),
    text("digest"),
    text("state"),
    sa.Column("report", JSONB(none_as_null=True)),
    sa.Column("problem", JSONB(none_as_null=True)),
    timestamp("started_at"),
    timestamp("finished_at", nullable=True),
    # while waiting or running: the file, the requester and trace, the claim of the worker, and its progress
    sa.Column("csv", sa.LargeBinary),
    identity("actor_id", nullable=True),
    identity("correlation_id", nullable=True),
    text("traceparent", nullable=True),
    number("claim"),
    number("attempt"),
    timestamp("claimed_until", nullable=True),
    timestamp("queued_at"),
    sa.Column("progress", JSONB(none_as_null=True)),
    sa.Index("product_import_of_shop", "shop_id", "import_id"),
)
