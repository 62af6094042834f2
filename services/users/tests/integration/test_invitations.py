"""The token of an invitation, and nothing else, makes an account the owner of a shop."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from services.users.tests.builders import shop, sign_in, signed_in
from shared.auth import ANONYMOUS, Caller
from shared.contracts.users import ShopApproved
from shared.errors import Refusal
from shared.ids import new_id
from shared.permissions import Role
from shared.testing import published
from users.shops.model import (
    LIFETIME,
    InvitationAccepted,
    InvitationExpired,
    InvitationNotFound,
    InvitationRevoked,
    ShopNotFound,
    TransitionNotAllowed,
)

OPERATOR = Caller(user_id=new_id(), roles=frozenset({Role.OPERATOR}))


@pytest.fixture
def opened(users):
    return users.open_shop(OPERATOR, shop())


def accept(users, caller, token):
    return users.accept_invitation(caller, {"token": token})


def renew(users, opened, email="mei.lin@example.com", **more):
    return users.invite_owner(OPERATOR, {"shop_id": opened["shop_id"], "owner_email": email, **more})


def test_an_account_that_registered_the_invited_address_first_does_not_get_the_shop(users, open_work):
    stranger = signed_in(users)
    opened = users.open_shop(OPERATOR, shop())
    assert users.get_me(stranger, {})["shops"] == []
    assert sign_in(users).shops == frozenset()
    assert [m for m in published(open_work) if isinstance(m, ShopApproved)] == []
    invited = signed_in(users, email="mei@home.example.com")
    accept(users, invited, opened["token"])
    assert [s["shop_id"] for s in users.get_me(invited, {})["shops"]] == [opened["shop_id"]]
    assert users.get_me(stranger, {})["shops"] == []


def test_a_shop_without_an_owner_is_not_public(users, opened):
    assert opened["state"] == "invited"
    assert users.list_shops(ANONYMOUS, {})["items"] == []
    with pytest.raises(ShopNotFound):
        users.get_shop(ANONYMOUS, {"shop_id": opened["shop_id"]})


def test_an_invitation_is_accepted_once_and_repeated_only_by_the_same_account(users, opened, open_work):
    mei, hua = signed_in(users), signed_in(users, email="hua@example.com")
    assert accept(users, mei, opened["token"]) == accept(users, mei, opened["token"])
    with pytest.raises(InvitationAccepted):
        accept(users, hua, opened["token"])
    assert [m.owner_id for m in published(open_work) if isinstance(m, ShopApproved)] == [mei.user_id]


def test_four_accounts_that_accept_concurrently_make_one_owner(users, opened):
    people = [signed_in(users, email=f"p{n}@example.com") for n in range(4)]

    def attempt(person):
        try:
            return accept(users, person, opened["token"])
        except InvitationAccepted:
            return None

    with ThreadPoolExecutor(4) as pool:
        accepted = [owned for owned in pool.map(attempt, people) if owned]
    assert len(accepted) == 1
    assert sum(len(users.get_me(person, {})["shops"]) for person in people) == 1


def test_a_new_invitation_replaces_the_earlier_one(users, opened):
    mei = signed_in(users)
    second = renew(users, opened)
    with pytest.raises(InvitationRevoked):
        accept(users, mei, opened["token"])
    accept(users, mei, second["token"])
    with pytest.raises(TransitionNotAllowed):
        renew(users, opened)


def test_a_revoked_invitation_is_not_accepted(users, opened):
    for _ in range(2):
        users.revoke_invitation(OPERATOR, {"shop_id": opened["shop_id"]})
    with pytest.raises(InvitationRevoked):
        accept(users, signed_in(users), opened["token"])


def test_an_invitation_expires(users, opened, open_work):
    with open_work() as work:
        earlier = text("UPDATE shop_invitation SET expires_at = expires_at - :by")
        work.connection.execute(earlier, {"by": LIFETIME + timedelta(seconds=1)})
    with pytest.raises(InvitationExpired):
        accept(users, signed_in(users), opened["token"])


@pytest.mark.parametrize("token", ["x", "é" * 43, "0" * 100])
def test_an_unknown_token_is_refused(users, opened, token):
    with pytest.raises(InvitationNotFound):
        accept(users, signed_in(users), token)


def test_an_invitation_is_accepted_only_by_a_signed_in_account(users, opened):
    with pytest.raises(Refusal) as refused:
        accept(users, ANONYMOUS, opened["token"])
    assert refused.value.code == "unauthenticated"


def test_the_token_of_the_link_is_returned_once_and_not_stored(users, open_work):
    request = shop(idempotency_key="open")
    opened, again = users.open_shop(OPERATOR, request), users.open_shop(OPERATOR, request)
    assert again == {**opened, "token": None}
    renewed = renew(users, opened, idempotency_key="renew")
    assert renew(users, opened, idempotency_key="renew")["token"] is None
    with open_work() as work:
        tables = ("idempotency", "shop_invitation", "outbox", "operator_log")
        kept = [work.connection.execute(text(f"SELECT * FROM {table}")).all() for table in tables]
    assert opened["token"] not in str(kept)
    assert renewed["token"] not in str(kept)
