"""Where orders go, and what people typed, is encrypted; who was erased."""

from alembic import op

from shared.migrations import personal

revision = "0018"
down_revision = "0017"

TEXTS = {
    "checkout": ("note",),
    "orders": ("reason_text",),
    "order_step": ("note",),
    "refund": ("reason_text",),
    "carrier_report": ("text",),
    "parcel_trace": ("text",),
}
DOCUMENTS = {"checkout": ("address", "contact")}
ANSWERS = {"idempotency": ("answer",)}


def upgrade() -> None:
    for columns in (TEXTS, DOCUMENTS, ANSWERS):
        personal.encrypt(op, columns)
    personal.create_erased(op)


def downgrade() -> None:
    personal.drop_erased(op)
    personal.decrypt(op, TEXTS)
    personal.decrypt(op, DOCUMENTS, "jsonb")
    personal.decrypt(op, ANSWERS, "json")
