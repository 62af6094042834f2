"""The retention rules of marketing's tables."""

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
        why="Rows of checkouts that used no benefit; the row of a used benefit is kept with it.",
    ),
    "shops": Kept("one row per shop"),
    "products": Kept("one row per product of catalog; the version of a withdrawn one rejects older events"),
    "prices": Kept("one row per listed SKU"),
    "campaigns": Kept("the terms of shops, and how many coupons were claimed"),
    "coupons": Kept("at most the limits of the campaigns; a campaign's count is audited against them"),
    "coupon_transitions": Kept("two to four rows per coupon: the proof of its state"),
}
