"""Switches: on by default, changed by operators, each change logged once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from shared import observe
from shared.contracts.operating.requests import SetSwitch
from shared.operating import switches
from shared.operating.switches import SwitchNotFound
from shared.switches import CapabilitySwitchedOff
from shared.testing import logged


@pytest.fixture
def turn(open_work):
    """Change a switch of marketing as an operator."""

    def _turn(name="coupons", *, is_on, reason="abuse is being investigated", actor="ann"):
        with open_work() as work:
            return switches.turn(work, "marketing", actor, SetSwitch(name=name, is_on=is_on, reason=reason))

    return _turn


def entries(open_work):
    with open_work() as work:
        return [(one["action"], one["about"], one["note"], one["actor"]) for one in logged(work)]


def test_a_switch_is_on_by_default(open_work):
    with open_work() as work:
        assert work.switches.is_on("coupons")
        work.switches.require("coupons")
        (shown,) = switches.page(work, "marketing").items
    assert (shown.name, shown.is_on, shown.changed_at, shown.reason) == ("coupons", True, None, None)
    assert "优惠券" in shown.allows.zh


def test_a_capability_is_refused_while_its_switch_is_off(open_work, turn):
    off = turn(is_on=False)
    assert (off.is_on, off.changed_by, off.reason) == (False, "ann", "abuse is being investigated")
    with open_work() as work:
        assert switches.page(work, "marketing").items == (off,)
        with pytest.raises(CapabilitySwitchedOff) as refused:
            work.switches.require("coupons")
    assert (refused.value.code, refused.value.facts) == ("capability_switched_off", {"switch": "coupons"})
    turn(is_on=True, reason="no abuse was found")
    with open_work() as work:
        work.switches.require("coupons")


def test_each_change_is_logged_and_setting_the_same_state_is_no_change(open_work, turn):
    assert turn(is_on=True).changed_by is None
    first = turn(is_on=False)
    assert turn(is_on=False, reason="again", actor="bob") == first
    turn(is_on=True, reason="no abuse was found", actor="bob")
    assert entries(open_work) == [
        ("switch.turn_on", "switch coupons", "no abuse was found", "bob"),
        ("switch.turn_off", "switch coupons", "abuse is being investigated", "ann"),
    ]


def test_two_operators_at_the_same_time_change_a_switch_once(open_work):
    together = Barrier(4, timeout=20)

    def turn(number):
        with open_work() as work:
            work.switches.is_on("coupons")
            together.wait()
            request = SetSwitch(name="coupons", is_on=False, reason="abuse")
            return switches.turn(work, "marketing", f"operator {number}", request)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(turn, range(4)))
    assert len({one.changed_by for one in found}) == len(entries(open_work)) == 1


@pytest.mark.parametrize("name", ["pay.wechat", "nothing"])
def test_a_service_changes_only_its_own_switches(open_work, turn, name):
    with pytest.raises(SwitchNotFound):
        turn(name, is_on=False)
    with open_work() as work:
        assert work.switches.is_on(name)
    assert entries(open_work) == []


def test_the_gauge_shows_the_state_of_each_switch(open_work, turn):
    def gauge():
        with open_work() as work:
            switches.measure(work, "marketing")
        return observe.switches.labels("coupons")._value.get()

    assert gauge() == 1
    turn(is_on=False)
    assert gauge() == 0
