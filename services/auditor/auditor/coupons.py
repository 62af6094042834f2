"""Coupons, and benefits of all kinds: used up by the checkouts that kept them, and by no others."""

from collections.abc import Iterator

from auditor.checks import Check, Counted, Feed, Finding, Json, Queries, timestamp
from auditor.joined import joined, latest, sieved
from auditor.stock import OF_CHECKOUTS, has_ended, is_over, release
from shared.contracts.marketing.audit import AuditBenefits, AuditCampaigns, AuditCoupons
from shared.contracts.orders.audit import AuditCheckouts

LOOK = "read the coupon's moves and the saga's time line of its checkout"
NOTHING = {None, "none", "refused", "released"}


def campaigns(queries: Queries) -> Iterator[Counted | Finding]:
    """Campaigns that gave out more than they may, or count otherwise."""
    for one in sieved(queries, AuditCampaigns, limit=50):
        yield one if isinstance(one, Counted) else _overdrawn(one)


def _overdrawn(campaign: Json) -> Finding:
    detail = (
        f"{campaign['coupons']} coupons, {campaign['most']} of one person; it counts {campaign['claimed']},"
        f" and may give {campaign['total_limit']}, {campaign['per_person_limit']} to one person"
    )
    return Finding(
        check="coupons.campaigns",
        about=f"campaign {campaign['campaign_id']}",
        detail=detail,
        facts=campaign,
        advice="tell the shop; coupons that people were given are not taken back",
    )


def moves(queries: Queries) -> Iterator[Counted | Finding]:
    """Coupons that do not stand where their last move left them."""
    for one in sieved(queries, AuditCoupons):
        yield one if isinstance(one, Counted) else _astray(one)


def _astray(coupon: Json) -> Finding:
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
        advice=LOOK,
    )


def checkouts(queries: Queries) -> Iterator[Counted | Finding]:
    """Benefits that stand otherwise than the checkout that wanted them."""
    for checkout, benefits in joined(queries, AuditCheckouts, AuditBenefits, "checkout_id"):
        if benefits or (checkout and checkout["benefits"]):
            yield Counted(1)
            if wrong := _wrong(checkout, benefits):
                yield _misplaced(checkout, benefits, wrong)


def _wrong(checkout: Json | None, benefits: Json | None) -> str | None:
    state = benefits["state"] if benefits else None
    if checkout is None:
        return None if state in NOTHING else f"its benefits are {state}, and orders does not know it"
    if state not in may_be(checkout):
        return f"the checkout is {checkout['state']} (its saga: {checkout['saga']}), its benefits are {state}"
    wanted = _named(checkout["benefits"]) if state in ("held", "redeemed") else []
    has = _named(benefits["benefits"]) if benefits else []
    return (
        None
        if has == wanted
        else f"its benefits are {state}; it wanted {wanted or 'none'}, it has {has or 'none'}"
    )


def _named(benefits: list[Json]) -> list[str]:
    """Benefits as texts that can be compared and shown: `coupon <id>`."""
    return sorted(
        " ".join(str(benefit[name]) for name in sorted(benefit, key=_kind_first)) for benefit in benefits
    )


def _kind_first(name: str) -> tuple[bool, str]:
    return name != "kind", name


def may_be(checkout: Json) -> set[str | None]:
    """Where the benefits of a checkout may stand."""
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


def _misplaced(checkout: Json | None, benefits: Json | None, wrong: str) -> Finding:
    checkout_id = (checkout or benefits or {})["checkout_id"]
    orphan = benefits is not None and benefits["state"] == "held" and is_over(checkout)
    return Finding(
        check="coupons.checkouts",
        about=f"checkout {checkout_id}",
        detail=wrong,
        facts={"checkout": checkout, "benefits": benefits},
        since=latest(checkout, benefits),
        repair=release(checkout_id, "benefits") if orphan else None,
        advice=LOOK,
    )


CHECKS = [
    Check(
        name="coupons.campaigns",
        sentence="a campaign counts what it gave out, in all and to one person no more than it may",
        look=campaigns,
        by_key=True,
        changes=(Feed("marketing", "campaigns", "campaign_id"),),
    ),
    Check(
        name="coupons.moves",
        sentence="a coupon stands where its last move left it, and as the checkout's benefits do",
        look=moves,
        by_key=True,
        changes=tuple(Feed("marketing", table, "coupon_id") for table in ("coupons", "benefits")),
    ),
    Check(
        name="coupons.checkouts",
        sentence="a checkout under way holds its benefits, a confirmed one has used them up, others have none",
        look=checkouts,
        by_key=True,
        changes=(*OF_CHECKOUTS, *(Feed("marketing", table, "checkout_id") for table in ("benefits", "coupons"))),
    ),
]
