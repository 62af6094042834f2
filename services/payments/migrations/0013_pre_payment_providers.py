"""Payments know their provider and what the shopper does to pay; failures are told in payments' own words."""

from alembic import op

revision = "0013"
down_revision = "0012"

# What was stored were codes of WeChat Pay, in its own spelling or in lower case.
REASONS = """
UPDATE payments SET reason = 'rejected' WHERE reason NOT IN ('too_late', 'no_time_to_pay', 'currency_not_supported',
    'parts_do_not_add_up', 'method_does_not_fit', 'cancelled', 'expired', 'written_off', 'provider_silent');
UPDATE refund_attempts SET word = 'rejected' WHERE word <> lower(word);
"""


def upgrade() -> None:
    op.execute(REASONS)


def downgrade() -> None:
    """The codes that were replaced are gone; nothing reads them."""
