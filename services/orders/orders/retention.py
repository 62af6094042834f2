"""What keeps the tables of orders bounded."""

from datetime import timedelta

from shared import retained
from shared.retention import Kept, Purge, Rules
from shared.sagas import archive

TRADE = "a record of trade, which the law has kept for years; what was bought, refunded and by whom is asked of it"
# While a refund's money is on its way, the saga that asked for it says what has come back already.
RUNNING = """
    SELECT refund_id::text FROM refund WHERE state = 'running'
    UNION ALL SELECT order_id::text FROM refund WHERE state = 'running'
"""

RULES: Rules = {
    **retained.EVERYWHERE,
    **retained.ERASURES,
    **archive.rules(which=f"business_key <> ALL(ARRAY({RUNNING}))"),
    "cart": Purge(
        table="cart",
        since="updated_at",
        keep=timedelta(days=30),
        setting="KEEP_GUEST_CARTS_DAYS",
        which="owner_id IS NULL",
        why="Anybody can make a guest's cart, and nobody gives it back; a shopper has one cart, which stays.",
    ),
    "carrier_report": Purge(
        table="carrier_report",
        since="decided_at",
        keep=timedelta(days=90),
        why="Open ones stay until an operator has decided; an alarm counts them, and the log keeps who decided.",
    ),
    "cart_line": Kept("few for each cart; they go with it"),
    "checkout": Kept(TRADE),
    "orders": Kept(TRADE),
    "order_line": Kept(TRADE),
    "order_step": Kept("some ten rows for each order"),
    "parcel": Kept(TRADE),
    "parcel_trace": Kept("what carriers reported of a parcel; it stays with the parcel"),
    "refund": Kept(TRADE),
    "shop_policy": Kept("a row for each shop"),
}
