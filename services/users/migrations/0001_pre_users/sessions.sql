CREATE TABLE sign_in_guard (
    email_digest bytea PRIMARY KEY,
    failures     integer NOT NULL CHECK (failures >= 0),
    last_at      timestamptz NOT NULL
);
CREATE INDEX sign_in_guard_by_age ON sign_in_guard (last_at);

CREATE TABLE session (
    session_id uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES account,
    started_at timestamptz NOT NULL,
    used_at    timestamptz NOT NULL,
    ended      text
);
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_age ON session (used_at);

CREATE TABLE refresh_token (
    digest     bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session ON DELETE CASCADE,
    used_at    timestamptz,
    salt       bytea,
    CHECK ((used_at IS NULL) = (salt IS NULL))
);
CREATE INDEX refresh_token_by_session ON refresh_token (session_id);
CREATE UNIQUE INDEX refresh_token_one_unused ON refresh_token (session_id) WHERE used_at IS NULL;
CREATE INDEX refresh_token_by_age ON refresh_token (used_at) WHERE used_at IS NOT NULL;
