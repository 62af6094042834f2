"""Stores suspended shops, campaigns, and coupons with their transitions."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from marketing.coupons.model.campaigns import Campaign, CampaignNotFound, Terms, Usage
from marketing.coupons.model.coupons import TRANSITIONS, Coupon, CouponState, Transition
from marketing.coupons.tables import campaigns, coupon_transitions, coupons, shops
from marketing.texts import Text
from shared.money import Money
from shared.round_trips import later

WITH_TERMS = select(coupons, campaigns).join(campaigns, campaigns.c.campaign_id == coupons.c.campaign_id)


@dataclass(frozen=True)
class Shops:
    """Marketing's copy of which shops are suspended, from the events of users."""

    connection: Connection

    def put(self, shop_id: UUID, *, suspended: bool, version: int) -> None:
        """Store the state from an event, unless a newer one is stored."""
        row = insert(shops).values(shop_id=shop_id, suspended=suspended, version=version)
        changes = {"suspended": row.excluded.suspended, "version": row.excluded.version}
        newer = shops.c.version < row.excluded.version
        later(self.connection, row.on_conflict_do_update(index_elements=["shop_id"], set_=changes, where=newer))

    def is_suspended(self, shop_id: UUID) -> bool:
        """Whether the shop is suspended; its row is locked against changes until the end of the transaction."""
        found = select(shops.c.suspended).where(shops.c.shop_id == shop_id).with_for_update(read=True)
        return bool(self.connection.execute(found).scalar())


class Campaigns:
    """The campaigns of all shops."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, campaign: Campaign) -> None:
        """Store a new campaign."""
        later(self.connection, campaigns.insert().values(_row(campaign)))

    def get(self, campaign_id: UUID) -> Campaign:
        """The campaign. Raises CampaignNotFound."""
        found = self._read(select(campaigns).where(campaigns.c.campaign_id == campaign_id))
        if not found:
            raise CampaignNotFound(campaign_id=str(campaign_id))
        return found[0]

    def claim_one(self, campaign_id: UUID, at: datetime) -> Campaign | None:
        """Count one more claimed coupon if one is left at the time `at`; locks the campaign's row until commit."""
        taken = (
            update(campaigns)
            .where(
                campaigns.c.campaign_id == campaign_id,
                campaigns.c.claimed < campaigns.c.total_limit,
                campaigns.c.starts_at <= at,
                campaigns.c.ends_at > at,
                ~campaigns.c.paused,
            )
            .values(claimed=campaigns.c.claimed + 1)
            .returning(campaigns)
        )
        row = self.connection.execute(taken).one_or_none()
        return _campaign(row) if row else None

    def open_at(self, at: datetime, shop_id: UUID | None, after: UUID | None, limit: int) -> list[Campaign]:
        """Campaigns that are open at the time `at`, of one shop or of all, newest first.

        A partial index skips ended campaigns, except for those that are not marked yet.
        """
        open_now = (campaigns.c.starts_at <= at, campaigns.c.ends_at > at, ~campaigns.c.over, ~campaigns.c.paused)
        return self._read(_page(shop_id, after, limit).where(*open_now))

    def pause(self, campaign_id: UUID, *, paused: bool) -> Campaign:
        """Pause or resume an existing campaign; locks its row until commit."""
        changed = update(campaigns).where(campaigns.c.campaign_id == campaign_id).values(paused=paused)
        return _campaign(self.connection.execute(changed.returning(campaigns)).one())

    def usage(self, campaign_ids: Collection[UUID]) -> dict[UUID, Usage]:
        """How many coupons of these campaigns are held and redeemed, by an index of those alone."""
        taken = (coupons.c.campaign_id.in_(campaign_ids), coupons.c.state != literal_column("'free'"))
        query = select(coupons.c.campaign_id, coupons.c.state, func.count()).where(*taken)
        found: dict[UUID, dict[str, int]] = {campaign_id: {} for campaign_id in campaign_ids}
        for campaign_id, state, number in self.connection.execute(query.group_by(*query.selected_columns[:2])):
            found[campaign_id][state] = number
        return {campaign_id: Usage(**numbers) for campaign_id, numbers in found.items()}

    def end(self, at: datetime, limit: int) -> int:
        """Mark up to `limit` campaigns that have ended at the time `at`; returns how many were marked."""
        ended = select(campaigns.c.campaign_id).where(campaigns.c.ends_at <= at, ~campaigns.c.over)
        some = ended.order_by(campaigns.c.ends_at).limit(limit).with_for_update(skip_locked=True)
        marked = update(campaigns).where(campaigns.c.campaign_id.in_(some)).values(over=True)
        return self.connection.execute(marked).rowcount

    def of_shop(self, shop_id: UUID, after: UUID | None, limit: int) -> list[Campaign]:
        """All campaigns of a shop, newest first."""
        return self._read(_page(shop_id, after, limit))

    def _read(self, query: Select[Any]) -> list[Campaign]:
        return [_campaign(row) for row in self.connection.execute(query)]


