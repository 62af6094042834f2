INSERT INTO products (product_id, shop_id, version, on_shelf, title)
VALUES ('01936000-0000-7000-8000-000000000001', '01936000-0000-7000-8000-000000000002', 1, true, 'Pen');
INSERT INTO prices (sku_id, product_id, options, amount, currency)
VALUES ('01936000-0000-7000-8000-000000000003', '01936000-0000-7000-8000-000000000001', 'red', 100, 'CNY');
INSERT INTO shops (shop_id, suspended, version) VALUES ('01936000-0000-7000-8000-000000000002', false, 1);
INSERT INTO campaigns (campaign_id, shop_id, name_zh, name_en, threshold, discount, currency, total_limit,
    per_person_limit, claimed, starts_at, ends_at)
VALUES ('01936000-0000-7000-8000-000000000004', '01936000-0000-7000-8000-000000000002', '满减', 'Off', 100, 10, 'CNY', 5, 1, 1,
    now(), now() + interval '1 day');
INSERT INTO coupons (coupon_id, campaign_id, user_id, nth, state, checkout_id, expires_at)
VALUES ('01936000-0000-7000-8000-000000000005', '01936000-0000-7000-8000-000000000004',
    '01936000-0000-7000-8000-000000000006', 1, 'held', '01936000-0000-7000-8000-000000000007', now());
INSERT INTO coupon_transitions (coupon_id, move, moved_at) VALUES ('01936000-0000-7000-8000-000000000005', 'issue', now());
INSERT INTO benefits (checkout_id, state, held, changed_at)
VALUES ('01936000-0000-7000-8000-000000000007', 'held',
    '[{"kind": "coupon", "coupon_id": "01936000-0000-7000-8000-000000000005"}]', now());
