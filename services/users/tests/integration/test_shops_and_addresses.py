import pytest
import sqlalchemy as sa
from sqlalchemy import text

from services.users.tests.builders import address, owned_shop, shop, sign_in, signed_in
from shared.answering import Answering
from shared.auth import ANONYMOUS, Caller
from shared.contracts.users import ShopApproved, ShopSuspended
from shared.contracts.users.requests import AddAddress
from shared.ids import new_id
from shared.permissions import Role
from shared.testing import published
from users.accounts.model import EmailInvalid
from users.addresses.endpoints import Addresses
from users.addresses.model import MOST_ADDRESSES, AddressLimitReached, AddressNotFound
from users.shops.model import ShopNotFound, SlugInvalid, SlugTaken, TransitionNotAllowed
from users.shops.store import _begins
from users.shops.tables import shop as shop_table

OPERATOR = Caller(user_id=new_id(), roles=frozenset({Role.OPERATOR}))


def test_the_owner_of_a_shop_is_a_merchant(users, open_work):
    owner = signed_in(users)
    opened = owned_shop(users, OPERATOR, owner)
    again = sign_in(users)
    assert again.is_(Role.MERCHANT)
    assert {str(s) for s in again.shops} == {opened["shop_id"]}
    assert users.get_me(owner, {})["shops"][0]["duty"] == "owner"
    (event,) = [m for m in published(open_work) if isinstance(m, ShopApproved)]
    assert (event.slug, event.name, event.version, event.owner_id) == ("tidy-desk", "整洁书桌", 2, owner.user_id)


def test_a_slug_is_unique(users):
    users.open_shop(OPERATOR, shop())
    with pytest.raises(SlugTaken):
        users.open_shop(OPERATOR, shop(name="Another"))


def test_a_shop_needs_an_owners_address_and_a_slug(users):
    with pytest.raises(EmailInvalid):
        users.open_shop(OPERATOR, shop(owner_email="mei"))
    with pytest.raises(SlugInvalid):
        users.open_shop(OPERATOR, shop(slug="Tidy Desk"))


def test_a_suspended_shop_is_not_listed_and_published_once(users, open_work):
    opened = owned_shop(users, OPERATOR, signed_in(users))
    for _ in range(2):
        response = users.suspend_shop(OPERATOR, {"shop_id": opened["shop_id"]})
    assert response["state"] == "suspended"
    assert users.list_shops(ANONYMOUS, {})["items"] == []
    assert users.get_shop(ANONYMOUS, {"shop_id": opened["shop_id"]})["state"] == "suspended"
    assert [m.version for m in published(open_work) if isinstance(m, ShopSuspended)] == [3]


def test_the_reason_of_a_suspension_is_in_the_operator_log(users):
    opened = owned_shop(users, OPERATOR, signed_in(users))
    users.suspend_shop(OPERATOR, {"shop_id": opened["shop_id"], "note": "sells copies"})
    users.restore_shop(OPERATOR, {"shop_id": opened["shop_id"], "note": "removed them"})
    entries = users.list_operator_log(OPERATOR, {"about": f"shop {opened['shop_id']}"})["items"]
    notes = [(entry["action"], entry["note"]) for entry in entries]
    assert notes[:2] == [("shop.restore", "removed them"), ("shop.suspend", "sells copies")]


def test_a_restored_shop_is_listed_again_and_published_once(users, open_work):
    opened = owned_shop(users, OPERATOR, signed_in(users))
    users.suspend_shop(OPERATOR, {"shop_id": opened["shop_id"]})
    for _ in range(2):
        response = users.restore_shop(OPERATOR, {"shop_id": opened["shop_id"]})
    assert response["state"] == "approved"
    assert [item["slug"] for item in users.list_shops(ANONYMOUS, {})["items"]] == ["tidy-desk"]
    approved = [m for m in published(open_work) if isinstance(m, ShopApproved)]
    assert [(m.slug, m.version) for m in approved] == [("tidy-desk", 2), ("tidy-desk", 4)]


def test_actions_of_operators_on_shops_are_logged_once(users):
    opened = owned_shop(users, OPERATOR, signed_in(users), idempotency_key="k")
    users.open_shop(OPERATOR, shop(idempotency_key="k"))
    for _ in range(2):
        users.suspend_shop(OPERATOR, {"shop_id": opened["shop_id"]})
    users.restore_shop(OPERATOR, {"shop_id": opened["shop_id"]})
    log = users.list_operator_log(OPERATOR, {})["items"][::-1]
    assert [entry["action"] for entry in log] == ["shop.open", "shop.suspend", "shop.restore"]
    assert {entry["about"] for entry in log} == {f"shop {opened['shop_id']}"}
    assert {entry["actor"] for entry in log} == {str(OPERATOR.user_id)}
    assert (log[1]["before"], log[1]["after"]) == ({"state": "approved"}, {"state": "suspended"})


def test_a_shop_without_an_owner_is_neither_suspended_nor_restored(users):
    opened = users.open_shop(OPERATOR, shop())
    for move in (users.suspend_shop, users.restore_shop):
        with pytest.raises(TransitionNotAllowed):
            move(OPERATOR, {"shop_id": opened["shop_id"]})


