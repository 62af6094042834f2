CREATE TABLE erasure (
    user_id       uuid PRIMARY KEY REFERENCES account,
    requested_by  uuid NOT NULL,
    requested_at  timestamptz NOT NULL,
    state         text NOT NULL CHECK (state IN ('running', 'waiting', 'withdrawn', 'erased')),
    attempt_id    uuid NOT NULL,
    open          jsonb NOT NULL,
    checked_at    timestamptz,
    next_check_at timestamptz CHECK ((next_check_at IS NOT NULL) = (state = 'waiting')),
    erased_at     timestamptz CHECK ((erased_at IS NOT NULL) = (state = 'erased'))
);
CREATE INDEX erasure_by_next_check ON erasure (next_check_at) WHERE next_check_at IS NOT NULL;
