"""Addresses are stored with the place names and codes of the division list."""

import pytest

from services.users.tests.builders import address, signed_in
from shared.places import PlaceNotFound

PLACE = ("country", "division_code", "province", "city", "district")


def place(saved):
    return tuple(saved[name] for name in PLACE)


def test_an_address_is_stored_with_its_code_and_the_names_of_the_list(users):
    mei = signed_in(users)
    names = address(province="中国新疆", city="Urumqi\u200b", district="")
    by_code = address(province="浙江", city="杭州", district="", division_code="330106")
    assert place(users.add_address(mei, names)) == ("CN", "650100", "新疆维吾尔自治区", "乌鲁木齐市", "")
    assert place(users.add_address(mei, by_code)) == ("CN", "330106", "浙江省", "杭州市", "西湖区")


def test_a_place_that_is_not_in_the_list_is_refused_with_its_name(users):
    with pytest.raises(PlaceNotFound) as refused:
        users.add_address(signed_in(users), address(city="杭洲"))
    assert refused.value.facts == {"field": "city", "given": "杭洲"}
