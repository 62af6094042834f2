"""Which purchases are refused early, and that nothing is that has begun."""

from contextlib import ExitStack, suppress

import pytest

from gateway.admission import FEWEST, PAUSE, RETRY, SLOW, WITHIN, Admission, Step
from gateway.rpc import ServiceOverloaded
from gateway.tests.doubles import bearer, problem
from shared.ids import new_id


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Shop:
    """Purchases at a gateway, with a clock that can be advanced."""

    def __init__(self):
        self.clock, self.begun = Clock(), []
        self.waiting = 0
        self.admission = Admission(lambda: self.waiting, self.clock)

    def quote(self):
        """Whether a quote is answered."""
        with suppress(ServiceOverloaded), self.admission.step(Step.QUOTE):
            return True
        return False

    def check_outs(self, number):
        """So many check-outs begin; they are answered by the returned function."""
        begun = ExitStack()
        self.begun.append(begun)  # or they would end with the stack
        for _ in range(number):
            begun.enter_context(self.admission.step(Step.CHECK_OUT))
        return begun.close


@pytest.fixture
def shop():
    return Shop()


def test_any_number_of_quotes_is_answered_while_check_outs_are_quick(shop):
    shop.check_outs(FEWEST * 5)
    shop.clock.now += SLOW
    assert all(shop.quote() for _ in range(FEWEST * 5))


def test_quotes_are_refused_while_a_check_out_takes_long_and_many_are_under_way(shop):
    answered = shop.check_outs(FEWEST)
    shop.clock.now += SLOW + 0.1
    assert not shop.quote()
    answered()
    assert shop.quote()


def test_a_few_purchases_may_begin_however_slow_they_are(shop):
    shop.check_outs(1)
    shop.clock.now += SLOW * 5
    assert [shop.quote() for _ in range(FEWEST)] == [True] * (FEWEST - 1) + [False]


def test_those_that_cannot_be_paid_yet_are_under_way_too(shop):
    shop.check_outs(1)
    shop.waiting = FEWEST - 1
    shop.clock.now += SLOW + 0.1
    assert not shop.quote()
    shop.waiting = FEWEST - 2
    assert shop.quote()


def test_as_many_may_be_under_way_as_are_answered_in_a_while(shop):
    answered = shop.check_outs(FEWEST * 2)
    shop.check_outs(FEWEST * 2 - 1)
    shop.clock.now += SLOW + 0.1
    answered()
    assert (shop.quote(), shop.quote()) == (True, False)
    shop.clock.now += WITHIN
    assert not shop.quote()


def test_the_last_slow_check_out_counts_until_others_are_quick(shop):
    answered = shop.check_outs(FEWEST)
    shop.clock.now += SLOW + 0.1
    answered()
    assert sum(shop.quote() for _ in range(FEWEST * 2)) == FEWEST
    shop.check_outs(1)()
    assert shop.quote()


def test_a_quote_that_is_not_followed_by_a_check_out_makes_room(shop):
    shop.check_outs(1)
    shop.clock.now += SLOW + 0.1
    for _ in range(FEWEST - 1):
        assert shop.quote()
    assert not shop.quote()
    shop.clock.now += PAUSE
    assert shop.quote()


def test_a_check_out_takes_the_place_of_its_quote(shop):
    shop.check_outs(1)
    shop.clock.now += SLOW + 0.1
    for _ in range(FEWEST - 2):
        shop.quote()
    shop.check_outs(1)
    assert (shop.quote(), shop.quote()) == (True, False)


@pytest.fixture
def overloaded(monkeypatch):
    """Every quote is refused."""
    monkeypatch.setattr("gateway.admission.FEWEST", 0)
    monkeypatch.setattr(Admission, "_is_slow", lambda _: True)


def test_a_refused_quote_is_503_with_the_time_to_come_again_and_calls_nothing(api, services, overloaded):
    body = {"lines": [{"sku_id": str(new_id()), "quantity": 1}], "province": "浙江省"}
    answer = api.post("/api/v1/quotes", json=body, headers=bearer())
    assert problem(answer) == (503, "service_overloaded")
    assert RETRY[0] <= int(answer.headers["Retry-After"]) < RETRY[1]
    assert services.requested == []


def test_who_has_begun_goes_on(api, services, overloaded):
    services.answers["orders.get_checkout"] = {"state": "placed"}
    services.answers["payments.get_payment"] = {"state": "open"}
    services.answers["payments.receive_provider_notification"] = {"body": "", "media_type": "application/json"}
    assert api.get(f"/api/v1/checkouts/{new_id()}", headers=bearer()).status_code == 200
    assert api.post("/api/v1/payments/wechat/notifications", json={}).status_code == 200
