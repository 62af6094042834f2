"""What keeps the tables of orders bounded."""

from datetime import timedelta

from shared import retained
from shared.retention import Purge, Rules

RULES: Rules = {
    **retained.EVERYWHERE,
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
}
