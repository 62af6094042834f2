"""Coupons, and benefits of all kinds: redeemed by the confirmed checkouts that hold them, and by no others."""

from collections.abc import Iterator

from auditor.checks import Check, Counted, Feed, Finding, Json, Queries, timestamp
from auditor.joined import joined, latest, violations
from auditor.stock import OF_CHECKOUTS, has_ended, is_over, release
from shared.contracts.marketing.audit import AuditBenefits, AuditCampaigns, AuditCoupons
from shared.contracts.orders.audit import AuditCheckouts

ADVICE = "read the coupon's moves and the saga's time line of its checkout"
NOTHING = {None, "none", "refused", "released"}


def campaigns(queries: Queries) -> Iterator[Counted | Finding]:
    """Campaigns that issued more coupons than their limits allow, or whose count is wrong."""
    for one in violations(queries, AuditCampaigns, limit=50):
        yield one if isinstance(one, Counted) else _overdrawn(one)


def _overdrawn(campaign: Json) -> Finding:
    detail = (
        f"{campaign['coupons']} coupons, {campaign['most']} of one person; its count is {campaign['claimed']},"
        f" its limits are {campaign['total_limit']}, {campaign['per_person_limit']} of one person"
    )
    return Finding(
        check="coupons.campaigns",
        about=f"campaign {campaign['campaign_id']}",
        detail=detail,
        facts=campaign,
        advice="inform the shop; issued coupons are not revoked",
    )


def moves(queries: Queries) -> Iterator[Counted | Finding]:
    """Coupons whose state is not the one after their last move."""
    for one in violations(queries, AuditCoupons):
        yield one if isinstance(one, Counted) else _wrong_move(one)


def _wrong_move(coupon: Json) -> Finding:
    detail = (
        f"it is {coupon['state']} for {coupon['checkout_id']}, its last move was {coupon['move']} for"
        f" {coupon['moved_for']}, the checkout's benefits are {coupon['benefits']}"
    )
    return Finding(
        check="coupons.moves",
        about=f"coupon {coupon['coupon_id']}",
        detail=detail,
        facts=coupon,
        since=timestamp(coupon["since"]),
        advice=ADVICE,
    )


def checkouts(queries: Queries) -> Iterator[Counted | Finding]:
    """Benefits whose state does not match their checkout."""
    for checkout, benefits in joined(queries, AuditCheckouts, AuditBenefits, "checkout_id"):
        if benefits or (checkout and checkout["benefits"]):
            yield Counted(1)
            if wrong := _mismatch(checkout, benefits):
                yield _mismatched(checkout, benefits, wrong)


def _mismatch(checkout: Json | None, benefits: Json | None) -> str | None:
    state = benefits["state"] if benefits else None
    if checkout is None:
        return None if state in NOTHING else f"its benefits are {state}, and orders does not know it"
    if state not in allowed_states(checkout):
        return f"the checkout is {checkout['state']} (its saga: {checkout['saga']}), its benefits are {state}"
    requested = _named(checkout["benefits"]) if state in ("held", "redeemed") else []
    has = _named(benefits["benefits"]) if benefits else []
    return (
        None
        if has == requested
        else f"its benefits are {state}; it requested {requested or 'none'}, it has {has or 'none'}"
    )


def _named(benefits: list[Json]) -> list[str]:
    """Benefits as texts that can be compared and shown: `coupon <id>`."""
    return sorted(
        " ".join(str(benefit[name]) for name in sorted(benefit, key=_kind_first)) for benefit in benefits
    )


def _kind_first(name: str) -> tuple[bool, str]:
    return name != "kind", name


def allowed_states(checkout: Json) -> set[str | None]:
    """The states that the benefits of a checkout may have; None: no benefits are stored."""
    if checkout["state"] == "placed":
        return set() if has_ended(checkout) else {*NOTHING, "held"}
    if checkout["state"] == "cancelled":
        return NOTHING
    if not checkout["benefits"]:
        return {None, "none"}
    if not has_ended(checkout):
        return {"held", "redeemed"}
    if checkout["cancelled"] < checkout["orders"]:
        return {"redeemed"}
    return {"redeemed", "restored"} if checkout["cancelling"] else {"restored"}


def _mismatched(checkout: Json | None, benefits: Json | None, wrong: str) -> Finding:
    checkout_id = (checkout or benefits or {})["checkout_id"]
    orphan = benefits is not None and benefits["state"] == "held" and is_over(checkout)
    return Finding(
        check="coupons.checkouts",
        about=f"checkout {checkout_id}",
        detail=wrong,
        facts={"checkout": checkout, "benefits": benefits},
        since=latest(checkout, benefits),
        repair=release(checkout_id, "benefits") if orphan else None,
        advice=ADVICE,
    )


CHECKS = [
    Check(
        name="coupons.campaigns",
        sentence="a campaign's count is the number of its coupons, within its limits in all and for one person",
        run=campaigns,
        by_key=True,
        changes=(Feed("marketing", "campaigns", "campaign_id"),),
    ),
    Check(
        name="coupons.moves",
        sentence="a coupon's state is the one after its last move, and matches the checkout's benefits",
        run=moves,
        by_key=True,
        changes=tuple(Feed("marketing", table, "coupon_id") for table in ("coupons", "benefits")),
    ),
    Check(
        name="coupons.checkouts",
        sentence="a checkout in progress holds its benefits, a confirmed one has redeemed them, others have none",
        run=checkouts,
        by_key=True,
        changes=(*OF_CHECKOUTS, *(Feed("marketing", table, "checkout_id") for table in ("benefits", "coupons"))),
    ),
]
