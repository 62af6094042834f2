"""A shop changes its name and what it says of itself."""

import pytest

from services.users.tests.builders import owned_shop, sign_in, signed_in
from shared.auth import ANONYMOUS, Caller
from shared.contracts.users import ShopApproved, ShopChanged
from shared.errors import Forbidden
from shared.ids import new_id
from shared.permissions import Role
from shared.shapes import Misshapen
from shared.testing import published
from users.shops.model import ShopNotFound, ShopSuspended, VersionOutdated

OPERATOR = Caller(user_id=new_id(), roles=frozenset({Role.OPERATOR}))
PROFILE = {
    "name": "整洁书桌",
    "name_en": "Tidy Desk",
    "description": {"zh": "只卖每天用得上的文具。\n\n周末也发货。", "en": "Stationery for every day."},
}


@pytest.fixture
def shop_id(users):
    return owned_shop(users, OPERATOR, signed_in(users))["shop_id"]


@pytest.fixture
def merchant(users, shop_id):
    return sign_in(users)


def change(users, caller, shop_id, **known):
    return users.change_shop(caller, {"shop_id": shop_id, **PROFILE, **known})


def events(open_work):
    return [message for message in published(open_work) if isinstance(message, ShopChanged)]


def test_a_new_shop_has_no_english_name_and_no_description(users, merchant, shop_id):
    shown = users.get_merchant_shop(merchant, {"shop_id": shop_id})
    assert (shown["name_en"], shown["description"]) == ("", {"zh": "", "en": ""})


def test_a_profile_is_public_and_its_names_are_published(users, merchant, shop_id, open_work):
    before = users.get_merchant_shop(merchant, {"shop_id": shop_id})["version"]
    changed = change(users, merchant, shop_id, name="  整洁的书桌 ")
    assert (changed["name"], changed["version"]) == ("整洁的书桌", before + 1)
    public = users.get_shop(ANONYMOUS, {"shop_id": shop_id})
    assert public == {name: value for name, value in changed.items() if name != "version"}
    assert public["description"] == PROFILE["description"]
    (event,) = events(open_work)
    assert (event.name, event.name_en, event.version) == ("整洁的书桌", "Tidy Desk", before + 1)


def test_the_same_profile_again_changes_and_publishes_nothing(users, merchant, shop_id, open_work):
    assert change(users, merchant, shop_id) == change(users, merchant, shop_id)
    assert len(events(open_work)) == 1


def test_a_change_of_an_older_version_is_refused(users, merchant, shop_id):
    version = users.get_merchant_shop(merchant, {"shop_id": shop_id})["version"]
    change(users, merchant, shop_id, version=version)
    with pytest.raises(VersionOutdated) as refused:
        change(users, merchant, shop_id, version=version, name="别的名字")
    assert refused.value.facts == {"version": version + 1}
    assert users.get_shop(ANONYMOUS, {"shop_id": shop_id})["name"] == PROFILE["name"]


def test_a_restored_shop_keeps_its_profile_and_publishes_its_name(users, merchant, shop_id, open_work):
    change(users, merchant, shop_id, name="整洁的书桌")
    users.suspend_shop(OPERATOR, {"shop_id": shop_id})
    with pytest.raises(ShopSuspended):
        change(users, merchant, shop_id)
    users.restore_shop(OPERATOR, {"shop_id": shop_id})
    assert [m.name for m in published(open_work) if isinstance(m, ShopApproved)][-1] == "整洁的书桌"
    assert users.get_shop(ANONYMOUS, {"shop_id": shop_id})["name_en"] == "Tidy Desk"


def test_another_shop_is_refused_and_an_unknown_one_is_not_found(users, merchant, shop_id):
    stranger = Caller(new_id(), new_id(), frozenset({Role.MERCHANT}), frozenset({new_id()}))
    with pytest.raises(Forbidden):
        change(users, stranger, shop_id)
    with pytest.raises(Forbidden):
        users.get_merchant_shop(stranger, {"shop_id": shop_id})
    with pytest.raises(ShopNotFound):
        change(users, merchant, str(new_id()))


def test_an_operator_who_changes_a_shop_is_in_the_log(users, shop_id, open_work):
    change(users, OPERATOR, shop_id)
    entries = [
        entry for entry in users.list_operator_log(OPERATOR, {})["items"] if entry["action"] == "shop.change"
    ]
    assert [(one["actor"], one["about"]) for one in entries] == [(str(OPERATOR.user_id), f"shop {shop_id}")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "梅" * 61},
        {"name_en": "x" * 61},
        {"description": {"zh": "长" * 2001}},
        {"description": None},
    ],
    ids=str,
)
def test_a_profile_has_bounds(users, merchant, shop_id, wrong):
    with pytest.raises(Misshapen):
        change(users, merchant, shop_id, **wrong)
