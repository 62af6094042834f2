"""An operator's work: messages that could not be handled, a stuck saga, and the operator log."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, create_engine, text

from shared.contracts.catalog import Restock, StockLine
from shared.ids import new_id
from tests.e2e.injecting import Injector
from tests.e2e.people import until
from tests.e2e.stuck import stuck_cancellation

DEAD_LETTERS = "/operator/dead-letters"
UNKNOWN_ID = "0197f5c2-3d7e-7a1b-9c4d-5e6f7a8b9c0d"


def sku(product):
    return product["skus"][0]["sku_id"]


@pytest.fixture
def inject(shop_system):
    return Injector(shop_system.site.amqp_url)


def dead_letter_of(operator, message_id):
    """The open dead letter of a message, once it is listed."""
    listed = lambda: operator.get(DEAD_LETTERS, state="open", limit=100)["items"]  # noqa: E731
    found = until(listed, lambda items: [one for one in items if one["message_id"] == message_id])
    return next(one for one in found if one["message_id"] == message_id)


def logged(operator, about):
    """The entries of the operator log about an object."""
    account = operator.get("/me")["user_id"]
    entries = operator.get("/operator/log", about=about)["items"]
    assert {one["actor"] for one in entries} <= {account}
    return [(one["action"], one["note"]) for one in entries]


def test_dl_07_a_poison_message_is_listed_with_its_cause_and_archived(inject, operator):
    message_id, topic = str(new_id()), "catalog.restock.v1"
    inject("catalog", topic, b"no json", {"cloudEvents_id": message_id, "cloudEvents_type": topic})
    dead_letter = dead_letter_of(operator, message_id)
    assert (dead_letter["service"], dead_letter["topic"], dead_letter["exception"]) == (
        "catalog",
        topic,
        "shared.delivery.Unreadable",
    )
    path = f"{DEAD_LETTERS}/catalog/{dead_letter['dead_letter_id']}"
    assert operator.get(path)["text"] == "no json"
    assert operator.refused("POST", f"{path}/retry", {}) == (409, "dead_letter_unreadable")
    assert operator.refused("POST", f"{path}/archive", {}) == (422, "request_invalid")
    for _ in range(2):
        assert operator.post(f"{path}/archive", {"note": "a test message"})["state"] == "archived"
    assert logged(operator, f"dead letter {dead_letter['dead_letter_id']}") == [
        ("dead_letter.archive", "a test message")
    ]


@pytest.fixture
def catalog_sql(shop_system):
    """Changes catalog's database, without the service."""
    engine = create_engine(shop_system.site.databases["catalog"], poolclass=NullPool)

    def execute(statement):
        with engine.begin() as connection:
            connection.execute(text(statement))

    return execute


@pytest.fixture
def failed_restock(catalog_sql, inject, operator, shopper, products, merchant_of, provider):
    """A unit of a paid order is restocked while catalog's database cannot store that.

    Yields the dead letter, the expected stock, and a function that reads the stock, after repairing the database.
    Afterwards the refund is approved: its saga restocks the same unit again, and everything adds up.
    """
    product = products[-1]
    merchant = merchant_of(product)
    stock = lambda: merchant.get(f"/merchant/skus/{sku(product)}/stock", limit=100)  # noqa: E731
    placed = shopper.checks_out((sku(product), 2))
    code_url, before = shopper.waits_for_qr_code(placed), stock()["on_hand"]
    provider.pays(code_url)
    (order,) = shopper.waits_for(placed, "confirmed")["orders"]
    until(stock, lambda level: level["on_hand"] == before - 2)
    merchant.post(f"/merchant/orders/{order['order_id']}/accept")
    refund = _requests_refund_of_one_unit(shopper, order)
    line = StockLine(order_id=order["order_id"], sku_id=sku(product), quantity=1)
    of = {"order_id": order["order_id"], "checkout_id": placed["checkout_id"], "lines": (line,)}
    broken = f"CHECK (refund_id <> '{refund['refund_id']}') NOT VALID"
    catalog_sql(f"ALTER TABLE restock ADD CONSTRAINT broken {broken}")
    try:
        dead_letter = dead_letter_of(
            operator, inject.sealed("catalog", Restock(refund_id=refund["refund_id"], **of))
        )
        assert stock()["on_hand"] == before - 2
    finally:
        catalog_sql("ALTER TABLE restock DROP CONSTRAINT broken")
    yield dead_letter, before - 2, stock
    merchant.post(f"/merchant/refunds/{refund['refund_id']}/approve")
    refunds = lambda: shopper.get(f"/orders/{order['order_id']}/refunds")["items"]  # noqa: E731
    until(refunds, lambda items: items[0]["state"] == "refunded")
    assert stock()["on_hand"] == before - 1


