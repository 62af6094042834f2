"""The repositories of catalog and marketing in memory."""

from collections import Counter
from dataclasses import replace
from functools import cached_property
from uuid import UUID

from catalog.stock.model.claims import Claim, ClaimState
from catalog.stock.model.levels import Level
from catalog.stock.model.lines import Line
from marketing.benefit_kinds import KINDS
from marketing.benefits.front import Kinds
from marketing.benefits.model.benefits import Benefits
from marketing.coupons.model.coupons import TRANSITIONS, Coupon, CouponState, Transition
from tests.model.memory import works
from tests.model.memory.orders import Repository


class Stock(Repository):
    def lock(self, sku_ids) -> dict[UUID, Level]:
        found = (self.rows.get("stock", sku_id, _fresh) for sku_id in sorted(sku_ids))
        return {level.sku_id: level for level in found if level}

    def save(self, levels, entries, _now) -> None:
        for level in levels:
            assert 0 <= level.reserved <= level.on_hand
            self.rows.put("stock", level.sku_id, level)
        for entry in entries:
            self.rows.put("journal", self.rows.database.next_position(), entry)


def _fresh(level: Level) -> Level:
    kept = {name: value for name, value in vars(level).items() if name != "before"}
    return Level(**kept)


class Claims(Repository):
    def lock(self, checkout_ids) -> dict[UUID, Claim]:
        return {c: self.rows.get("claims", c) or Claim(checkout_id=c) for c in sorted(set(checkout_ids))}

    def save(self, claims, _now) -> None:
        for claim in claims:
            self.rows.put("claims", claim.checkout_id, claim)

    def touch(self, checkout_ids) -> None:
        """The time of a claim's last change is only for the auditor."""

    def hold(self, lines, buyers) -> None:
        for checkout_id, held in lines.items():
            for line in held:
                key = (checkout_id, line.order_id, line.sku_id)
                assert not self.rows.get("reservations", key), "reserved twice"
                self.rows.put(
                    "reservations",
                    key,
                    {
                        "line": line,
                        "state": "open",
                        "restocked": 0,
                        "of": checkout_id,
                        "buyer": buyers[checkout_id],
                    },
                )

    def held_by(self, buyers, sku_ids) -> dict[UUID, Counter]:
        found = {buyer: Counter() for buyer in buyers}
        for row in self.rows.all("reservations"):
            if row["state"] == "open" and row["buyer"] in found and row["line"].sku_id in sku_ids:
                found[row["buyer"]][row["line"].sku_id] += row["line"].quantity
        return found

    def held(self, checkout_ids) -> dict[UUID, list[Line]]:
        found: dict[UUID, list[Line]] = {}
        for row in self._open(checkout_ids):
            found.setdefault(row["of"], []).append(row["line"])
        return found

    def close(self, checkout_ids, state: ClaimState) -> None:
        for row in self._open(checkout_ids):
            self._put({**row, "state": state.value})

    def left(self, checkout_ids) -> dict[UUID, Counter]:
        found: dict[UUID, Counter] = {checkout_id: Counter() for checkout_id in checkout_ids}
        for row in self.rows.all("reservations"):
            if row["of"] in found and row["state"] == "committed":
                line = row["line"]
                found[row["of"]][line.order_id, line.sku_id] = line.quantity - row["restocked"]
        return found

    def restocked(self, refund_ids) -> set[UUID]:
        return {refund_id for refund_id in refund_ids if self.rows.get("restocks", refund_id)}

    def restock(self, refund_id: UUID, order_id: UUID, _now) -> None:
        assert not self.rows.get("restocks", refund_id), "restocked twice"
        self.rows.put("restocks", refund_id, order_id)

    def take_back(self, checkout_id: UUID, line: Line) -> None:
        row = self.rows.get("reservations", (checkout_id, line.order_id, line.sku_id))
        assert row["restocked"] + line.quantity <= row["line"].quantity
        self._put({**row, "restocked": row["restocked"] + line.quantity})

    def _open(self, checkout_ids):
        wanted = set(checkout_ids)
        return [row for row in self.rows.all("reservations") if row["of"] in wanted and row["state"] == "open"]

    def _put(self, row) -> None:
        self.rows.put("reservations", (row["of"], row["line"].order_id, row["line"].sku_id), row)


class CatalogWork(works.Work):
    @cached_property
    def stock(self):
        return Stock(self.connection)

    @cached_property
    def claims(self):
        return Claims(self.connection)


class BenefitsOfCheckouts(Repository):
    def lock(self, checkout_id: UUID) -> Benefits:
        return self.rows.get("benefits", checkout_id) or Benefits(checkout_id)

    def put(self, changed: Benefits) -> None:
        self.rows.put("benefits", changed.checkout_id, changed)


class Coupons(Repository):
    def lock_owned(self, user_id: UUID, coupon_ids) -> dict[UUID, Coupon]:
        found = (self.rows.get("coupons", coupon_id) for coupon_id in coupon_ids)
        return {one.coupon_id: one for one in found if one and one.user_id == user_id}

    def hold(self, coupon_ids, checkout_id: UUID) -> None:
        wanted = set(coupon_ids)
        self._move(Transition.HOLD, lambda one: one.coupon_id in wanted, checkout_id)

    def transition_all(self, move: Transition, checkout_id: UUID) -> None:
        self._move(move, lambda one: one.checkout_id == checkout_id, checkout_id)

    def _move(self, move: Transition, which, checkout_id: UUID) -> None:
        source, target = TRANSITIONS[move]
        owner = None if target is CouponState.FREE else checkout_id
        for one in self.rows.all("coupons"):
            if which(one) and one.state is source:
                self.rows.put("coupons", one.coupon_id, replace(one, state=target, checkout_id=owner))


class MarketingWork(works.Work):
    @cached_property
    def benefits(self):
        return BenefitsOfCheckouts(self.connection)

    @cached_property
    def coupons(self):
        return Coupons(self.connection)

    @cached_property
    def kinds(self):
        return Kinds({one.benefit.kind: one(self) for one in KINDS})
