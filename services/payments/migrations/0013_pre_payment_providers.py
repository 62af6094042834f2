"""Payments know their provider and what the shopper does to pay; failures are told in payments' own words."""

from alembic import op

revision = "0013"
down_revision = "0012"

# What was stored were codes of WeChat Pay, in its own spelling or in lower case.
REASONS = """
UPDATE payments SET reason = 'rejected' WHERE reason NOT IN ('too_late', 'no_time_to_pay',
    'currency_not_supported', 'parts_do_not_add_up', 'method_does_not_fit', 'cancelled', 'expired', 'written_off',
    'provider_silent');
UPDATE refund_attempts SET word = 'rejected' WHERE word <> lower(word);
"""

PAY_ACTIONS = """
ALTER TABLE payments ADD COLUMN pay_action jsonb NOT NULL DEFAULT '{"kind": "none"}';
UPDATE payments SET pay_action = jsonb_build_object('kind', 'qr_code', 'content', code_url)
    WHERE code_url IS NOT NULL;
ALTER TABLE payments DROP COLUMN code_url;
"""
PROVIDERS = """
ALTER TABLE payments
    ADD COLUMN provider text NOT NULL DEFAULT 'nothing',
    ADD COLUMN collection text NOT NULL DEFAULT 'nothing'
        CHECK (collection IN ('prepaid', 'at_delivery', 'nothing')),
    DROP CONSTRAINT payments_method_check;
UPDATE payments SET provider = method, collection = CASE method
    WHEN 'wechat' THEN 'prepaid' WHEN 'cash_on_delivery' THEN 'at_delivery' ELSE 'nothing' END
    WHERE amount > 0;
ALTER TABLE payments ALTER COLUMN provider DROP DEFAULT, ALTER COLUMN collection DROP DEFAULT;
"""
ACCOUNTS = """
ALTER TABLE ledger_accounts ADD COLUMN provider text;
CREATE TEMPORARY TABLE renamed (was text, name text, code text, provider text) ON COMMIT DROP;
INSERT INTO renamed VALUES
    ('at_wechat', 'provider_clearing:wechat', 'provider_clearing', 'wechat'),
    ('refunds_in_transit', 'refunds_in_transit:wechat', 'refunds_in_transit', 'wechat'),
    ('stray_money', 'unapplied_receipts', 'unapplied_receipts', NULL);
INSERT INTO ledger_accounts (name, currency, code, balance, provider)
    SELECT r.name, a.currency, r.code, a.balance, r.provider
    FROM ledger_accounts a JOIN renamed r ON a.name = r.was;
ALTER TABLE ledger_entries DISABLE TRIGGER append_only;
UPDATE ledger_entries e SET account = r.name FROM renamed r WHERE e.account = r.was;
ALTER TABLE ledger_entries ENABLE TRIGGER append_only;
DELETE FROM ledger_accounts WHERE name IN (SELECT was FROM renamed);
ALTER TABLE ledger_postings DISABLE TRIGGER append_only;
UPDATE ledger_postings SET kind = 'unapplied_captured' WHERE kind = 'stray_captured';
ALTER TABLE ledger_postings ENABLE TRIGGER append_only;
"""
METHODS = """
ALTER TABLE payments DROP COLUMN provider, DROP COLUMN collection;
ALTER TABLE payments ADD CONSTRAINT payments_method_check
    CHECK (method IN ('wechat', 'cash_on_delivery', 'nothing')) NOT VALID;
"""
CODE_URLS = """
ALTER TABLE payments ADD COLUMN code_url text;
UPDATE payments SET code_url = pay_action ->> 'content';
ALTER TABLE payments DROP COLUMN pay_action;
"""


def upgrade() -> None:
    for script in (REASONS, PAY_ACTIONS, PROVIDERS, ACCOUNTS):
        op.execute(script)


def downgrade() -> None:
    """The codes of WeChat Pay that were replaced are gone; nothing reads them."""
    for script in (METHODS, CODE_URLS):
        op.execute(script)
