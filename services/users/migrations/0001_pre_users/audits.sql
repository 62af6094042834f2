-- The auditor's last report, what it said of each invariant, its findings, and its history by quarters of an hour.
CREATE TABLE audit_report (
    only_one     boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    began_at     timestamptz NOT NULL,
    stored_at    timestamptz NOT NULL,
    milliseconds bigint NOT NULL,
    every        integer NOT NULL
);

-- `state`, `since`: whether it held, and since when. `checked_at`: when its check last ran, `full_at`: in full.
CREATE TABLE audit_invariant (
    name         text PRIMARY KEY,
    place        integer NOT NULL,
    means_en     text NOT NULL,
    means_zh     text NOT NULL,
    state        text NOT NULL CHECK (state IN ('holds', 'violated', 'unknown')),
    since        timestamptz NOT NULL,
    checked      bigint NOT NULL,
    checked_at   timestamptz,
    incremental  boolean NOT NULL,
    milliseconds bigint NOT NULL,
    findings     bigint NOT NULL,
    waiting      bigint NOT NULL,
    blind        text,
    full_checked bigint,
    full_at      timestamptz
);

CREATE TABLE audit_finding (
    finding_id          uuid PRIMARY KEY,
    invariant           text NOT NULL,
    about               text NOT NULL,
    detail              text NOT NULL,
    facts               jsonb NOT NULL,
    changed_at          timestamptz,
    first_seen_at       timestamptz NOT NULL,
    last_seen_at        timestamptz NOT NULL,
    resolved_at         timestamptz,
    seen                integer NOT NULL DEFAULT 1,
    repair              jsonb,
    advice              jsonb NOT NULL,
    repair_requested_at timestamptz,
    repair_requested_by text
);
CREATE UNIQUE INDEX audit_finding_open ON audit_finding (invariant, about) WHERE resolved_at IS NULL;
CREATE INDEX audit_finding_resolved ON audit_finding (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX audit_finding_of ON audit_finding (invariant, finding_id);

-- The worst state in the quarter of an hour that begins at `quarter`.
CREATE TABLE audit_quarter (
    quarter   timestamptz NOT NULL,
    invariant text NOT NULL,
    violated  boolean NOT NULL,
    blind     boolean NOT NULL,
    PRIMARY KEY (quarter, invariant)
);
