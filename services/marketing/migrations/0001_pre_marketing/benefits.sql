-- What each checkout did with its benefits, which are tagged by their kind: those that it held, and those that
-- stood in its way. The row answers repeated commands, and refuses late ones. It stays where a benefit was
-- used; all others are deleted after a time, once the auditor has proven them.
CREATE TABLE benefits (
    checkout_id uuid PRIMARY KEY,
    state       text NOT NULL
        CHECK (state IN ('none', 'refused', 'held', 'released', 'redeemed', 'restored')),
    reason      text,
    refused     jsonb NOT NULL DEFAULT '[]',
    held        jsonb NOT NULL DEFAULT '[]',
    changed_at  timestamptz NOT NULL,
    modified_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT refused_for_a_reason CHECK (state <> 'refused' OR reason IS NOT NULL)
);
CREATE INDEX benefits_that_were_nothing ON benefits (modified_at) WHERE state IN ('none', 'refused', 'released');
