"""SG-3: at whatever step of a saga its process dies, before or after the commit, the end is the same."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain, count

import pytest
from sqlalchemy import text

from services.orders.tests.interruptions import Interrupted
from services.orders.tests.peers import captured
from services.orders.tests.quotes import a_benefit, a_quote, a_quoted_line, a_quoted_shop, a_request
from shared.contracts import catalog, payments
from shared.ids import new_id

AFTER_THE_COMMIT = None


@pytest.fixture
def place(call, shopper, sign, merchant):
    """Check out a quote of two shops with a coupon; returns the checkout."""
    (shop_id,) = merchant.shops

    def check_out():
        shops = a_quoted_shop(a_quoted_line(quantity=3), shop_id=shop_id), a_quoted_shop()
        quote = a_quote(shopper, *shops, benefits=[a_benefit()])
        return call("check_out", shopper, **a_request(sign(quote)))

    return check_out


@pytest.fixture
def flows(call, place, shopper, merchant):
    """Business processes by name; each runs with the given peers and returns its checkout."""

    def checkout(peers):
        placed = place()
        peers.answer_all()
        if peers.commands(payments.OpenPayment):
            peers.pays()
        return placed

    def refused_checkout(peers):
        peers.answers[payments.OpenPayment] = lambda c: payments.PaymentRefused(
            payment_id=c.payment_id, checkout_id=c.checkout_id, reason=payments.PaymentReason.NOT_PERMITTED
        )
        placed = place()
        peers.answer_all()
        return placed

    def cancelled_order(peers):
        placed = checkout(peers)
        for order in placed["orders"]:
            call("cancel_order", shopper, order_id=order["order_id"], reason_text="不要了")
            peers.answer_all()
        return placed

    def refund(peers):
        placed = checkout(peers)
        order = placed["orders"][0]
        line = {"line_id": order["lines"][0]["line_id"], "quantity": 1}
        about = {"order_id": order["order_id"], "reason_text": "破了", "idempotency_key": str(new_id())}
        call("request_refund", shopper, **about, lines=[line], whole=False)
        peers.answer_all()
        return placed

    return {f.__name__: f for f in (checkout, refused_checkout, cancelled_order, refund)}


def the_end(open_work, placed):
    """The final state of all that belongs to a checkout, without ids: sagas, orders, refunds, messages, locks."""
    orders = [order["order_id"] for order in placed["orders"]]
    signs = [f"%{one}%" for one in orders]
    queries = {
        "sagas": """
            SELECT name, status, count(*) FROM saga WHERE state::text LIKE ANY(:signs) GROUP BY 1, 2 ORDER BY 1, 2
        """,
        "orders": "SELECT state, total - refunded FROM orders WHERE order_id::text = ANY(:orders) ORDER BY total",
        "steps": "SELECT state, count(*) FROM order_step WHERE order_id::text = ANY(:orders) GROUP BY 1",
        "refunds": "SELECT kind, state, amount FROM refund WHERE order_id::text = ANY(:orders) ORDER BY 1, 2, 3",
        "published": """
            SELECT topic, count(*) FROM outbox
            WHERE body LIKE ANY(:signs) OR subject = :checkout GROUP BY 1 ORDER BY 1
        """,
        "locks": "SELECT count(*) FROM saga_lock WHERE resource LIKE ANY(:signs)",
    }
    terms = {"signs": signs, "orders": orders, "checkout": placed["checkout_id"]}
    with open_work.engine.connect() as connection:
        return {
            what: sorted(tuple(row) for row in connection.execute(text(query), terms))
            for what, query in queries.items()
        }


@pytest.mark.parametrize(
    ("name", "first"), [("checkout", 0), ("refused_checkout", 0), ("cancelled_order", 8), ("refund", 6)]
)
def test_sg_03_a_saga_interrupted_at_any_statement_of_any_step_reaches_the_same_end(name, first, flows, open_work):
    undisturbed = Interrupted(open_work)
    expected = the_end(open_work, flows[name](undisturbed))
    assert {row[1] for row in expected["sagas"]} <= {"done", "undone"}
    deaths = 0
    for place in range(first, undisturbed.received):  # earlier messages belong to other sagas
        for statement in chain([AFTER_THE_COMMIT], count()):
            peers = Interrupted(open_work, place=place, statement=statement)
            assert the_end(open_work, flows[name](peers)) == expected, (place, statement)
            deaths += peers.died
            if not peers.died:
                break  # the transaction has no more statements
    assert deaths > 4 * (undisturbed.received - first)


def test_sg_12_a_checkout_cancelled_in_any_state_ends_cancelled_and_holds_nothing(flows, open_work, call, shopper):
    undisturbed = Interrupted(open_work)
    flows["checkout"](undisturbed)
    ends = set()
    for place in range(undisturbed.received + 1):
        peers = Interrupted(open_work, stops_at=place)
        placed = flows["checkout"](peers)
        call("cancel_checkout", shopper, checkout_id=placed["checkout_id"])
        peers.stops_at, peers.answered = None, set()  # deliver what was held back
        peers.answer_all()
        found = the_end(open_work, placed)
        assert {state for state, _ in found["orders"]} == {"cancelled"}, place
        assert {status for _, status, _ in found["sagas"]} <= {"done", "undone"}, place
        assert found["locks"] == [(0,)]
        ends |= {name for name, _, _ in found["sagas"]}
    assert ends == {"orders.checkout", "orders.cancel_order"}, (
        "undone before the payment, cancelled order by order after it"
    )


def test_sg_12_a_checkout_cancelled_while_it_is_paid_is_refunded_in_full(place, open_work, call, shopper):
    for _ in range(10):
        peers, placed = Interrupted(open_work), place()
        peers.answer_all()
        (_, opening) = peers.commands(payments.OpenPayment)[-1]
        peers.answers[payments.CancelPayment] = lambda _, opening=opening: captured(opening)  # payments keeps it
        request = partial(call, "cancel_checkout", shopper, checkout_id=placed["checkout_id"])
        with ThreadPoolExecutor(2) as both:
            for done in [both.submit(action) for action in (request, partial(peers.consumes, captured(opening)))]:
                done.result()
        peers.answer_all()
        seen = call("get_checkout", shopper, checkout_id=placed["checkout_id"])
        assert {(o["state"], o["refunded"] == o["total"]) for o in seen["orders"]} == {("cancelled", True)}
        assert len(peers.commands(payments.RefundPayment)) == len(seen["orders"]), "each order is refunded once"
        assert len(peers.commands(catalog.CommitStock)) == 1
