INSERT INTO account (user_id, email, email_index, name, password_hash, granted_roles, created_at)
VALUES ('01936000-0000-7000-8000-000000000001', '\x01', '\x02', '\x01', '$argon2id$', '{shopper}', now());
INSERT INTO sign_in_guard (email_digest, failures, last_at) VALUES ('\x03', 1, now());
INSERT INTO session (session_id, user_id, started_at, used_at)
VALUES ('01936000-0000-7000-8000-000000000002', '01936000-0000-7000-8000-000000000001', now(), now());
INSERT INTO refresh_token (digest, session_id) VALUES ('\x04', '01936000-0000-7000-8000-000000000002');
INSERT INTO shop (shop_id, slug, name, owner_id, state, version, opened_at)
VALUES ('01936000-0000-7000-8000-000000000003', 'tidy-desk', 'Tidy Desk', '01936000-0000-7000-8000-000000000001',
    'approved', 1, now());
INSERT INTO shop_invitation (invitation_id, shop_id, email, email_index, token_digest, created_at, expires_at)
VALUES ('01936000-0000-7000-8000-000000000004', '01936000-0000-7000-8000-000000000003', '\x01', '\x02', '\x05', now(), now());
INSERT INTO shop_member (user_id, shop_id, duty)
VALUES ('01936000-0000-7000-8000-000000000001', '01936000-0000-7000-8000-000000000003', 'owner');
INSERT INTO address (address_id, user_id, contact, phone, province, city, district, street, postcode, is_default)
VALUES ('01936000-0000-7000-8000-000000000005', '01936000-0000-7000-8000-000000000001', '\x01', '\x01', '浙江省', '杭州市',
    '西湖区', '\x01', '\x00', true);
INSERT INTO message (message_id, user_id, purpose, template, parameters, subject, text, created_at, mail_state)
VALUES ('01936000-0000-7000-8000-000000000006', '01936000-0000-7000-8000-000000000001', 'order', 'order_shipped', '{}', '\x01',
    '\x01', now(), 'waiting');
INSERT INTO message_preference (user_id, marketing_mail, changed_at)
VALUES ('01936000-0000-7000-8000-000000000001', true, now());
INSERT INTO erasure (user_id, requested_by, requested_at, state, attempt_id, open)
VALUES ('01936000-0000-7000-8000-000000000001', '01936000-0000-7000-8000-000000000001', now(), 'running',
    '01936000-0000-7000-8000-000000000007', '[]');

INSERT INTO audit_report (began_at, stored_at, milliseconds, every) VALUES (now(), now(), 400, 60);
INSERT INTO audit_invariant
    (name, place, means_en, means_zh, state, since, checked, incremental, milliseconds, findings, waiting)
VALUES ('stock.levels', 0, 'on hand', '在库', 'holds', now(), 70, false, 12, 0, 0);
INSERT INTO audit_finding
    (finding_id, invariant, about, detail, facts, first_seen_at, last_seen_at, advice)
VALUES ('01936000-0000-7000-8000-00000000f002', 'stock.levels', 'sku 1', '3 of 2', '{}', now(), now(), '{}');
INSERT INTO audit_quarter (quarter, invariant, violated, blind) VALUES (now(), 'stock.levels', false, false);
