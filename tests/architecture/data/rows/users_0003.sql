INSERT INTO recovery (token_digest, user_id, created_at) SELECT '\x01', user_id, now() FROM account LIMIT 1;
