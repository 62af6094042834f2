"""Check-outs that wait are answered in one transaction, with the outcome that each would have after the others."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from orders.service import OrdersService
from services.orders.tests.quotes import ADDRESS, a_quote, a_quoted_line, a_quoted_shop, a_request
from services.payments.tests.till import empty
from shared import round_trips
from shared.auth import Caller
from shared.contracts.operating.requests import SetSwitch
from shared.contracts.orders import EraseBuyer
from shared.ids import new_id
from shared.operating.switches import turn
from shared.permissions import Role
from shared.testing import deliver, published
from shared.testing.lengths import lasting
from tests.together import Counter


def a_shopper():
    return Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.SHOPPER}))


@pytest.fixture
def check_outs(open_work):
    """Answers check-outs that wait together."""
    return Counter(OrdersService, open_work, "check_out").answers


@pytest.fixture
def transactions(open_work):
    """The committed transactions."""
    found = []
    event.listen(open_work.engine, "commit", found.append)
    return found


def codes(answers):
    return [answer["error"]["code"] if answer["error"] else answer["result"]["state"] for answer in answers]


def checkouts(answers):
    return [answer["result"]["checkout_id"] for answer in answers if answer["result"]]


def priced(fen):
    return a_quoted_shop(a_quoted_line(quantity=1, unit_price=fen), shipping=0)


def rows(open_work, query):
    with open_work.engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(query)).mappings()]


def test_check_outs_of_several_buyers_are_one_transaction_with_few_statements(
    check_outs, sign, open_work, transactions
):
    statements = []
    event.listen(open_work.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    buyers = [a_shopper() for _ in range(20)]
    asked = [(buyer, a_request(sign(a_quote(buyer)))) for buyer in buyers]
    answers = check_outs(asked)
    assert codes(answers) == ["placed"] * 20
    assert len(transactions) == 1
    assert len([each for each in statements if each.lstrip().startswith("SELECT")]) < 20


def test_a_check_out_alone_needs_three_round_trips(check_outs, sign, monkeypatch):
    buyer, sent, real = a_shopper(), [], round_trips.Cursor.send
    asked = [(buyer, a_request(sign(a_quote(buyer)), payment_method="cash_on_delivery")) for _ in range(2)]
    check_outs(asked[:1])  # makes the cart
    monkeypatch.setattr(
        round_trips.Cursor, "send", lambda cursor, statements: sent.append(statements) or real(cursor, statements)
    )
    assert codes(check_outs(asked[1:])) == ["placed"]
    assert len(sent) == 3  # its key; the lock and what is read under it; the changes and the commit


@pytest.mark.parametrize("number", [1, 3])
def test_check_outs_are_refused_while_they_are_switched_off(check_outs, sign, open_work, number):
    buyers = [a_shopper() for _ in range(number)]
    asked = [(buyer, a_request(sign(a_quote(buyer)))) for buyer in buyers]
    for is_on, outcome in ((False, "capability_switched_off"), (True, "placed")):
        with open_work() as work:
            turn(work, "orders", "ann", SetSwitch(name="checkout", is_on=is_on, reason="stocktaking"))
        assert codes(check_outs(asked)) == [outcome] * number


def test_each_of_them_can_be_read_afterwards_as_it_was_answered(check_outs, call, sign):
    buyers = [a_shopper() for _ in range(3)]
    answers = check_outs([(buyer, a_request(sign(a_quote(buyer, priced(100), priced(200))))) for buyer in buyers])
    for buyer, answer in zip(buyers, answers, strict=True):
        placed = answer["result"]
        assert call("get_checkout", buyer, checkout_id=placed["checkout_id"]) == placed


def test_of_two_check_outs_of_one_cart_in_a_batch_the_second_is_refused(
    check_outs, call, shopper, sign, transactions
):
    cups = a_quoted_line()
    version = call("put_cart_line", shopper, sku_id=cups["sku_id"], quantity=2)["version"]
    tabs = [sign(a_quote(shopper, a_quoted_shop(cups), cart_version=version)) for _ in range(2)]
    transactions.clear()
    answers = check_outs([(shopper, a_request(token)) for token in tabs])
    assert codes(answers) == ["placed", "cart_changed"]
    assert answers[1]["error"]["facts"] == {"quoted": version, "version": version + 1}
    assert call("get_cart", shopper)["lines"] == []


def test_one_quote_twice_in_a_batch_is_one_checkout_of_one_transaction(check_outs, shopper, sign, transactions):
    token = sign(a_quote(shopper))
    first, second = check_outs([(shopper, a_request(token)) for _ in range(2)])
    assert first["result"] == second["result"]
    assert len(transactions) == 1


def test_one_quote_in_a_batch_with_other_choices_is_refused(check_outs, shopper, sign, open_work):
    token = sign(a_quote(shopper))
    first, second, third = check_outs(
        [(shopper, a_request(token)), (shopper, a_request(token)), (shopper, a_request(token, note="放门口"))]
    )
    assert first["result"] == second["result"]
    assert third["error"]["code"] == "quote_used"
    assert third["error"]["facts"] == {"checkout_id": first["result"]["checkout_id"], "differs": ["note"]}
    assert len(rows(open_work, "SELECT 1 FROM checkout")) == 1


@pytest.mark.parametrize("already", [0, 2])
def test_the_limit_on_open_checkouts_is_reached_within_a_batch(check_outs, shopper, sign, monkeypatch, already):
    monkeypatch.setenv("OPEN_CHECKOUTS_LIMIT", "3")
    asked = [(shopper, a_request(sign(a_quote(shopper)))) for _ in range(5)]
    assert codes(check_outs(asked[:already])) == ["placed"] * already
    free = 3 - already
    assert codes(check_outs(asked[already:])) == ["placed"] * free + ["open_checkouts_exceeded"] * (2)


def test_the_limit_on_open_cash_is_reached_within_a_batch(check_outs, shopper, sign, monkeypatch):
    monkeypatch.setenv("OPEN_CASH_LIMIT", "10000")
    amounts = [4000, 5000, 2000, 1000, 1]
    on_delivery = {"payment_method": "cash_on_delivery"}
    asked = [(shopper, a_request(sign(a_quote(shopper, priced(fen))), **on_delivery)) for fen in amounts]
    refused = "open_cash_exceeded"
    assert codes(check_outs(asked)) == ["placed", "placed", refused, "placed", refused]


def test_an_erased_buyer_is_refused_among_others(check_outs, shopper, sign, open_work, transactions):
    gone = a_shopper()
    deliver(OrdersService, open_work, EraseBuyer(user_id=gone.user_id))
    transactions.clear()
    answers = check_outs([(buyer, a_request(sign(a_quote(buyer)))) for buyer in (shopper, gone, a_shopper())])
    assert codes(answers) == ["placed", "account_erased", "placed"]
    assert len(transactions) == 1


def test_a_key_repeated_in_a_batch_gets_the_same_answer_and_refuses_another_request(check_outs, shopper, sign):
    request = a_request(sign(a_quote(shopper)))
    other = {**a_request(sign(a_quote(shopper))), "idempotency_key": request["idempotency_key"]}
    first, other, again = check_outs([(shopper, request), (shopper, other), (shopper, request)])
    assert first == again
    assert other["error"]["code"] == "idempotency_key_reused"


def test_forged_and_foreign_quotes_are_refused_among_others(check_outs, shopper, sign, transactions):
    other = a_shopper()
    expired = a_quote(shopper, expires_in=timedelta(seconds=-1))
    asked = [
        (shopper, a_request("no token")),
        (shopper, a_request(sign(a_quote(other)))),
        (shopper, a_request(sign(expired))),
        (shopper, a_request(sign(a_quote(shopper)))),
    ]
    answers = check_outs(asked)
    assert codes(answers) == ["quote_invalid", "quote_buyer_different", "quote_expired", "placed"]
    assert len(transactions) == 1


def test_waiting_requests_for_checkouts_are_answered_from_one_reading(check_outs, call, open_work, sign, shopper):
    buyers = [a_shopper() for _ in range(3)]
    placed = check_outs([(buyer, a_request(sign(a_quote(buyer, priced(1), priced(2))))) for buyer in buyers])
    ids = checkouts(placed)
    asked = [
        (buyers[0], {"checkout_id": ids[0]}),
        (buyers[1], {"checkout_id": ids[0]}),  # another buyer's
        (buyers[2], {"checkout_id": ids[2]}),
        (buyers[0], {"checkout_id": str(new_id())}),
        (buyers[0], {"checkout_id": "nonsense"}),
        (buyers[0], {"checkout_id": ids[0]}),
    ]
    statements = []
    event.listen(open_work.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    answers = Counter(OrdersService, open_work, "get_checkout").answers(asked)
    assert len(statements) == 3, statements  # checkouts, orders, lines
    assert [answer["result"] for answer in answers] == [
        placed[0]["result"],
        None,
        placed[2]["result"],
        None,
        None,
        placed[0]["result"],
    ]
    assert [answer["error"]["code"] for answer in answers if answer["error"]] == [
        "checkout_not_found",
        "checkout_not_found",
        "request_invalid",
    ]


# ---- any check-outs of two buyers


@dataclass(frozen=True)
class Wish:
    """A check-out: which of the two buyers sends which quote of which of them, with which choices."""

    buyer: int
    quote: str
    key: str | None
    of: int | None = None  # the buyer of the quote, if it is another
    by: str = "wechat"
    note: str = ""
    is_remote: bool = False


WISHES = st.builds(
    Wish,
    buyer=st.integers(0, 1),
    quote=st.sampled_from(["cart", "same cart", "no cart", "two shops", "much", "expired", "forged"]),
    key=st.sampled_from([None] * 6 + ["k", "l"]),  # a key of its own, or one that others may have too
    of=st.sampled_from([None] * 7 + [0, 1]),
    by=st.sampled_from(["wechat", "wechat", "cash_on_delivery"]),
    note=st.sampled_from(["", "", "放门口"]),
    is_remote=st.sampled_from([False] * 7 + [True]),
)
REMOTE = {**ADDRESS, "province": "西藏", "city": "拉萨"}


@dataclass
class Scene:
    """Two buyers with filled carts and their quotes."""

    call: object
    sign: object
    buyers: list = field(default_factory=lambda: [a_shopper(), a_shopper()])
    tokens: list = field(default_factory=list)
    skus: list = field(default_factory=list)

    def __post_init__(self):
        self.tokens = [self._quotes_of(buyer) for buyer in self.buyers]

    def _quotes_of(self, buyer):
        cup, pot = a_quoted_line(), a_quoted_line(quantity=1, unit_price=20_000)
        self.skus += [cup["sku_id"], pot["sku_id"]]
        self.call("put_cart_line", buyer, sku_id=pot["sku_id"], quantity=3)
        version = self.call("put_cart_line", buyer, sku_id=cup["sku_id"], quantity=2)["version"]
        quotes = {
            "cart": a_quote(buyer, a_quoted_shop(cup), cart_version=version),
            "same cart": a_quote(buyer, a_quoted_shop(cup, pot), cart_version=version),
            "no cart": a_quote(buyer, a_quoted_shop(pot)),
            "two shops": a_quote(buyer, priced(300), priced(400)),
            "much": a_quote(buyer, priced(60_000)),
            "expired": a_quote(buyer, expires_in=timedelta(seconds=-1)),
        }
        return {name: self.sign(quote) for name, quote in quotes.items()} | {"forged": "no token"}

    def asked(self, wish):
        token = self.tokens[wish.buyer if wish.of is None else wish.of][wish.quote]
        request = a_request(
            token, payment_method=wish.by, note=wish.note, idempotency_key=wish.key or str(new_id())
        )
        return self.buyers[wish.buyer], request | ({"address": REMOTE} if wish.is_remote else {})

    def cart(self, buyer):
        found = self.call("get_cart", buyer)
        return [(self.skus.index(line["sku_id"]), line["quantity"]) for line in found["lines"]], found["version"]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=lasting(40, long=1000),
    deadline=None,
)
@given(wishes=st.lists(WISHES, min_size=2, max_size=8), erased=st.sampled_from([None, None, None, 1]))
def test_check_outs_answered_together_have_the_outcomes_of_those_answered_one_after_the_other(
    open_work, check_outs, call, sign, wishes, erased
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPEN_CHECKOUTS_LIMIT", "3")
        patch.setenv("CASH_ORDER_LIMIT", "50000")
        patch.setenv("OPEN_CASH_LIMIT", "30000")

        def outcome(size):
            empty(open_work)
            scene = Scene(call, sign)
            if erased is not None:
                deliver(OrdersService, open_work, EraseBuyer(user_id=scene.buyers[erased].user_id))
            answers = check_outs([scene.asked(wish) for wish in wishes], size)
            return told(answers), [scene.cart(buyer) for buyer in scene.buyers], stored(open_work)

        assert outcome(len(wishes)) == outcome(1)


def told(answers):
    """What the answers say, with checkouts numbered by their first appearance."""
    numbers = {checkout_id: n for n, checkout_id in enumerate(dict.fromkeys(checkouts(answers)))}

    def of(answer):
        if answer["error"]:
            facts = {k: v for k, v in answer["error"]["facts"].items() if k != "shop_ids"}
            return answer["error"]["code"], facts | {"checkout_id": numbers.get(facts.get("checkout_id"))}
        placed = answer["result"]
        amounts = [(o["state"], o["total"]["amount"], len(o["lines"])) for o in placed["orders"]]
        return placed["state"], numbers[placed["checkout_id"]], amounts, placed["payment_method"], placed["note"]

    return list(map(of, answers))


def stored(open_work):
    """What is stored, without generated values."""
    queries = [
        "SELECT method, total, state, benefits FROM checkout",
        "SELECT state, total, goods, policy FROM orders",
        "SELECT quantity, paid, position FROM order_line",
        "SELECT state, actor FROM order_step",
        "SELECT name, status, step, attempt FROM saga",
        "SELECT from_step, to_step FROM saga_transition",
        "SELECT key FROM idempotency WHERE length(key) = 1",
    ]
    of_tables = [sorted(str(row) for row in rows(open_work, query)) for query in queries]
    return of_tables, [type(message).__name__ for message in published(open_work)]