def _page(shop_id: UUID | None, after: UUID | None, limit: int) -> Select[Any]:
    query = select(campaigns).order_by(campaigns.c.campaign_id.desc()).limit(limit)
    if shop_id:
        query = query.where(campaigns.c.shop_id == shop_id)
    return query.where(campaigns.c.campaign_id < after) if after else query


def _terms(row: Row[Any]) -> Terms:
    """The terms from a row with a campaign's columns."""
    return Terms(
        shop_id=row.shop_id,
        name=Text(row.name_zh, row.name_en),
        threshold=Money(row.threshold, row.currency),
        discount=Money(row.discount, row.currency),
    )


def _campaign(row: Row[Any]) -> Campaign:
    return Campaign(
        campaign_id=row.campaign_id,
        terms=_terms(row),
        total_limit=row.total_limit,
        per_person_limit=row.per_person_limit,
        claimed=row.claimed,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        paused=row.paused,
    )


def _row(campaign: Campaign) -> dict[str, Any]:
    own = asdict(campaign)
    terms = campaign.terms
    del own["terms"]
    return own | {
        "shop_id": terms.shop_id,
        "name_zh": terms.name.zh,
        "name_en": terms.name.en,
        "threshold": terms.threshold.amount,
        "discount": terms.discount.amount,
        "currency": terms.threshold.currency,
    }


class Coupons:
    """The coupons of all shoppers. Each change adds a row to coupon_transitions."""

    def __init__(self, connection: Connection, at: datetime, cause: UUID | None) -> None:
        self.connection, self.at, self.cause = connection, at, cause

    def had_by(self, user_id: UUID, campaign_id: UUID) -> int:
        """How many coupons of a campaign a user has claimed; exact while the campaign's row is locked."""
        query = select(func.count()).where(coupons.c.user_id == user_id, coupons.c.campaign_id == campaign_id)
        return self.connection.execute(query).scalar_one()

    def issue(self, coupon: Coupon, nth: int) -> None:
        """Store a new coupon, the user's `nth` of the campaign."""
        row = {name: getattr(coupon, name) for name in coupons.c.keys() if name != "nth"}  # noqa: SIM118
        later(self.connection, coupons.insert().values(nth=nth, **row))
        self._note([coupon.coupon_id], Transition.ISSUE, None)

    def of_user(self, user_id: UUID, after: UUID | None, limit: int) -> list[Coupon]:
        """A user's coupons, newest first."""
        query = WITH_TERMS.where(coupons.c.user_id == user_id).order_by(coupons.c.coupon_id.desc()).limit(limit)
        return self._read(query.where(coupons.c.coupon_id < after) if after else query)

    def owned(self, user_id: UUID, coupon_ids: Collection[UUID]) -> dict[UUID, Coupon]:
        """Those of the coupons that belong to the user."""
        return {coupon.coupon_id: coupon for coupon in self._read(_owned(user_id, coupon_ids))}

    def lock_owned(self, user_id: UUID, coupon_ids: Collection[UUID]) -> dict[UUID, Coupon]:
        """The same, locked until commit in the order of their ids."""
        query = _owned(user_id, coupon_ids).order_by(coupons.c.coupon_id).with_for_update(of=coupons)
        return {coupon.coupon_id: coupon for coupon in self._read(query)}

    def hold(self, coupon_ids: Collection[UUID], checkout_id: UUID) -> None:
        """Hold locked, free coupons for a checkout."""
        self._move(Transition.HOLD, coupons.c.coupon_id.in_(coupon_ids), checkout_id)

    def transition_all(self, move: Transition, checkout_id: UUID) -> None:
        """Release, redeem or restore all coupons of the checkout."""
        self._move(move, coupons.c.checkout_id == checkout_id, checkout_id)

    def _move(self, move: Transition, which: Any, checkout_id: UUID) -> None:
        source, target = TRANSITIONS[move]
        owner = None if target is CouponState.FREE else checkout_id
        moved = (
            update(coupons)
            .where(which, coupons.c.state == source)
            .values(state=target, checkout_id=owner)
            .returning(coupons.c.coupon_id)
        )
        self._note(list(self.connection.execute(moved).scalars()), move, checkout_id)

    def _note(self, coupon_ids: Collection[UUID], move: Transition, checkout_id: UUID | None) -> None:
        common = {"move": move, "checkout_id": checkout_id, "cause": self.cause, "moved_at": self.at}
        if coupon_ids:
            later(
                self.connection,
                coupon_transitions.insert(),
                [{"coupon_id": each, **common} for each in coupon_ids],
            )

    def _read(self, query: Select[Any]) -> list[Coupon]:
        return [_coupon(row) for row in self.connection.execute(query)]


def _owned(user_id: UUID, coupon_ids: Collection[UUID]) -> Select[Any]:
    return WITH_TERMS.where(coupons.c.user_id == user_id, coupons.c.coupon_id.in_(coupon_ids))


def _coupon(row: Row[Any]) -> Coupon:
    return Coupon(
        coupon_id=row.coupon_id,
        campaign_id=row.campaign_id,
        user_id=row.user_id,
        state=CouponState(row.state),
        checkout_id=row.checkout_id,
        expires_at=row.expires_at,
        terms=_terms(row),
    )
