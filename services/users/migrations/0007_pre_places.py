"""Addresses have a country and a code of the division list; those that can be read get theirs."""

import sqlalchemy as sa
from alembic import op

from shared import places
from shared.errors import Refusal

revision = "0007"
down_revision = "0006"

AT_ONCE = 1000
COLUMNS = """
ALTER TABLE address ADD COLUMN country text NOT NULL DEFAULT 'CN', ADD COLUMN division_code text
"""
SOME = sa.text("""
SELECT address_id, province, city, district FROM address
WHERE CAST(:after AS uuid) IS NULL OR address_id > :after ORDER BY address_id LIMIT :most
""")
CODED = sa.text("UPDATE address SET division_code = :code WHERE address_id = :address_id")


def upgrade():
    op.execute(COLUMNS)
    connection, after = op.get_bind(), None
    while rows := connection.execute(SOME, {"after": after, "most": AT_ONCE}).mappings().all():
        coded = [{"address_id": row["address_id"], "code": code} for row in rows if (code := code_of(row))]
        if coded:
            connection.execute(CODED, coded)
        after = rows[-1]["address_id"]


def code_of(row):
    try:
        return places.find(province=row["province"], city=row["city"], district=row["district"]).division_code
    except Refusal:
        return None


def downgrade():
    op.execute("ALTER TABLE address DROP COLUMN country, DROP COLUMN division_code")
