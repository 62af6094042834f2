INSERT INTO shop (shop_id, slug, name, approved, version)
VALUES ('01936000-0000-7000-8000-000000000001', 'tidy-desk', 'Tidy Desk', true, 1);
INSERT INTO category (path, name) VALUES ('desk', 'Desk');
INSERT INTO product (product_id, shop_id, handle, title, description, brand, kind, category, tags, option_names,
    shelf, listed_as, version, price_from, currency, search_text, search_terms, updated_at)
VALUES ('01936000-0000-7000-8000-000000000002', '01936000-0000-7000-8000-000000000001', 'pen', 'Pen', '', '', '', 'desk',
    '{}', '{Colour}', 'on_shelf', 'on_shelf', 1, 100, 'CNY', 'pen', '{pen}', now());
INSERT INTO sku (sku_id, product_id, position, code, option_values, price, currency, discontinued)
VALUES ('01936000-0000-7000-8000-000000000003', '01936000-0000-7000-8000-000000000002', 1, 'P', '{red}', 100, 'CNY', false);
INSERT INTO picture (product_id, position, src, alt, state)
VALUES ('01936000-0000-7000-8000-000000000002', 1, 'https://example.com/pen.jpg', '', 'not_fetched');
INSERT INTO stock (sku_id, on_hand, reserved) VALUES ('01936000-0000-7000-8000-000000000003', 5, 1);
INSERT INTO stock_journal (sku_id, kind, change, reason, at)
VALUES ('01936000-0000-7000-8000-000000000003', 'received', 3, '', now());
INSERT INTO stock_opening (sku_id, on_hand, entries, upto) VALUES ('01936000-0000-7000-8000-000000000003', 2, 1, now());
INSERT INTO stock_claim (checkout_id, state) VALUES ('01936000-0000-7000-8000-000000000004', 'reserved');
INSERT INTO reservation (checkout_id, order_id, sku_id, buyer_id, quantity, state)
VALUES ('01936000-0000-7000-8000-000000000004', '01936000-0000-7000-8000-000000000005',
    '01936000-0000-7000-8000-000000000003', '01936000-0000-7000-8000-000000000006', 1, 'open');
INSERT INTO restock (refund_id, order_id, at)
VALUES ('01936000-0000-7000-8000-000000000007', '01936000-0000-7000-8000-000000000005', now());
INSERT INTO product_import (import_id, shop_id, filename, digest, csv, state, started_at)
VALUES ('01936000-0000-7000-8000-000000000008', '01936000-0000-7000-8000-000000000001', 'a.csv', 'd', 'x', 'waiting', now());
