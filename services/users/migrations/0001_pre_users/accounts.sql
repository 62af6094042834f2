-- Personal data is encrypted; an account is found by the blind index of its email address. An erased account has
-- neither an index nor a password; a single zero byte represents an erased value.
CREATE TABLE account (
    user_id       uuid PRIMARY KEY,
    email         bytea NOT NULL,
    email_index   bytea UNIQUE,
    name          bytea NOT NULL,
    password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%' OR password_hash = ''),
    granted_roles text[] NOT NULL CHECK (granted_roles <@ ARRAY['shopper', 'operator', 'auditor']),
    language      text NOT NULL DEFAULT 'zh' CHECK (language IN ('zh', 'en')),
    created_at    timestamptz NOT NULL,
    CONSTRAINT account_has_its_index CHECK ((email_index IS NULL) = (email = '\x00'))
);