def test_an_operator_sees_shops_in_every_state_with_their_invitations(users):
    owned_shop(users, OPERATOR, signed_in(users), slug="desk-1")
    users.open_shop(OPERATOR, shop(slug="desk-2"))
    page = users.list_all_shops(OPERATOR, {})["items"]
    seen = [(s["slug"], s["state"], s["invitation"]["accepted_at"] is not None) for s in page]
    assert seen == [("desk-1", "approved", True), ("desk-2", "invited", False)]
    assert "token" not in str(page)
    waiting = users.list_all_shops(OPERATOR, {"state": "invited"})["items"]
    assert [s["slug"] for s in waiting] == ["desk-2"]


def test_an_operator_finds_shops_by_the_beginning_of_slug_or_name(users):
    owned_shop(users, OPERATOR, signed_in(users), slug="desk-1", name="整洁书桌")
    users.open_shop(OPERATOR, shop(slug="desk-2", name="Little Otter"))
    users.open_shop(OPERATOR, shop(slug="otters", name="100% 棉"))
    found = lambda q, **which: [s["slug"] for s in users.list_all_shops(OPERATOR, {"q": q, **which})["items"]]  # noqa: E731
    assert found("desk") == ["desk-1", "desk-2"]
    assert found("desk", state="invited") == ["desk-2"]
    assert found("整洁") == ["desk-1"]
    assert found("LITTLE ot") == ["desk-2"]
    assert found("ott") == ["otters"]
    assert found("100%") == ["otters"]
    assert found("%") == found("_") == found("tters") == found("书桌") == []
    first = users.list_all_shops(OPERATOR, {"q": "desk", "limit": 1})
    assert found("desk", cursor=first["next"]) == ["desk-2"]


def test_the_beginning_of_slug_or_name_is_found_by_indexes(open_work):
    with open_work() as work:
        work.connection.execute(text("SET LOCAL enable_seqscan = off"))
        wanted = sa.select(shop_table.c.shop_id).where(_begins("desk"))
        compiled = wanted.compile(work.connection, compile_kwargs={"literal_binds": True})
        plan = "".join(work.connection.exec_driver_sql(f"EXPLAIN {compiled}").scalars())
    assert "shop_by_slug" in plan
    assert "shop_by_name" in plan


def test_an_unknown_shop_is_not_found(users):
    for call, caller in (
        (users.get_shop, ANONYMOUS),
        (users.suspend_shop, OPERATOR),
        (users.restore_shop, OPERATOR),
    ):
        with pytest.raises(ShopNotFound):
            call(caller, {"shop_id": str(new_id())})


def test_shops_are_listed_page_by_page(users):
    owner = signed_in(users)
    slugs = [owned_shop(users, OPERATOR, owner, slug=f"desk-{n}")["slug"] for n in range(5)]
    seen, cursor = [], None
    while True:
        page = users.list_shops(ANONYMOUS, {"limit": 2, "cursor": cursor})
        seen += [s["slug"] for s in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == slugs


def test_one_address_is_the_default(users):
    mei = signed_in(users)
    first = users.add_address(mei, address())
    second = users.add_address(mei, address(street="古墩路 1 号", is_default=True))
    assert [a["is_default"] for a in users.list_addresses(mei, {})["items"]] == [False, True]
    users.change_address(mei, address(address_id=first["address_id"], is_default=True))
    users.remove_address(mei, {"address_id": second["address_id"]})
    assert users.list_addresses(mei, {})["items"] == [first]


def test_adding_an_address_twice_with_one_key_keeps_one(users):
    mei = signed_in(users)
    request = address(idempotency_key="home")
    assert users.add_address(mei, request) == users.add_address(mei, request)
    assert len(users.list_addresses(mei, {})["items"]) == 1


def test_several_requests_can_be_answered_within_one_work_each_by_its_own_key(users, open_work):
    mei = signed_in(users)
    adding = Answering(AddAddress, Addresses.add_address.__wrapped__, None)
    requests = [adding.read(users, {**address(), "idempotency_key": key}) for key in ("a", "b", "a")]
    with open_work() as work:
        first, second, repeated = (adding.within(users, work, mei, request) for request in requests)
    assert repeated == first != second
    assert users.list_addresses(mei, {})["items"] == [first, second]


def test_another_accounts_address_is_not_found(users):
    mei = signed_in(users)
    hua = signed_in(users, email="hua@example.com")
    mine = users.add_address(mei, address())
    with pytest.raises(AddressNotFound):
        users.change_address(hua, address(address_id=mine["address_id"], is_default=True))
    with pytest.raises(AddressNotFound):
        users.remove_address(hua, {"address_id": mine["address_id"]})
    assert users.list_addresses(mei, {})["items"] == [mine]


def test_an_account_has_a_limited_number_of_addresses(users):
    mei = signed_in(users)
    for _ in range(MOST_ADDRESSES):
        users.add_address(mei, address())
    with pytest.raises(AddressLimitReached):
        users.add_address(mei, address())