def _requests_refund_of_one_unit(shopper, order):
    line = shopper.order(order)["lines"][0]
    wanted = {"lines": [{"line_id": line["line_id"], "quantity": 1}], "reason_text": "破了一个"}
    return shopper.post(f"/orders/{order['order_id']}/refunds", wanted)


def test_dl_07_a_message_is_retried_after_a_repair_and_has_its_effect_once(failed_restock, operator):
    dead_letter, before, stock = failed_restock
    assert dead_letter["exception"] == "sqlalchemy.exc.IntegrityError"
    path = f"{DEAD_LETTERS}/catalog/{dead_letter['dead_letter_id']}"
    assert operator.get(path)["body"]["lines"][0]["quantity"] == 1
    click = lambda _: operator.post(f"{path}/retry", {"note": "the database is repaired"})  # noqa: E731
    with ThreadPoolExecutor(4) as clicking:
        states = {answer["state"] for answer in clicking.map(click, range(4))}
    assert states == {"retried"}
    until(stock, lambda level: level["on_hand"] == before + 1)
    assert [entry["kind"] for entry in stock()["items"][:2]] == ["restocked", "committed"]
    assert logged(operator, f"dead letter {dead_letter['dead_letter_id']}") == [
        ("dead_letter.retry", "the database is repaired")
    ]


def test_dl_07_a_message_that_could_not_be_read_is_edited_retried_and_has_its_effect(
    inject, operator, failed_restock
):
    dead_letter, before, stock = failed_restock
    path = f"{DEAD_LETTERS}/catalog/{dead_letter['dead_letter_id']}"
    body = operator.get(path)["body"]
    listed = operator.get(f"{DEAD_LETTERS}/groups")["items"]
    assert (dead_letter["topic"], 1) in [(each["topic"], each["number"]) for each in listed]
    wrong = {"body": json.dumps({**body, "lines": "all"}), "note": "by mistake"}
    assert operator.refused("POST", f"{path}/retry-edited", wrong) == (422, "request_invalid")
    edited = {"body": json.dumps(body, indent=2), "note": "checked with the warehouse"}
    assert operator.post(f"{path}/retry-edited", edited)["state"] == "retried"
    assert operator.refused("POST", f"{path}/retry-edited", edited) == (409, "dead_letter_closed")
    until(stock, lambda level: level["on_hand"] == before + 1)
    assert logged(operator, f"dead letter {dead_letter['dead_letter_id']}") == [
        ("dead_letter.retry_edited", "checked with the warehouse")
    ]


def test_dl_07_all_of_a_kind_are_retried_by_one_request_also_when_it_is_repeated(failed_restock, operator):
    dead_letter, before, stock = failed_restock
    kind, key = (
        {"topic": dead_letter["topic"], "exception": dead_letter["exception"], "note": "all repaired"},
        str(uuid4()),
    )
    first = operator.post(f"{DEAD_LETTERS}/catalog/retry", kind, key=key)
    assert first == {"service": "catalog", "retried": 1, "unreadable": 0, "next": None}
    assert operator.post(f"{DEAD_LETTERS}/catalog/retry", kind, key=key) == first
    assert operator.post(f"{DEAD_LETTERS}/catalog/retry", kind)["retried"] == 0
    until(stock, lambda level: level["on_hand"] == before + 1)
    assert [entry["kind"] for entry in stock()["items"][:2]] == ["restocked", "committed"]


