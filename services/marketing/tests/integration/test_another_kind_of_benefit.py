"""A new kind of benefit needs a module and its registration: here stamps, worth ¥1 each.

Quotes and the commands of checkouts are not changed.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal

import pytest
from sqlalchemy import text

from marketing import work as works
from marketing.benefit_kinds import KINDS
from marketing.benefits import use_cases
from marketing.benefits.front import HoldRefusal
from marketing.pricing import queries
from marketing.pricing.model.basket import price
from marketing.pricing.model.discounts import Discount
from marketing.pricing.model.reasons import Reason
from marketing.pricing.model.rules import RULES
from marketing.service import MarketingService
from marketing.texts import Text
from services.marketing.tests.builders import benefits_of, named, product, shopper, yuan
from services.marketing.tests.stored import give, states
from shared.contracts.marketing import (
    BenefitsHeld,
    BenefitsRefusal,
    BenefitsRefused,
    HoldBenefits,
    RedeemBenefits,
    ReleaseBenefits,
    RestoreBenefits,
)
from shared.contracts.marketing.requests import BasketLine, RequestQuote
from shared.errors import Conflict
from shared.ids import new_id
from shared.money import Money
from shared.shapes import tag
from shared.testing import deliver, envelope, replied

TABLE = "CREATE TABLE stamps (owner uuid, checkout_id uuid, used boolean NOT NULL DEFAULT false)"


class StampsMissing(Conflict):
    """The buyer does not have that many stamps."""

    code = "stamps_missing"


@dataclass(frozen=True, kw_only=True)
class StampBenefit:
    """A number of stamps."""

    kind: Literal["stamps"] = tag("stamps")
    stamps: int


class StampKind:
    """The module, with its own table."""

    benefit = StampBenefit

    def __init__(self, work):
        self.connection = work.connection

    def _sql(self, statement, **known):
        return self.connection.execute(text(statement), known)

    def rights(self, buyer_id, wanted):
        free = "SELECT count(*) FROM stamps WHERE owner = :owner AND checkout_id IS NULL"
        if self._sql(free, owner=buyer_id).scalar_one() < sum(each.stamps for each in wanted):
            raise StampsMissing
        return wanted

    def check(self, buyer_id, wanted):
        free = "SELECT 1 FROM stamps WHERE owner = :owner AND checkout_id IS NULL FOR UPDATE"
        left = len(self._sql(free, owner=buyer_id).all()) - sum(each.stamps for each in wanted)
        return dict.fromkeys(wanted, HoldRefusal.TAKEN) if left < 0 else {}

    def hold(self, checkout_id, buyer_id, wanted):
        some = """UPDATE stamps SET checkout_id = :id WHERE ctid IN (
            SELECT ctid FROM stamps WHERE owner = :owner AND checkout_id IS NULL LIMIT :many)"""
        many = sum(each.stamps for each in wanted)
        self._sql(some, id=checkout_id, owner=buyer_id, many=many)

    def release(self, checkout_id, _held):
        self._sql("UPDATE stamps SET checkout_id = NULL WHERE checkout_id = :id", id=checkout_id)

    def redeem(self, checkout_id, held):
        used = self._sql("UPDATE stamps SET used = true WHERE checkout_id = :id", id=checkout_id)
        assert used.rowcount == sum(each.stamps for each in held)

    def restore(self, checkout_id, _held):
        self._sql("UPDATE stamps SET used = false, checkout_id = NULL WHERE checkout_id = :id", id=checkout_id)


def stamps_rule(priced, context):
    """The rule: ¥1 off per stamp in the first shop, borne by the platform."""
    for each in context.rights.get("stamps", ()):
        priced = priced.with_part(priced.shops[0].less(_of_stamps(each)))
    return priced


def _of_stamps(benefit):
    why = lambda saved: Reason("stamps", Text("集点", "Stamps"), -saved)  # noqa: E731
    source = {"source": "stamps", "source_id": named("STAMPS"), "terms_version": 1}
    return Discount(**source, shop=Money(0), platform=yuan(benefit.stamps), why=why, why_share=why)


@pytest.fixture(autouse=True)
def registered(monkeypatch, open_work, quote_key):
    """The registration of the kind and the rule."""
    monkeypatch.setattr(works, "KINDS", [*KINDS, StampKind])
    monkeypatch.setattr(queries, "price", partial(price, rules=(*RULES[:2], stamps_rule, *RULES[2:])))
    deliver(MarketingService, open_work, product("TEAPOT", yuan(66)), product("TRAY", yuan(40)))
    with open_work() as work:
        work.connection.execute(text(TABLE))
        work.connection.execute(
            text("INSERT INTO stamps SELECT :mei FROM generate_series(1, 5)"), {"mei": named("MEI")}
        )


def send(open_work, action, command):
    """Call a use case with a command directly, since the contract does not have stamps; returns the replies."""
    before = len(replied(open_work))
    with open_work(causes=(envelope(command),)) as work:
        action(work, command)
    return replied(open_work)[before:]


def stamps(open_work):
    """How many stamps are free, held, used."""
    query = """SELECT count(*) FILTER (WHERE checkout_id IS NULL), count(*) FILTER (WHERE checkout_id IS NOT NULL),
        count(*) FILTER (WHERE used) FROM stamps"""
    with open_work() as work:
        free, held, used = work.connection.execute(text(query)).one()
    return free, held - used, used


@contextmanager
def refused(code):
    with pytest.raises(Conflict) as conflict:
        yield
    assert conflict.value.code == code


def quote(open_work, *benefits):
    lines = tuple(BasketLine(sku_id=named(name), quantity=1) for name in ("TEAPOT", "TRAY"))
    with open_work() as work:
        return queries.quote(work, shopper(), RequestQuote(lines=lines, province="浙江省", benefits=benefits))


def test_a_new_kind_is_quoted_with_its_allocations_and_its_reason_beside_a_coupon(open_work, offered):
    (mine,) = give(open_work, offered)
    wanted = (*benefits_of([mine]), StampBenefit(stamps=3))
    answer = quote(open_work, *wanted)
    (shop,) = answer.shops
    assert answer.benefits == wanted
    assert (shop.discount, shop.total) == (yuan(23), yuan(66 + 40 - 23 + 8))
    given = [each for line in shop.lines for each in line.allocations if each.source == "stamps"]
    assert sum(each.platform.amount for each in given) == 300
    assert [why.code for why in shop.why] == ["coupon", "stamps", "shipping"]


def test_a_new_kind_that_cannot_be_quoted_is_refused_with_its_own_code(open_work):
    with refused("stamps_missing"):
        quote(open_work, StampBenefit(stamps=6))


def test_a_new_kind_is_held_redeemed_and_restored_together_with_a_coupon(open_work, offered):
    mine = give(open_work, offered)
    ids = {"checkout_id": new_id()}
    wanted = HoldBenefits(**ids, buyer_id=named("MEI"), benefits=(*benefits_of(mine), StampBenefit(stamps=3)))
    assert send(open_work, use_cases.hold_benefits, wanted) == [BenefitsHeld(**ids)]
    assert (stamps(open_work), states(open_work, mine)) == ((2, 3, 0), ["held"])
    send(open_work, use_cases.redeem_benefits, RedeemBenefits(**ids))
    assert (stamps(open_work), states(open_work, mine)) == ((2, 0, 3), ["redeemed"])
    for _ in range(2):
        send(open_work, use_cases.restore_benefits, RestoreBenefits(**ids))
    assert (stamps(open_work), states(open_work, mine)) == ((5, 0, 0), ["free"])


def test_a_new_kind_is_released_together_with_a_coupon(open_work, offered):
    mine = give(open_work, offered)
    ids = {"checkout_id": new_id()}
    wanted = HoldBenefits(**ids, buyer_id=named("MEI"), benefits=(StampBenefit(stamps=5), *benefits_of(mine)))
    send(open_work, use_cases.hold_benefits, wanted)
    send(open_work, use_cases.release_benefits, ReleaseBenefits(**ids))
    assert (stamps(open_work), states(open_work, mine)) == ((5, 0, 0), ["free"])


def test_a_refusal_of_one_kind_holds_nothing_of_the_others(open_work, offered):
    (mine,) = give(open_work, offered)
    taken = {"checkout_id": new_id(), "buyer_id": named("MEI"), "benefits": benefits_of([mine])}
    send(open_work, use_cases.hold_benefits, HoldBenefits(**taken))
    both = {**taken, "checkout_id": new_id(), "benefits": (StampBenefit(stamps=1), *benefits_of([mine]))}
    (no,) = send(open_work, use_cases.hold_benefits, HoldBenefits(**both))
    assert isinstance(no, BenefitsRefused)
    assert (no.reason, no.benefits) == (BenefitsRefusal.BENEFIT_TAKEN, benefits_of([mine]))
    assert stamps(open_work) == (5, 0, 0)
