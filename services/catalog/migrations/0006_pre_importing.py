"""Imports wait in a queue until the import worker has seen them through."""

from alembic import op

revision = "0006"
down_revision = "0005"

# A file is kept until its import is over; what the code before this one writes is never in the queue.
QUEUE = """
ALTER TABLE product_import
    ADD COLUMN csv            bytea,
    ADD COLUMN actor_id       uuid,
    ADD COLUMN correlation_id uuid,
    ADD COLUMN traceparent    text,
    ADD COLUMN attempt        integer NOT NULL DEFAULT 0,
    ADD COLUMN claimed_until  timestamptz,
    ADD COLUMN problem        jsonb,
    DROP CONSTRAINT product_import_state_check,
    DROP CONSTRAINT product_import_check,
    ADD CONSTRAINT product_import_state CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    ADD CONSTRAINT product_import_report CHECK ((report IS NOT NULL) = (state = 'done')),
    ADD CONSTRAINT product_import_problem CHECK (state <> 'failed' OR problem IS NOT NULL),
    ADD CONSTRAINT product_import_over CHECK (csv IS NULL OR state IN ('waiting', 'running'));
CREATE UNIQUE INDEX product_import_one_of_a_shop ON product_import (shop_id) WHERE csv IS NOT NULL;
"""

# It was cut off when there was no queue, and nobody has its file.
CUT_OFF = """
UPDATE product_import SET state = 'failed', finished_at = now(), problem =
    '{"code": "import_interrupted",
      "text": {"zh": "导入没有完成，请重新上传", "en": "It was not finished; upload the file again"}}'
WHERE state = 'running'
"""

BACK = """
DELETE FROM product_import WHERE state IN ('waiting', 'failed');
ALTER TABLE product_import
    DROP COLUMN csv, DROP COLUMN actor_id, DROP COLUMN correlation_id, DROP COLUMN traceparent,
    DROP COLUMN attempt, DROP COLUMN claimed_until, DROP COLUMN problem,
    DROP CONSTRAINT product_import_state, DROP CONSTRAINT product_import_report,
    ADD CONSTRAINT product_import_state_check CHECK (state IN ('running', 'done')),
    ADD CONSTRAINT product_import_check CHECK ((report IS NULL) = (state = 'running'));
"""


def upgrade() -> None:
    op.execute(QUEUE)
    op.execute(CUT_OFF)


def downgrade() -> None:
    op.execute(BACK)
