"""What catalog shows the auditor of its stock: ids, counts and states."""

from typing import Any

from shared.audit_pages import page
from shared.auth import Caller, Role
from shared.entrypoints import rpc

Request = dict[str, Any]

# Levels that are not the sums they should be. One statement sees one moment: nothing can move in between.
LEVELS = """
seen AS (SELECT sku_id, on_hand, reserved FROM stock WHERE {which}),
summed AS (
    SELECT sku_id, on_hand, reserved,
        (SELECT coalesce(sum(change), 0) FROM stock_journal j WHERE j.sku_id = seen.sku_id) AS journal,
        (SELECT coalesce(sum(quantity), 0) FROM reservation r WHERE r.sku_id = seen.sku_id AND r.state = 'open')
            AS held
    FROM seen
),
found AS (
    SELECT * FROM summed
    WHERE on_hand <> journal OR reserved <> held OR reserved < 0 OR reserved > on_hand
)
"""


class AuditDoors:
    """The doors for the auditor."""

    work: Any

    @rpc(allow=Role.AUDITOR)
    def audit_levels(self, _caller: Caller, request: Request) -> Request:
        with self.work() as work:
            return page(work, LEVELS, request, key="sku_id")
