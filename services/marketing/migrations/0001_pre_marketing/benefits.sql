-- The held and the refused benefits of each checkout, tagged by kind. The row gives the reply to repeated commands,
-- and refuses late ones. It is kept where a benefit was used; others are purged after a time, once the auditor has
-- proven them.
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
