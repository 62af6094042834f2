-- Imports and their queue. The file is stored until the import is finished. The worker stores its progress, so that
-- an import can be interrupted, also in favour of other shops, and continued.
CREATE TABLE product_import (
    import_id       uuid PRIMARY KEY,
    shop_id         uuid NOT NULL REFERENCES shop,
    filename        text NOT NULL,
    idempotency_key text,
    digest          text NOT NULL,
    csv             bytea,
    actor_id        uuid,
    correlation_id  uuid,
    traceparent     text,
    state           text NOT NULL,
    claim           integer NOT NULL DEFAULT 0,
    attempt         integer NOT NULL DEFAULT 0,
    claimed_until   timestamptz,
    progress        jsonb,
    report          jsonb,
    problem         jsonb,
    queued_at       timestamptz NOT NULL DEFAULT now(),
    started_at      timestamptz NOT NULL,
    finished_at     timestamptz,
    UNIQUE (shop_id, idempotency_key),
    CONSTRAINT product_import_state CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    CONSTRAINT product_import_report CHECK ((report IS NOT NULL) = (state = 'done')),
    CONSTRAINT product_import_problem CHECK (state <> 'failed' OR problem IS NOT NULL),
    CONSTRAINT product_import_over CHECK (csv IS NULL OR state IN ('waiting', 'running'))
);
CREATE UNIQUE INDEX product_import_one_of_a_shop ON product_import (shop_id) WHERE csv IS NOT NULL;
CREATE INDEX product_import_over ON product_import (finished_at);
