"""Reserving, releasing, committing and restocking, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY

from services.catalog.tests.builders import approved, line, quilt, tea_cup, wanted
from shared.contracts.catalog import (
    AvailabilityChanged,
    CommitRefusal,
    CommitStock,
    RefusedLine,
    ReleaseStock,
    ReserveStock,
    Restock,
    RestockRefusal,
    RestockRefused,
    StockCommitRefused,
    StockCommitted,
    StockLow,
    StockRefusal,
    StockRefused,
    StockReleased,
    StockReserved,
    StockRestocked,
)
from shared.contracts.users import ShopSuspended
from shared.ids import new_id
from shared.messages import REPLY
from shared.outbox import outbox
from shared.testing import envelope


@pytest.fixture
def cup(market):
    """The SKU of a listed tea cup, ten in stock."""
    return UUID(market.sell(tea_cup())["skus"][0]["sku_id"])


def test_lesson_01_two_hundred_buyers_of_fifty_units_get_exactly_fifty(market):
    product = market.sell(tea_cup(skus=[{"price": {"amount": 5900, "currency": "CNY"}, "stock": 50}]))
    sku_id = UUID(product["skus"][0]["sku_id"])
    batches = [[wanted(sku_id) for _ in range(5)] for _ in range(40)]
    with ThreadPoolExecutor(8) as buyers:
        list(buyers.map(lambda batch: market.receive(*batch), batches))
    assert len(market.published(StockReserved)) == 50
    assert len(market.published(StockRefused)) == 150
    assert vars(market.stock(sku_id)) == {"on_hand": 50, "reserved": 50, "available": 0}


def test_lesson_01_workers_with_the_same_skus_in_different_order_never_deadlock(market):
    skus = [UUID(sku["sku_id"]) for sku in market.sell(quilt())["skus"]]
    checkouts = [
        ReserveStock(checkout_id=new_id(), lines=tuple(line(sku) for sku in (skus[i % 3 :] + skus[: i % 3])))
        for i in range(30)
    ]
    with ThreadPoolExecutor(6) as workers:
        list(workers.map(market.receive, checkouts))
    assert len(market.published(StockReserved)) == 5
    assert [market.stock(sku).reserved for sku in skus] == [5, 5, 5]


def test_lesson_02_two_lines_on_one_sku_are_summed_before_they_are_checked(market):
    product = market.sell(tea_cup(skus=[{"price": {"amount": 5900, "currency": "CNY"}, "stock": 1}]))
    sku_id = UUID(product["skus"][0]["sku_id"])
    market.receive(ReserveStock(checkout_id=new_id(), lines=(line(sku_id), line(sku_id))))
    (refused,) = market.published(StockRefused)
    assert (refused.reason, refused.sku_ids) == (StockRefusal.OUT_OF_STOCK, (sku_id,))
    assert market.stock(sku_id).reserved == 0


def test_each_change_of_the_available_units_is_told_with_their_number_in_order(market, cup):
    command = wanted(cup, 3)
    market.receive(command)
    market.receive(ReleaseStock(checkout_id=command.checkout_id))
    market.call("adjust_stock", sku_id=str(cup), change=-4, reason="broken")
    told = market.published(AvailabilityChanged)
    assert [(event.sku_ids, event.available) for event in told] == [((cup,), (n,)) for n in (7, 10, 6)]
    assert sorted(told, key=lambda event: event.change_id) == told


def test_all_lines_are_reserved_or_none(market, cup):
    red, *_ = market.sell(quilt())["skus"]
    too_much = ReserveStock(checkout_id=new_id(), lines=(line(cup, 2), line(UUID(red["sku_id"]), 6)))
    market.receive(too_much)
    assert market.published(StockRefused)[0].sku_ids == (UUID(red["sku_id"]),)
    assert market.stock(cup).reserved == 0


def test_a_refusal_lists_wanted_and_available_units_also_when_it_is_repeated(market, cup):
    too_much = wanted(cup, 11)
    market.receive(too_much)
    market.call("adjust_stock", sku_id=str(cup), change=-4, reason="broken")
    market.receive(too_much)
    missing = RefusedLine(sku_id=cup, wanted=11, available=10, reason=StockRefusal.OUT_OF_STOCK)
    assert [refused.lines for refused in market.replied(StockRefused)] == [(missing,)] * 2


def test_within_a_batch_commands_are_served_in_order(market, cup):
    first, second, third = wanted(cup, 6), wanted(cup, 6), wanted(cup, 4)
    market.receive(first, second, third)
    assert [one.checkout_id for one in market.published(StockReserved)] == [first.checkout_id, third.checkout_id]
    assert [one.checkout_id for one in market.published(StockRefused)] == [second.checkout_id]


def test_a_repeated_command_gets_the_stored_decision(market, cup):
    checkout = new_id()
    market.receive(wanted(cup, 3, checkout), wanted(cup, 3, checkout))
    market.receive(wanted(cup, 3, checkout))
    assert market.replied(StockReserved) == [StockReserved(checkout_id=checkout)] * 3
    assert market.stock(cup).reserved == 3


def test_a_refusal_remains_when_stock_is_added(market, cup):
    checkout = new_id()
    market.receive(wanted(cup, 11, checkout))
    market.call("adjust_stock", sku_id=str(cup), change=50, reason="delivery")
    market.receive(wanted(cup, 11, checkout))
    assert [one.reason for one in market.replied(StockRefused)] == [StockRefusal.OUT_OF_STOCK] * 2


def test_every_reply_names_its_command_and_keeps_the_correlation_id(market, cup, open_work):
    sent = market.receive(wanted(cup), wanted(cup))
    with open_work.engine.connect() as connection:
        rows = connection.execute(
            sa.select(outbox.c.headers).where(outbox.c.kind == REPLY).order_by(outbox.c.position)
        )
        headers = [row.headers for row in rows]
    assert [one["in_reply_to"] for one in headers] == [str(one.message_id) for one in sent]
    assert [one["correlation_id"] for one in headers] == [str(one.correlation_id) for one in sent]


def test_an_unlisted_product_cannot_be_reserved(market, cup):
    product_id = market.call("list_products")["items"][0]["product_id"]
    market.call("withdraw_product", product_id=product_id)
    market.receive(wanted(cup))
    assert market.published(StockRefused)[0].reason is StockRefusal.OFF_SHELF


def test_products_of_a_suspended_shop_cannot_be_reserved_until_it_is_approved_again(market, cup):
    market.receive(ShopSuspended(shop_id=market.shop_id, version=2))
    market.settle()
    market.receive(wanted(cup))
    market.receive(approved(market.shop_id, version=3))
    market.settle()
    market.receive(wanted(cup))
    assert [one.reason for one in market.published(StockRefused)] == [StockRefusal.OFF_SHELF]
    assert len(market.published(StockReserved)) == 1


def test_an_unknown_sku_is_refused(market):
    market.receive(wanted(new_id()))
    assert market.published(StockRefused)[0].reason is StockRefusal.OFF_SHELF


def test_dl_12_a_command_after_its_deadline_is_refused_without_effect_and_counted(market, cup):
    late = envelope(wanted(cup), not_after=datetime.now(UTC) - timedelta(seconds=1))
    counted = partial(REGISTRY.get_sample_value, "jishi_late_commands_total", {"topic": ReserveStock.topic})
    before = counted() or 0
    market.receive(late)
    assert market.published(StockRefused)[0].reason is StockRefusal.TOO_LATE
    assert market.stock(cup).reserved == 0
    assert counted() == before + 1


def test_ib_06_a_copy_after_the_inbox_was_purged_gets_the_stored_decision(market, cup, open_work):
    (sent,) = market.receive(wanted(cup, 3))
    with open_work() as work:
        work.connection.execute(sa.text("DELETE FROM inbox"))
    market.receive(sent)
    assert market.replied(StockReserved) == [StockReserved(checkout_id=sent.body.checkout_id)] * 2
    assert market.stock(cup).reserved == 3


def test_a_release_frees_all_units_and_a_repeated_one_gets_a_reply(market, cup):
    checkout = new_id()
    market.receive(wanted(cup, 4, checkout))
    market.receive(ReleaseStock(checkout_id=checkout), ReleaseStock(checkout_id=checkout))
    market.receive(ReleaseStock(checkout_id=checkout))
    assert len(market.replied(StockReleased)) == 3
    assert vars(market.stock(cup)) == {"on_hand": 10, "reserved": 0, "available": 10}


def test_a_release_that_comes_first_leaves_a_tombstone(market, cup):
    checkout = new_id()
    market.receive(ReleaseStock(checkout_id=checkout))
    market.receive(wanted(cup, 1, checkout))
    assert market.replied(StockRefused)[0].reason is StockRefusal.RELEASED
    assert market.stock(cup).reserved == 0


def test_a_concurrent_release_and_reservation_leave_nothing_reserved(market, cup):
    checkouts = [new_id() for _ in range(10)]
    commands = [command for c in checkouts for command in (wanted(cup, 1, c), ReleaseStock(checkout_id=c))]
    with ThreadPoolExecutor(6) as workers:
        list(workers.map(market.receive, commands))
    assert market.stock(cup).reserved == 0
    assert len(market.published(StockReleased)) == 10


def test_a_commit_removes_the_units_from_the_stock_once(market, cup):
    checkout = new_id()
    market.receive(wanted(cup, 3, checkout))
    market.receive(CommitStock(checkout_id=checkout), CommitStock(checkout_id=checkout))
    market.receive(CommitStock(checkout_id=checkout))
    assert len(market.replied(StockCommitted)) == 3
    assert vars(market.stock(cup)) == {"on_hand": 7, "reserved": 0, "available": 7}


def test_a_release_after_the_commit_changes_nothing_and_gets_a_reply(market, cup):
    checkout = new_id()
    market.receive(wanted(cup, 3, checkout))
    market.receive(CommitStock(checkout_id=checkout))
    market.receive(ReleaseStock(checkout_id=checkout))
    assert len(market.replied(StockReleased)) == 1
    assert market.published(StockReleased) == []
    assert market.stock(cup).on_hand == 7


def test_a_commit_without_a_reservation_is_refused_each_time_and_the_rest_of_the_batch_succeeds(market, cup):
    first, last, never, released = (new_id() for _ in range(4))
    market.receive(wanted(cup, 3, first), wanted(cup, 2, last), wanted(cup, 1, released))
    market.receive(ReleaseStock(checkout_id=released))
    batch = [CommitStock(checkout_id=checkout) for checkout in (first, never, released, last)]
    for _ in range(2):
        market.receive(*batch)
    reason = CommitRefusal.NOTHING_RESERVED
    refused = [StockCommitRefused(checkout_id=checkout, reason=reason) for checkout in (never, released)]
    assert market.replied(StockCommitRefused) == refused * 2
    assert market.published(StockCommitRefused) == []
    assert [one.checkout_id for one in market.replied(StockCommitted)] == [first, last] * 2
    assert vars(market.stock(cup)) == {"on_hand": 5, "reserved": 0, "available": 5}


def test_a_refused_commit_succeeds_once_its_stock_is_reserved(market, cup):
    checkout = new_id()
    market.receive(CommitStock(checkout_id=checkout))
    market.receive(wanted(cup, 3, checkout))
    market.receive(CommitStock(checkout_id=checkout))
    assert market.replied(StockCommitted) == [StockCommitted(checkout_id=checkout)]
    assert market.stock(cup).on_hand == 7


def test_refunded_units_are_restocked_once_and_never_more_than_the_order_bought(market, cup):
    checkout, order = new_id(), new_id()
    market.receive(ReserveStock(checkout_id=checkout, lines=(line(cup, 3, order),)))
    market.receive(CommitStock(checkout_id=checkout))
    command = Restock(refund_id=new_id(), order_id=order, checkout_id=checkout, lines=(line(cup, 2, order),))
    market.receive(command, command)
    market.receive(command)
    assert len(market.replied(StockRestocked)) == 3
    assert market.stock(cup).on_hand == 9
    too_much = Restock(refund_id=new_id(), order_id=order, checkout_id=checkout, lines=(line(cup, 2, order),))
    market.receive(too_much)
    assert len(market.replied(RestockRefused)) == 1
    assert market.stock(cup).on_hand == 9


def test_a_restock_of_too_much_is_refused_each_time_and_the_rest_of_the_batch_succeeds(market, cup):
    checkout, order = new_id(), new_id()
    market.receive(ReserveStock(checkout_id=checkout, lines=(line(cup, 4, order),)))
    market.receive(CommitStock(checkout_id=checkout))
    common = {"order_id": order, "checkout_id": checkout}
    first, too_much, last = (
        Restock(refund_id=new_id(), lines=(line(cup, units, order),), **common) for units in (1, 3, 2)
    )
    empty = Restock(refund_id=new_id(), lines=(), **common)
    market.receive(first, last, too_much, empty)
    market.receive(too_much, first, empty, last)
    refused = [
        RestockRefused(refund_id=too_much.refund_id, order_id=order, reason=RestockRefusal.RESTOCK_TOO_MUCH),
        RestockRefused(refund_id=empty.refund_id, order_id=order, reason=RestockRefusal.LINES_INVALID),
    ]
    assert market.replied(RestockRefused) == refused * 2
    assert market.published(RestockRefused) == []
    assert [one.refund_id for one in market.published(StockRestocked)] == [first.refund_id, last.refund_id]
    assert market.stock(cup).on_hand == 9


def test_a_restock_before_the_commit_is_refused_and_succeeds_when_repeated(market, cup):
    checkout, order = new_id(), new_id()
    market.receive(ReserveStock(checkout_id=checkout, lines=(line(cup, 3, order),)))
    command = Restock(refund_id=new_id(), order_id=order, checkout_id=checkout, lines=(line(cup, 1, order),))
    market.receive(command)
    assert market.stock(cup).on_hand == 10
    market.receive(CommitStock(checkout_id=checkout))
    market.receive(command)
    assert [len(market.replied(kind)) for kind in (RestockRefused, StockRestocked)] == [1, 1]
    assert market.stock(cup).on_hand == 8


def test_low_stock_is_published_once(market, cup):
    market.receive(wanted(cup, 5))
    assert market.published(StockLow) == []
    market.receive(wanted(cup, 1))
    market.receive(wanted(cup, 1))
    (low,) = market.published(StockLow)
    assert (low.sku_id, low.shop_id, low.available) == (cup, market.shop_id, 4)
