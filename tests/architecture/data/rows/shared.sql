-- A row in each table that services share, one statement a table.
INSERT INTO outbox (message_id, topic, kind, subject, body, headers)
VALUES ('01936000-0000-7000-8000-000000000901', 'order_placed', 'event', 'x', '{}', '{}');

INSERT INTO inbox (consumer, message_id) VALUES ('orders', '01936000-0000-7000-8000-000000000902');

INSERT INTO subscriptions (consumer, topic) VALUES ('orders', 'order_placed');

INSERT INTO idempotency (caller, operation, key, request) VALUES ('mei', 'orders.cancel_order', 'k', 'digest');

INSERT INTO operator_log (entry_id, at, actor, action, about, note)
VALUES ('01936000-0000-7000-8000-000000000903', now(), 'tom', 'retry', 'x', '');

INSERT INTO dead_letter (dead_letter_id, copy, topic, queue, body, headers, retried)
VALUES ('01936000-0000-7000-8000-000000000904', 'digest', 'order_placed', 'orders', '{}', '{}', 0);

INSERT INTO switches (name, is_on, changed_at, changed_by, reason) VALUES ('check_out', false, now(), 'tom', 'why');

INSERT INTO proven (check_name, upto) VALUES ('order.sums', now());

INSERT INTO erased_person (user_id, erased_at) VALUES ('01936000-0000-7000-8000-000000000905', now());

INSERT INTO saga (saga_id, name, business_key, version, status, attempt, tries, undo, met, state)
VALUES ('01936000-0000-7000-8000-000000000906', 'orders.checkout', 'k', 1, 'waiting', 1, 1, '[]', '[]', '{}');

INSERT INTO saga_transition (saga_id, at, input, to_status, actor)
VALUES ('01936000-0000-7000-8000-000000000906', now(), '{}', 'waiting', 'system');

INSERT INTO saga_lock (resource, saga_id) VALUES ('order', '01936000-0000-7000-8000-000000000906');

INSERT INTO saga_summary (day, name, status, sagas, transitions) VALUES (now(), 'orders.checkout', 'done', 1, 9);

INSERT INTO provider_calls (kind, key, about, requested_at)
VALUES ('mail', '01936000-0000-7000-8000-000000000907', '01936000-0000-7000-8000-000000000908', now());
INSERT INTO process_report (instance, process, host, failing, queues, settings)
VALUES ('00000000-0000-4000-8000-00000000f001', 'catalog', 'a', '[]', '{"dead.catalog": [0, 12]}', '[]');
