"""The setting CARRIERS: each carrier has its own name and key, or the process does not start."""

import json

import pytest

from orders.fulfilment import carriers
from services.orders.tests.carrier_keys import LISTED, set_carriers
from shared.settings import MissingSetting, WeakSecret

FIRST, SECOND = LISTED


@pytest.mark.parametrize(
    ("listed", "refusal"),
    [
        ([], WeakSecret),
        ([{**FIRST, "key": ""}], carriers.BadCarriers),
        ([{**FIRST, "key": "a short key"}], WeakSecret),
        ([{**FIRST, "key": "change-me-change-me"}], WeakSecret),
        ([FIRST, {**SECOND, "key": FIRST["key"]}], carriers.BadCarriers),
        ([FIRST, {**SECOND, "name": FIRST["name"]}], carriers.BadCarriers),
        ([{"name": "sf-express", "key": FIRST["key"]}], carriers.BadCarriers),
        ("no list of carriers at all", carriers.BadCarriers),
    ],
)
def test_a_list_without_a_name_and_a_strong_key_for_each_is_refused(monkeypatch, listed, refusal):
    set_carriers(monkeypatch, listed)
    with pytest.raises(refusal):
        carriers.known()


def test_the_setting_is_required(monkeypatch):
    set_carriers(monkeypatch)
    monkeypatch.delenv("CARRIERS")
    with pytest.raises(MissingSetting, match="CARRIERS"):
        carriers.known()


def test_the_list_is_read_with_its_names_in_two_languages(monkeypatch):
    monkeypatch.setenv("CARRIERS", json.dumps(LISTED))
    assert [(c.name, c.zh, c.en) for c in carriers.known().values()] == [
        ("sf-express", "顺丰速运", "SF Express"),
        ("yto", "圆通速递", "YTO Express"),
    ]
