INSERT INTO payments (payment_id, checkout_id, method, provider, collection, amount, currency, description, state, version,
    expires_at, captured_at, created_at)
VALUES ('01936000-0000-7000-8000-000000000001', '01936000-0000-7000-8000-000000000002', 'wechat', 'wechat', 'prepaid', 110,
    'CNY', '', 'captured', 2, now(), now(), now());
INSERT INTO payment_parts (payment_id, order_id, shop_id, amount, receivable, captured, refunded, written_off)
VALUES ('01936000-0000-7000-8000-000000000001', '01936000-0000-7000-8000-000000000003',
    '01936000-0000-7000-8000-000000000004', 110, 0, 110, 0, 0);
INSERT INTO payment_lines (payment_id, order_id, line_id, position, kind, quantity, paid, tax, shop_discount, platform_discount)
VALUES ('01936000-0000-7000-8000-000000000001', '01936000-0000-7000-8000-000000000003',
    '01936000-0000-7000-8000-000000000005', 1, 'goods', 1, 110, 0, 0, 0);
INSERT INTO attempts (attempt_id, payment_id, provider, created_at)
VALUES ('01936000-0000-7000-8000-000000000006', '01936000-0000-7000-8000-000000000001', 'wechat', now());
INSERT INTO captures (capture_id, provider, transaction_id, payment_id, attempt_id, amount, currency, standing, captured_at)
VALUES ('01936000-0000-7000-8000-000000000007', 'wechat', 't', '01936000-0000-7000-8000-000000000001',
    '01936000-0000-7000-8000-000000000006', 110, 'CNY', 'kept', now());
INSERT INTO provider_calls (kind, key, about, requested_at)
VALUES ('query', '01936000-0000-7000-8000-000000000006', '01936000-0000-7000-8000-000000000001', now());
INSERT INTO provider_notifications (provider, event_id, received_at) VALUES ('wechat', 'e', now());
INSERT INTO unanswered_commands (message_id, kind, payment_id, requester, correlation_id, requested_at)
VALUES ('01936000-0000-7000-8000-000000000008', 'open', '01936000-0000-7000-8000-000000000001', 'orders',
    '01936000-0000-7000-8000-000000000009', now());
INSERT INTO refunds (refund_id, payment_id, order_id, amount, currency, tender, state, reason, requested_at)
VALUES ('01936000-0000-7000-8000-000000000010', '01936000-0000-7000-8000-000000000001',
    '01936000-0000-7000-8000-000000000003', 10, 'CNY', 'provider', 'processing', 'requested_by_buyer', now());
INSERT INTO refund_attempts (attempt_id, refund_id, position, state, requested_at)
VALUES ('01936000-0000-7000-8000-000000000011', '01936000-0000-7000-8000-000000000010', 1, 'processing', now());
INSERT INTO manual_settlements (about, paid_from, amount, currency, proof, note, proposed_by, proposed_at)
VALUES ('01936000-0000-7000-8000-000000000010', 'bank', 10, 'CNY', 'p', '', 'tom', now());
INSERT INTO unidentified (unidentified_id, kind, why, provider, number, out_trade_no, provider_number, amount, currency,
    happened_at, booked_at, state)
VALUES ('01936000-0000-7000-8000-000000000012', 'receipt', 'unknown', 'wechat', 'n', 'o', 'p', 10, 'CNY', now(), now(), 'open');
INSERT INTO ledger_accounts (name, currency, code, provider, balance)
VALUES ('provider_clearing:wechat', 'CNY', 'provider_clearing', 'wechat', 110),
    ('unapplied_receipts', 'CNY', 'unapplied_receipts', NULL, -110);
INSERT INTO ledger_postings (posting_id, kind, about, posted_at)
VALUES ('01936000-0000-7000-8000-000000000013', 'unapplied_captured', '01936000-0000-7000-8000-000000000012', now());
INSERT INTO ledger_entries (posting_id, line, account, currency, amount)
VALUES ('01936000-0000-7000-8000-000000000013', 0, 'provider_clearing:wechat', 'CNY', 110),
    ('01936000-0000-7000-8000-000000000013', 1, 'unapplied_receipts', 'CNY', -110);
