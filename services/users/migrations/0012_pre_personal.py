"""What tells of a person is encrypted, an account is found by the blind index of its address; who was erased."""

import sqlalchemy as sa
from alembic import op

from shared.migrations import personal
from shared.personal import fold, keys, sealing

revision = "0012"
down_revision = "0011"

COLUMNS = {
    "account": ("email", "name"),
    "address": ("contact", "phone", "street", "postcode"),
    "shop_invitation": ("email",),
    "idempotency": ("answer",),
}
INDEXES = """
ALTER TABLE account ADD COLUMN email_index bytea UNIQUE;
ALTER TABLE shop_invitation ADD COLUMN email_index bytea;
CREATE INDEX shop_invitation_by_email ON shop_invitation (email_index);
"""
BACK = """
ALTER TABLE account DROP COLUMN email_index, ADD UNIQUE (email);
ALTER TABLE shop_invitation DROP COLUMN email_index;
"""


def upgrade() -> None:
    op.execute(INDEXES)
    for table, key in (("account", "user_id"), ("shop_invitation", "invitation_id")):
        _index_emails(table, key)
    personal.encrypt(op, COLUMNS)
    personal.create_erased(op)
    op.execute(
        "ALTER TABLE account ADD CONSTRAINT account_has_its_index CHECK "
        "((email_index IS NULL) = (email = '\\x00'))"
    )


def _index_emails(table: str, key: str) -> None:
    connection = op.get_bind()
    found = connection.execute(sa.text(f"SELECT {key} AS id, email FROM {table}")).mappings().all()  # noqa: S608
    for row in found:
        index = sealing.digest(keys.ring(), fold(row["email"]), "email")
        stored = sa.text(f"UPDATE {table} SET email_index = :index WHERE {key} = :id")  # noqa: S608
        connection.execute(stored, {"index": index, "id": row["id"]})


def downgrade() -> None:
    personal.drop_erased(op)
    op.execute("ALTER TABLE account DROP CONSTRAINT account_has_its_index")
    texts = {table: names for table, names in COLUMNS.items() if table != "idempotency"}
    personal.decrypt(op, texts)
    personal.decrypt(op, {"idempotency": ("answer",)}, "json")
    op.execute(BACK)
