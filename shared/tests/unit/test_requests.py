"""What a contract says of a request is known before anything runs."""

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
    """The same with one field more, as a gateway composes it."""

    eggs: int


def test_a_request_is_known_by_its_method_and_what_is_made_of_it_shares_its_contract():
    assert BoilEgg in request_types()
    assert BoilEggs.contract is BoilEgg.contract


def test_a_request_names_a_switch_of_its_own_service_only():
    with pytest.raises(TypeError, match="'coupons' is no switch of orders"):

        @dataclass(frozen=True, kw_only=True)
        class FryEgg(Request, method="orders.fry_egg", permission=Permission.PUBLIC, switch="coupons"):
            """Fry an egg."""


def test_a_request_with_a_switch_is_answered_within_a_work_that_can_read_it():
    @dataclass(frozen=True, kw_only=True)
    class SellEgg(Request, method="marketing.sell_egg", permission=Permission.PUBLIC, switch="coupons"):
        """Sell an egg."""

    def sell_egg(self, caller, request):
        return None

    with pytest.raises(TypeError, match="need a method with in_work=True"):
        answers(SellEgg, in_work=False)(sell_egg)


def test_a_method_is_called_as_the_request_that_it_answers():
    with pytest.raises(WrongName):
        answers(BoilEgg)(lambda self, work, caller, request: None)


def test_a_keyed_request_is_answered_within_a_work_that_can_keep_its_key():
    def boil_egg(self, caller, request):
        return None

    with pytest.raises(TypeError, match="need a method with in_work=True"):
        answers(BoilEgg, in_work=False)(boil_egg)


def test_a_request_without_a_permission_says_nothing_else_of_itself():
    with pytest.raises(TypeError, match="has attributes, but no permission"):

        class Poach(Request, keyed=True):
            pass


def test_what_shows_personal_data_is_logged():
    with pytest.raises(TypeError, match="so it must be logged"):

        class ReadLetter(
            Request, method="tally.read_letter", permission=Permission.ORDERS_READ, audit=False, personal=True
        ):
            pass


def test_no_two_requests_share_a_method():
    with pytest.raises(TypeError, match="is already declared"):

        class BoilAgain(Request, method="tally.boil_egg", permission=Permission.PUBLIC):
            pass
