INSERT INTO cart (cart_id) VALUES ('01936000-0000-7000-8000-000000000001');
INSERT INTO cart_line (cart_id, sku_id, quantity)
VALUES ('01936000-0000-7000-8000-000000000001', '01936000-0000-7000-8000-000000000002', 1);
INSERT INTO checkout (checkout_id, quote_id, buyer_id, payment_id, method, total, currency, state, address, contact,
    note, benefits, taken_from_cart, expires_at)
VALUES ('01936000-0000-7000-8000-000000000003', '01936000-0000-7000-8000-000000000004',
    '01936000-0000-7000-8000-000000000005', '01936000-0000-7000-8000-000000000006', 'wechat', 110, 'CNY', 'confirmed',
    '\x00', '\x00', '\x00', '[]', '[]', now());
INSERT INTO orders (order_id, number, checkout_id, payment_id, shop_id, buyer_id, state, currency, goods, discount,
    shipping, total, refunded, version)
VALUES ('01936000-0000-7000-8000-000000000007', '1', '01936000-0000-7000-8000-000000000003',
    '01936000-0000-7000-8000-000000000006', '01936000-0000-7000-8000-000000000008',
    '01936000-0000-7000-8000-000000000005', 'shipped', 'CNY', 100, 0, 10, 110, 0, 3);
INSERT INTO order_line (line_id, order_id, position, product_id, sku_id, title, options, quantity, unit_price, discount,
    paid, why, claimed_quantity, claimed_amount)
VALUES ('01936000-0000-7000-8000-000000000009', '01936000-0000-7000-8000-000000000007', 1,
    '01936000-0000-7000-8000-000000000010', '01936000-0000-7000-8000-000000000002', 'Pen', 'red', 1, 100, 0, 100, '[]',
    1, 100);
INSERT INTO order_step (order_id, state, actor) VALUES ('01936000-0000-7000-8000-000000000007', 'placed', 'shopper');
INSERT INTO parcel (parcel_id, order_id, shop_id, carrier, tracking_number, state, lines)
VALUES ('01936000-0000-7000-8000-000000000011', '01936000-0000-7000-8000-000000000007',
    '01936000-0000-7000-8000-000000000008', 'sf', 'SF1', 'shipped', '[]');
INSERT INTO parcel_trace (parcel_id, at, event, place, text)
VALUES ('01936000-0000-7000-8000-000000000011', now(), 'picked_up', 'Hangzhou', '\x00');
INSERT INTO carrier_report (report_id, carrier, tracking_number, at, event, place, text)
VALUES ('01936000-0000-7000-8000-000000000012', 'sf', 'SF2', now(), 'picked_up', 'Hangzhou', '\x00');
INSERT INTO refund (refund_id, order_id, shop_id, buyer_id, kind, state, lines, currency, shipping, amount, reason)
VALUES ('01936000-0000-7000-8000-000000000013', '01936000-0000-7000-8000-000000000007',
    '01936000-0000-7000-8000-000000000008', '01936000-0000-7000-8000-000000000005', 'request', 'running', '[]', 'CNY', 0,
    100, 'requested_by_buyer');
INSERT INTO shop_policy (shop_id, policy) VALUES ('01936000-0000-7000-8000-000000000008', 'frozen_shares');
