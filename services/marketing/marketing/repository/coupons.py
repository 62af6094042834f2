"""Coupons of people, with the trail of all that happened to them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, func, select, update

from marketing.domain.coupons import MOVES, Coupon, CouponState, Move
from marketing.repository.campaigns import terms
from marketing.tables import campaigns, coupon_moves, coupons

WITH_TERMS = select(coupons, campaigns).join(campaigns, campaigns.c.campaign_id == coupons.c.campaign_id)


class Coupons:
    """The coupons of all people. Each change leaves a row in the trail."""

    def __init__(self, connection: Connection, at: datetime, cause: UUID | None) -> None:
        self.connection, self.at, self.cause = connection, at, cause

    def had_by(self, user_id: UUID, campaign_id: UUID) -> int:
        """How many coupons of a campaign a person was given; exact while the campaign's row is held."""
        query = select(func.count()).where(coupons.c.user_id == user_id, coupons.c.campaign_id == campaign_id)
        return self.connection.execute(query).scalar_one()

    def issue(self, coupon: Coupon, nth: int) -> None:
        """Give a person the `nth` coupon of a campaign."""
        row = {name: getattr(coupon, name) for name in coupons.c.keys() if name != "nth"}  # noqa: SIM118
        self.connection.execute(coupons.insert().values(nth=nth, **row))
        self._note([coupon.coupon_id], Move.ISSUE, None)

    def of_person(self, user_id: UUID, after: UUID | None, limit: int) -> list[Coupon]:
        """A person's coupons, newest first."""
        query = WITH_TERMS.where(coupons.c.user_id == user_id).order_by(coupons.c.coupon_id.desc()).limit(limit)
        return self._read(query.where(coupons.c.coupon_id < after) if after else query)

    def owned(self, user_id: UUID, coupon_ids: Collection[UUID]) -> dict[UUID, Coupon]:
        """Those of the coupons that are this person's."""
        return {coupon.coupon_id: coupon for coupon in self._read(_owned(user_id, coupon_ids))}

    def lock_owned(self, user_id: UUID, coupon_ids: Collection[UUID]) -> dict[UUID, Coupon]:
        """The same, locked until commit; everyone takes the locks in the order of the ids."""
        query = _owned(user_id, coupon_ids).order_by(coupons.c.coupon_id).with_for_update(of=coupons)
        return {coupon.coupon_id: coupon for coupon in self._read(query)}

    def hold(self, coupon_ids: Collection[UUID], checkout_id: UUID) -> None:
        """Set locked, free coupons aside for a checkout."""
        self._move(Move.HOLD, coupons.c.coupon_id.in_(coupon_ids), checkout_id)

    def move_all(self, move: Move, checkout_id: UUID) -> None:
        """Release, redeem or restore whatever the checkout has; nothing, if it has nothing."""
        self._move(move, coupons.c.checkout_id == checkout_id, checkout_id)

    def _move(self, move: Move, which: Any, checkout_id: UUID) -> None:
        source, target = MOVES[move]
        owner = None if target is CouponState.FREE else checkout_id
        moved = (
            update(coupons)
            .where(which, coupons.c.state == source)
            .values(state=target, checkout_id=owner)
            .returning(coupons.c.coupon_id)
        )
        self._note(list(self.connection.execute(moved).scalars()), move, checkout_id)

    def _note(self, coupon_ids: Collection[UUID], move: Move, checkout_id: UUID | None) -> None:
        told = {"move": move, "checkout_id": checkout_id, "cause": self.cause, "moved_at": self.at}
        if coupon_ids:
            self.connection.execute(coupon_moves.insert(), [{"coupon_id": each, **told} for each in coupon_ids])

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
        terms=terms(row),
    )
