CREATE TABLE ledger_accounts (
    name     text NOT NULL,
    currency text NOT NULL,
    code     text NOT NULL,
    provider text,
    shop_id  uuid,
    balance  bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (name, currency)
);

-- A posting of unidentified money belongs to no payment.
CREATE TABLE ledger_postings (
    posting_id  uuid PRIMARY KEY,
    kind        text NOT NULL,
    about       uuid NOT NULL,
    payment_id  uuid REFERENCES payments,
    posted_at   timestamptz NOT NULL,
    modified_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (kind, about)
);
CREATE INDEX ledger_postings_of_a_payment ON ledger_postings (payment_id);

CREATE TABLE ledger_entries (
    posting_id uuid NOT NULL REFERENCES ledger_postings,
    line       integer NOT NULL,
    account    text NOT NULL,
    currency   text NOT NULL,
    amount     bigint NOT NULL CHECK (amount <> 0),
    order_id   uuid,
    PRIMARY KEY (posting_id, line),
    FOREIGN KEY (account, currency) REFERENCES ledger_accounts (name, currency)
);
CREATE INDEX ledger_entries_of_an_account ON ledger_entries (account, currency, posting_id, line);

-- Guards in the database: it refuses unbalanced postings, and updates and deletions in the ledger.
CREATE FUNCTION posting_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger_entries WHERE posting_id = NEW.posting_id
               GROUP BY currency HAVING sum(amount) <> 0) THEN
        RAISE EXCEPTION 'posting % does not balance', NEW.posting_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION posting_balances();

CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_postings
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
