"""The retention rules of orders' tables."""

from datetime import timedelta

from shared import retained
from shared.retention import Kept, Purge, Rules
from shared.sagas import archive

TRADE = "a record of trade, which the law requires to keep for years: what was bought and refunded, and by whom"
# Sagas of refunds that are not paid yet are not archived: the audit query needs them to count restocked units.
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
        why="Guest carts need no account and are not deleted otherwise; a shopper has one cart, which is kept.",
    ),
    "carrier_report": Purge(
        table="carrier_report",
        since="decided_at",
        keep=timedelta(days=90),
        why="Open reports are kept until an operator decides; an alert counts them, and the log has the decision.",
    ),
    "cart_line": Kept("few per cart; deleted with it"),
    "checkout": Kept(TRADE),
    "orders": Kept(TRADE),
    "order_line": Kept(TRADE),
    "order_step": Kept("about ten rows per order"),
    "parcel": Kept(TRADE),
    "parcel_trace": Kept("carrier reports of a parcel, kept as long as the parcel"),
    "refund": Kept(TRADE),
    "shop_policy": Kept("one row per shop"),
}
