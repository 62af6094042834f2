CREATE TABLE message (
    message_id  uuid PRIMARY KEY,
    user_id     uuid NOT NULL REFERENCES account,
    purpose     text NOT NULL CHECK (purpose IN ('order', 'after_sale', 'account', 'security', 'marketing')),
    template    text NOT NULL,
    parameters  jsonb NOT NULL,
    subject     bytea NOT NULL,
    text        bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    read_at     timestamptz,
    mail_state  text NOT NULL CHECK (mail_state IN ('waiting', 'sent', 'failed', 'suppressed')),
    mail_reason text CHECK (mail_reason IN ('no_consent', 'mail_off', 'refused', 'expired')),
    mail_at     timestamptz,
    mailed_at   timestamptz,
    CHECK ((mail_state IN ('failed', 'suppressed')) = (mail_reason IS NOT NULL)),
    CHECK ((mail_state = 'sent') = (mailed_at IS NOT NULL))
);
CREATE INDEX message_of_user ON message (user_id, created_at DESC, message_id DESC);
CREATE INDEX message_unread ON message (user_id) WHERE read_at IS NULL;
CREATE INDEX message_by_age ON message (created_at);

CREATE TABLE message_preference (
    user_id        uuid PRIMARY KEY REFERENCES account,
    marketing_mail boolean NOT NULL,
    changed_at     timestamptz NOT NULL
);
