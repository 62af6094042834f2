"""An address is kept with the place that the division list has for it."""

import importlib.util

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from services.users.tests.builders import address, signed_in
from shared.migrate import folder
from shared.places import PlaceNotFound

PLACE = ("country", "division_code", "province", "city", "district")


def place(kept):
    return tuple(kept[name] for name in PLACE)


def test_an_address_is_kept_with_its_code_and_the_names_of_the_list(users):
    mei = signed_in(users)
    names = address(province="中国新疆", city="Urumqi\u200b", district="")
    by_code = address(province="浙江", city="杭州", district="", division_code="330106")
    assert place(users.add_address(mei, names)) == ("CN", "650100", "新疆维吾尔自治区", "乌鲁木齐市", "")
    assert place(users.add_address(mei, by_code)) == ("CN", "330106", "浙江省", "杭州市", "西湖区")


def test_a_place_that_the_list_does_not_know_is_refused_by_name(users):
    with pytest.raises(PlaceNotFound) as refused:
        users.add_address(signed_in(users), address(city="杭洲"))
    assert refused.value.facts == {"field": "city", "given": "杭洲"}


def test_addresses_that_were_kept_before_get_their_code_where_it_is_known(users, open_work):
    mei = signed_in(users)
    for _ in range(2):
        users.add_address(mei, address())
    spec = importlib.util.spec_from_file_location("places_of_addresses", folder("users") / "0007_pre_places.py")
    revision = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(revision)
    revision.AT_ONCE = 1
    with open_work.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        revision.downgrade()
        connection.execute(sa.text("UPDATE address SET city = '某地' WHERE is_default"))
        revision.upgrade()
    assert [each["division_code"] for each in users.list_addresses(mei, {})["items"]] == [None, "330106"]
