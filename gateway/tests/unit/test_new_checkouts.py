"""A checkout that was just placed is read and followed without a call until something happens to it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from gateway.app import build
from gateway.cache import CLOCKS_DIFFER, LONGEST_NEW, AnswerCache
from gateway.changes import Changes
from gateway.memory import Memory
from gateway.payments import LONGEST, OPENING, NewPayments
from gateway.tests.doubles import OPERATOR, SHOPPER, Client, bearer
from gateway.wakeups import Wakeups
from shared.contracts.orders import OrderCancelled, OrderConfirmed, OrderPlaced
from shared.contracts.payments import PaymentCaptured, PaymentOpened, RefundAccepted
from shared.errors import NotFound
from shared.ids import new_id

CHECKOUT, ORDER, PAYMENT = (str(new_id()) for _ in range(3))
STATUS = f"/api/v1/checkouts/{CHECKOUT}"
ABOUT = {"payment_id": PAYMENT, "checkout_id": CHECKOUT}
OF_ORDER = {"order_id": ORDER, "checkout_id": CHECKOUT}
ADDRESS = {"province": "浙江省", "city": "杭州市", "street": "北山街 84 号", "postcode": "310007"}
BODY = {
    "quote_token": "token",
    "payment_method": "wechat",
    "address": ADDRESS,
    "contact": {"name": "周静", "phone": "13800138000"},
}


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def checkout(state="placed"):
    created = datetime.now(UTC).isoformat()
    return {**ABOUT, "state": state, "created_at": created, "orders": [{"order_id": ORDER, "state": state}]}


def current(version, state, buyer=SHOPPER):
    """The payment in an event of its change."""
    return {"buyer_id": str(buyer.user_id), "version": version, "payment": {**ABOUT, "state": state}}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def cache(clock):
    opened = AnswerCache(clock=clock)
    opened.open()
    clock.now += CLOCKS_DIFFER + 60
    return opened


@pytest.fixture
def changes(cache, clock):
    return Changes(Wakeups(), Memory(cache, NewPayments(clock=clock)))


@pytest.fixture
def api(config, services, cache, changes):
    services.answers["orders.check_out"] = checkout()
    services.answers["orders.get_checkout"] = checkout("read")
    services.answers["payments.get_payment"] = {**ABOUT, "state": "read"}
    return Client(build(config, services, changes._wakeups, changes._memory))


@pytest.fixture
def happens(changes):
    """Receive an event with these fields."""

    def receive(event, **body):
        changes.received(event.topic, "", json.dumps(body).encode())

    return receive


@pytest.fixture
def check_out(api):
    def send(key="one"):
        answer = api.post("/api/v1/checkouts", json=BODY, headers={**bearer(), "Idempotency-Key": key})
        assert answer.status_code == 201

    return send


def seen(api, caller=SHOPPER):
    """The states of the checkout and its payment, as polled; None where there is no payment."""
    answer = api.get(STATUS, headers=bearer(caller)).json()
    return answer["state"], answer["payment"] and answer["payment"]["state"]


def called(services):
    return [method for method, _ in services.requested if method != "orders.check_out"]


def test_a_new_checkout_is_read_without_a_call_and_has_no_payment_yet(api, services, check_out):
    check_out()
    assert [seen(api), seen(api)] == [("placed", None)] * 2
    assert called(services) == []


def test_its_payment_is_known_from_events_and_its_orders_are_read_when_they_change(
    api, services, check_out, happens
):
    check_out()
    happens(OrderPlaced, **OF_ORDER)
    assert seen(api) == ("placed", None)
    happens(PaymentOpened, **ABOUT, current=current(2, "open"))
    assert seen(api) == ("placed", "open")
    happens(PaymentCaptured, **ABOUT, current=current(3, "captured"))
    assert seen(api) == ("placed", "captured")
    assert called(services) == []
    happens(OrderConfirmed, **OF_ORDER)
    assert [seen(api), seen(api)] == [("read", "captured")] * 2
    assert called(services) == ["orders.get_checkout"]


def test_an_older_payment_that_arrives_late_or_again_is_not_shown(api, check_out, happens):
    check_out()
    happens(PaymentCaptured, **ABOUT, current=current(3, "captured"))
    happens(PaymentOpened, **ABOUT, current=current(2, "open"))
    assert seen(api) == ("placed", "captured")


def test_nobody_but_the_buyer_sees_it(api, services, check_out, happens):
    check_out()
    happens(PaymentOpened, **ABOUT, current=current(2, "open"))
    services.answers["payments.get_payment"] = NotFound()
    services.answers["orders.get_checkout"] = [NotFound(), checkout("read")]
    assert api.get(STATUS, headers=bearer(OPERATOR)).status_code == 404
    assert seen(api, OPERATOR) == ("read", None)
    assert api.get(STATUS).status_code == 401
    assert seen(api) == ("placed", "open")


def test_a_payment_of_another_buyer_is_not_shown(api, check_out, happens):
    check_out()
    happens(PaymentOpened, **ABOUT, current=current(2, "open", buyer=OPERATOR))
    assert seen(api) == ("placed", "read")


def test_a_change_that_does_not_tell_the_payment_makes_it_read(api, check_out, happens):
    check_out()
    happens(PaymentOpened, **ABOUT, current=current(2, "open"))
    happens(RefundAccepted, payment_id=PAYMENT, order_id=ORDER)
    assert seen(api) == ("placed", "read")
    happens(PaymentCaptured, **ABOUT, current=current(3, "captured"))
    assert seen(api) == ("placed", "read")


def test_once_payments_was_called_events_do_not_show_what_may_be_older(api, check_out, happens, clock):
    check_out()
    clock.now += LONGEST
    assert seen(api) == ("read", "read")
    happens(PaymentOpened, **ABOUT, current=current(2, "open"))
    assert seen(api) == ("read", "read")


def test_a_payment_that_nobody_reads_is_known_again_from_a_later_event(api, check_out, happens, clock):
    check_out()
    happens(PaymentOpened, **ABOUT, current=current(2, "open"))
    clock.now += LONGEST * 2
    happens(PaymentCaptured, **ABOUT, current=current(3, "captured"))
    assert seen(api) == ("read", "captured")


def test_a_repeated_check_out_does_not_bring_back_an_old_state(api, check_out, happens):
    check_out()
    happens(PaymentOpened, **ABOUT, current=current(2, "open"))
    happens(OrderCancelled, **OF_ORDER)
    check_out("again")
    assert seen(api) == ("read", "open")


def test_the_answer_of_a_check_out_whose_outcome_came_first_is_not_kept(api, check_out, happens):
    happens(OrderConfirmed, **OF_ORDER)
    check_out()
    assert seen(api) == ("read", "read")


@pytest.mark.parametrize("told", [{"payment_id": PAYMENT}, {"checkout_id": CHECKOUT}])
def test_nor_is_the_one_of_a_check_out_whose_payment_changed_first(api, check_out, happens, told):
    happens(PaymentOpened, **told)
    check_out()
    assert seen(api) == ("read", "read")


@pytest.mark.parametrize("age", [timedelta(seconds=61), timedelta(days=1)])
def test_an_answer_from_before_this_process_received_events_is_not_kept(api, services, check_out, age):
    created = datetime.now(UTC) - age
    services.answers["orders.check_out"] = {**checkout(), "created_at": created.isoformat()}
    check_out()
    assert seen(api) == ("read", "read")


def test_nothing_is_kept_without_the_connection_nor_after_it_was_lost(api, check_out, cache, changes, clock):
    check_out()
    changes.lost()
    assert seen(api) == ("read", "read")
    check_out()
    assert seen(api) == ("read", "read")
    cache.open()
    check_out()
    assert seen(api) == ("read", "read")
    assert len(changes._memory.payments) == 0


def test_it_is_read_again_after_its_longest_time(api, check_out, clock):
    check_out()
    clock.now += min(LONGEST, LONGEST_NEW) - 1
    assert seen(api) == ("placed", None)
    clock.now += 1
    assert seen(api) == ("read", "read")


def test_a_checkout_waits_for_its_payment_until_an_event_tells_of_it_or_for_a_while(
    check_out, happens, changes, clock
):
    payments = changes._memory.payments
    check_out()
    assert payments.waiting() == 1
    happens(PaymentOpened, **ABOUT, current=current(2, "open"))
    assert payments.waiting() == 0
    payments.placed({"checkout_id": "another", "payment_id": "another"}, SHOPPER.user_id)
    clock.now += OPENING - 1
    assert payments.waiting() == 1
    clock.now += 1
    assert payments.waiting() == 0


def test_the_payments_of_the_oldest_checkouts_make_room():
    payments = NewPayments(most=2)
    several = [{"checkout_id": f"checkout {n}", "payment_id": f"payment {n}"} for n in range(3)]
    for each in several:
        payments.placed(each, SHOPPER.user_id)
    assert [bool(payments.find(each["checkout_id"], SHOPPER.user_id)) for each in several] == [False, True, True]
    assert len(payments._checkouts) == 2
