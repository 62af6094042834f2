"""The contracts of requests are checked when modules are imported."""

from dataclasses import dataclass

import pytest

from shared.answering import WrongName, answers
from shared.permissions import Permission
from shared.requests import Request, request_types


@dataclass(frozen=True, kw_only=True)
class BoilEgg(Request, method="tally.boil_egg", permission=Permission.PUBLIC, keyed=True):
    """Boil an egg."""

    minutes: int


@dataclass(frozen=True, kw_only=True)
class BoilEggs(BoilEgg):
    """The same request with another field, as the gateway composes it."""

    eggs: int


def test_a_request_is_registered_by_its_method_and_subclasses_share_its_contract():
    assert BoilEgg in request_types()
    assert BoilEggs.contract is BoilEgg.contract


def test_a_request_may_only_name_a_switch_of_its_own_service():
    with pytest.raises(TypeError, match="'coupons' is no switch of orders"):

        @dataclass(frozen=True, kw_only=True)
        class FryEgg(Request, method="orders.fry_egg", permission=Permission.PUBLIC, switch="coupons"):
            """Fry an egg."""


def test_a_request_with_a_switch_must_be_answered_within_a_work():
    @dataclass(frozen=True, kw_only=True)
    class SellEgg(Request, method="marketing.sell_egg", permission=Permission.PUBLIC, switch="coupons"):
        """Sell an egg."""

    def sell_egg(self, caller, request):
        return None

    with pytest.raises(TypeError, match="need a method with in_work=True"):
        answers(SellEgg, in_work=False)(sell_egg)


def test_a_method_must_have_the_name_of_its_request():
    with pytest.raises(WrongName):
        answers(BoilEgg)(lambda self, work, caller, request: None)


def test_a_keyed_request_must_be_answered_within_a_work():
    def boil_egg(self, caller, request):
        return None

    with pytest.raises(TypeError, match="need a method with in_work=True"):
        answers(BoilEgg, in_work=False)(boil_egg)


def test_a_request_without_a_permission_may_have_no_other_options():
    with pytest.raises(TypeError, match="has attributes, but no permission"):

        class Poach(Request, keyed=True):
            pass


def test_a_request_that_shows_personal_data_must_be_logged():
    with pytest.raises(TypeError, match="so it must be logged"):

        class ReadLetter(
            Request, method="tally.read_letter", permission=Permission.ORDERS_READ, audit=False, personal=True
        ):
            pass


def test_two_requests_cannot_share_a_method():
    with pytest.raises(TypeError, match="is already declared"):

        class BoilAgain(Request, method="tally.boil_egg", permission=Permission.PUBLIC):
            pass