def test_sg_17_a_stuck_saga_is_found_and_resumed_and_the_refund_is_paid_once(
    shop_system, operator, shopper, two_shops, provider
):
    placed = shopper.checks_out((sku(two_shops[0]), 1))
    code_url, (order,) = shopper.waits_for_qr_code(placed), placed["orders"]
    provider.pays(code_url)
    shopper.waits_for(placed, "confirmed")
    with stuck_cancellation(shop_system, operator, shopper, order) as saga:
        stuck = saga()
        assert (stuck["reason"], stuck["operator_actions"]) == ("as_if", ["resume"])
        path = f"/operator/sagas/{stuck['saga_id']}"
        assert stuck["saga_id"] in [
            one["saga_id"] for one in operator.get("/operator/sagas", status="stuck")["items"]
        ]
        click, key = {"attempt": stuck["attempt"], "note": "the provider has it after all"}, str(uuid4())
        for unfit in ("cancel", "skip"):
            assert operator.refused("POST", f"{path}/{unfit}", click) == (409, "saga_action_not_allowed")
        first = operator.post(f"{path}/resume", click, key=key)
        assert (first["status"], first["step"]) == ("running", "refund_payment")
        assert operator.post(f"{path}/resume", click, key=key) == first
        late = operator.call("POST", f"{path}/resume", click, key=str(uuid4()))
        assert (late.status_code, late.json()["code"]) == (409, "saga_action_not_allowed")
        assert late.json()["saga"]["attempt"] == first["attempt"]

    shopper.waits_for_refund(order)
    assert len(provider.transaction(code_url)["refunds"]) == 1
    ended = until(saga, lambda found: found["status"] == "done")
    assert [one["topic"] for one in ended["sent"]].count("payments.refund_payment.v1") == 2
    assert logged(operator, f"saga {stuck['saga_id']}") == [("saga.resume", "the provider has it after all")]


def test_vs_03_a_checkouts_time_line_shows_its_steps_messages_and_trace_without_personal_data(
    operator, shopper, two_shops, provider
):
    placed = shopper.checks_out((sku(two_shops[0]), 1))
    find = {"name": "orders.checkout", "key": placed["checkout_id"]}
    (saga,) = operator.get("/operator/sagas", **find)["items"]
    code_url = shopper.waits_for_qr_code(placed)
    line = until(lambda: operator.get(f"/operator/sagas/{saga['saga_id']}"), lambda s: s["step"] == "take_payment")
    assert [one["topic"] for one in line["sent"]] == ["catalog.reserve_stock.v1", "payments.open_payment.v1"]
    assert [one["topic"] for one in line["received"]] == [
        "catalog.stock_reserved.v1",
        "payments.payment_opened.v1",
    ]
    assert line["timer"]["at"] > line["updated_at"]
    assert len(line["trace_id"]) == 32
    named = (code_url, shopper.email, shopper.get("/me")["user_id"], "13800138000", "周静")
    assert not [name for name in named if name in str(line)]
    provider.pays(code_url)
    shopper.waits_for(placed, "confirmed")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/operator/sagas", None),
        ("GET", f"/operator/sagas/{UNKNOWN_ID}", None),
        *(("POST", f"/operator/sagas/{UNKNOWN_ID}/{button}", {"attempt": 1, "note": "me"})
          for button in ("resume", "skip", "cancel")),
        ("GET", DEAD_LETTERS, None),
        ("GET", f"{DEAD_LETTERS}/orders/{UNKNOWN_ID}", None),
        ("POST", f"{DEAD_LETTERS}/orders/{UNKNOWN_ID}/retry", {}),
        ("POST", f"{DEAD_LETTERS}/orders/{UNKNOWN_ID}/archive", {"note": "me"}),
        ("POST", f"{DEAD_LETTERS}/orders/retry", {}),
        ("GET", "/operator/log", None),
    ],
)  # fmt: skip
def test_sg_17_shoppers_and_merchants_are_refused_every_operator_request(
    shopper, merchant_of, products, guest, method, path, body
):
    assert shopper.refused(method, path, body) == (403, "forbidden")
    assert merchant_of(products[0]).refused(method, path, body) == (403, "forbidden")
    assert guest.refused(method, path, body)[0] == 401
