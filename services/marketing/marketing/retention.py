"""What keeps the tables of marketing bounded."""

from datetime import timedelta

from shared import retained
from shared.retention import Kept, Purge, Rules

RULES: Rules = {
    **retained.EVERYWHERE,
    **retained.ERASURES,
    "benefits": Purge(
        table="benefits",
        since="modified_at",
        keep=timedelta(days=90),
        setting="KEEP_BENEFITS_DAYS",
        which="state IN ('none', 'refused', 'released')",
        proven_by=("coupons.checkouts", "coupons.moves"),
        why="What checkouts did that used no benefit; where one was used, the row stays with it.",
    ),
    "shops": Kept("a row for each shop"),
    "products": Kept("a row for each product of catalog; a withdrawn one's version stops older news"),
    "prices": Kept("a row for each SKU on the shelf"),
    "campaigns": Kept("what shops promised, and how much of it was given out"),
    "coupons": Kept("at most as many as campaigns give out; a campaign's count is held against them"),
    "coupon_transitions": Kept("two to four rows for each coupon: the proof of where it stands"),
}
