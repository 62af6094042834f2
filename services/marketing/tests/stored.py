"""Stored campaigns and coupons."""

from datetime import UTC, datetime

from sqlalchemy import select

from marketing.coupons.tables import coupon_transitions, coupons
from services.marketing.tests.builders import campaign, coupon, named
from shared.ids import new_id


def offer(open_work, **known):
    """Store a campaign that is open now."""
    with open_work() as work:
        made = campaign(datetime.now(UTC), **known)
        work.campaigns.add(made)
    return made


def give(open_work, campaign, owner="MEI", count=1):
    """Issue coupons of a campaign to a user; returns their ids."""
    with open_work() as work:
        had = work.coupons.had_by(named(owner), campaign.campaign_id)
        given = [coupon_of(campaign, owner) for _ in range(count)]
        for nth, each in enumerate(given, start=had + 1):
            work.coupons.issue(each, nth)
    return [each.coupon_id for each in given]


def coupon_of(campaign, owner):
    return coupon(
        coupon_id=new_id(),
        campaign_id=campaign.campaign_id,
        user_id=named(owner),
        expires_at=campaign.ends_at,
        terms=campaign.terms,
    )


def states(open_work, coupon_ids):
    """The states of coupons, in the order of the ids."""
    with open_work() as work:
        rows = work.connection.execute(select(coupons.c.coupon_id, coupons.c.state))
        found = {row.coupon_id: row.state for row in rows}
    return [found[coupon_id] for coupon_id in coupon_ids]


def transitions(open_work, coupon_id):
    """The transitions of a coupon, oldest first."""
    with open_work() as work:
        moves = select(coupon_transitions.c.move).where(coupon_transitions.c.coupon_id == coupon_id)
        return list(work.connection.execute(moves.order_by(coupon_transitions.c.position)).scalars())
