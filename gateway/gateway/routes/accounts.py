"""Accounts, sessions, addresses, shops."""

from gateway.limits import Limit
from gateway.route import SHOPPER, create, delete, get, post, put, tagged
from gateway.schemas import accounts as a
from gateway.schemas.lists import Page, page_of

ADDRESS = "/me/addresses/{address_id:uuid}"

ROUTES = [
    *tagged(
        "Accounts",
        create("/accounts", "users.register", "Open an account", body=a.Registration, answers=a.Account),
        post("/sessions", "users.sign_in", "Sign in", body=a.Credentials, answers=a.Tokens, status=201),
        post("/sessions/refresh", "users.refresh", "Stay signed in", body=a.RefreshToken, answers=a.Tokens),
        limits=(Limit.SIGN_IN, Limit.REQUESTS),
    ),
    *tagged(
        "Accounts",
        delete("/sessions/current", "users.sign_out", "Sign out"),
        get("/me", "users.me", "Who am I", answers=a.Me),
        get("/me/addresses", "users.list_addresses", "My addresses", answers=page_of(a.Address)),
        create("/me/addresses", "users.add_address", "Keep an address", body=a.AddressText, answers=a.Address),
        put(ADDRESS, "users.change_address", "Write an address anew", body=a.AddressText, answers=a.Address),
        delete(ADDRESS, "users.remove_address", "Remove an address"),
        post(
            "/shop-invitations/accept",
            "users.accept_invitation",
            "Accept to own a shop",
            body=a.InvitationToken,
            answers=a.Shop,
        ),
        who=SHOPPER,
    ),
    *tagged(
        "Shops",
        get("/shops", "users.list_shops", "Shops that sell", query=Page, answers=page_of(a.Shop)),
        get("/shops/{shop_id:uuid}", "users.get_shop", "One shop", answers=a.Shop),
    ),
]
