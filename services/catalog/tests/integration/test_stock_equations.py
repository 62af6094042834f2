"""The counters of stock always equal the sums of the journal and of the open reservations."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from services.catalog.tests.builders import line, quilt, tea_cup, wanted
from shared.contracts.catalog import CommitStock, ReleaseStock, ReserveStock, Restock, StockReserved
from shared.ids import new_id
from shared.testing import envelope
from shared.testing.lengths import lasting

DRIFT = sa.text("""
    SELECT stock.sku_id FROM stock
    LEFT JOIN (SELECT sku_id, sum(change) AS on_hand FROM stock_journal GROUP BY sku_id) AS journal USING (sku_id)
    LEFT JOIN (SELECT sku_id, sum(quantity) AS reserved FROM reservation WHERE state = 'open' GROUP BY sku_id)
        AS held USING (sku_id)
    WHERE stock.on_hand <> coalesce(journal.on_hand, 0) OR stock.reserved <> coalesce(held.reserved, 0)
""")


@pytest.fixture
def cup(market):
    """The SKU of a listed tea cup, ten in stock."""
    return UUID(market.sell(tea_cup())["skus"][0]["sku_id"])


def drift(market):
    """The SKUs whose counters differ from the sums."""
    with market.open_work() as work:
        return work.connection.execute(DRIFT).all()


def test_lesson_03_counters_equal_the_reservations_and_the_journal(market, cup):
    paid, released, waiting = new_id(), new_id(), new_id()
    market.receive(wanted(cup, 1, paid), wanted(cup, 2, released), wanted(cup, 3, waiting))
    market.receive(CommitStock(checkout_id=paid))
    market.receive(ReleaseStock(checkout_id=released))
    market.call("adjust_stock", sku_id=str(cup), change=-2, reason="broken")
    assert vars(market.stock(cup)) == {"on_hand": 7, "reserved": 3, "available": 4}
    assert drift(market) == []


class Crash(BaseException):
    """The process dies."""


def crash_at(open_work, statement):
    """Raise Crash before the nth statement; returns a function that stops this."""
    left = [statement]

    def count_down(*_):
        left[0] -= 1
        if left[0] == 0:
            raise Crash

    sa.event.listen(open_work.engine, "before_cursor_execute", count_down)
    return lambda: sa.event.remove(open_work.engine, "before_cursor_execute", count_down)


def crashes(market, statement, *sent):
    """Whether the process crashes at its nth statement while it handles these messages."""
    stop = crash_at(market.open_work, statement)
    try:
        market.receive(*sent)
    except Crash:
        return True
    finally:
        stop()
    return False


@pytest.mark.parametrize("ending", [ReleaseStock, CommitStock])
def test_lesson_03_a_crash_at_any_statement_leaves_the_counters_equal_to_the_sums(market, cup, ending):
    for command in (wanted(cup, 3, checkout := new_id()), ending(checkout_id=checkout)):
        sent, statement = envelope(command), 1
        while crashes(market, statement, sent):
            assert drift(market) == []
            statement += 1
        assert statement > 5
        assert drift(market) == []
    assert market.stock(cup).reserved == 0
    assert len(market.published(StockReserved)) == 1


@pytest.fixture(scope="module")
def quilts(shared_market):
    """Three SKUs of a quilt, five of each in stock."""
    return [UUID(sku["sku_id"]) for sku in shared_market.sell(quilt())["skus"]]


steps = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "release", "commit", "restock", "adjust"]),
        st.lists(st.integers(0, 2), min_size=1, max_size=3),  # which checkouts, as one batch
        st.integers(1, 3),
    ),
    max_size=12,
)


@settings(max_examples=lasting(30, long=3000), deadline=None)
@given(steps)
def test_any_sequence_of_batches_with_repeated_commands_keeps_the_equations(shared_market, quilts, history):
    checkouts, refunds = [new_id() for _ in range(3)], [new_id() for _ in range(3)]
    for kind, which, quantity in history:
        lines = tuple(line(sku, quantity, checkouts[0]) for sku in quilts[:quantity])
        commands = {
            "reserve": [ReserveStock(checkout_id=checkouts[i], lines=lines) for i in which],
            "release": [ReleaseStock(checkout_id=checkouts[i]) for i in which],
            "commit": [CommitStock(checkout_id=checkouts[i]) for i in which],
            "restock": [
                Restock(refund_id=refunds[i], order_id=checkouts[0], checkout_id=checkouts[i], lines=lines[:1])
                for i in which
            ],
        }
        if kind == "adjust":
            shared_market.call("adjust_stock", sku_id=str(quilts[0]), change=quantity, reason="delivery")
        else:
            shared_market.receive(*commands[kind])
        assert drift(shared_market) == []


@pytest.mark.parametrize("statement", ["UPDATE stock SET reserved = 11", "UPDATE stock SET reserved = -1"])
def test_the_database_itself_refuses_to_oversell(cup, open_work, statement):
    with pytest.raises(sa.exc.IntegrityError, match="stock_not_oversold"), open_work() as work:
        work.connection.execute(sa.text(statement))


@pytest.mark.parametrize("statement", ["UPDATE stock_journal SET change = 1", "DELETE FROM stock_journal"])
def test_the_journal_is_append_only(cup, open_work, statement):
    with pytest.raises(sa.exc.InternalError, match="append-only"), open_work() as work:
        work.connection.execute(sa.text(statement))
