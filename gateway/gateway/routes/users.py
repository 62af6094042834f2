"""Accounts, sessions, addresses, shops, and the operator's shops with their invitations."""

from gateway import browser_sessions, devices, order_numbers
from gateway.browser_sessions import BrowserSession
from gateway.limits import Limit
from gateway.route import create, delete, get, patch, post, put, tagged
from shared.contracts.orders.finding import FindOrders
from shared.contracts.sagas import requests as s
from shared.contracts.users import people
from shared.contracts.users import requests as u

DEVICE = {"device": devices.of}
ADDRESS = "/me/addresses/{address_id:uuid}"
SHOP = "/operator/shops/{shop_id:uuid}"
MERCHANT_SHOP = "/merchant/shops/{shop_id:uuid}"
INVITATION = f"{SHOP}/invitation"
ACCOUNT = "/operator/accounts/{user_id:uuid}"
ERASURE = f"{ACCOUNT}/erasure"
SAGA = "/operator/users/sagas/{saga_id:uuid}"

ROUTES = [
    *tagged(
        "Accounts",
        create("/accounts", u.Register, "Create an account"),
        post("/sessions", u.SignIn, "Sign in", status=201, taken=DEVICE),
        post("/sessions/refresh", u.Refresh, "Refresh a session"),
        post("/password-recoveries", u.RequestRecovery, "Request a link to set a new password"),
        post("/password-recoveries/complete", u.RecoverPassword, "Set a new password by a link"),
        post(
            browser_sessions.PATH,
            u.SignIn,
            "Sign in in a browser",
            status=201,
            name="sign_in_browser",
            raw=browser_sessions.SIGN_IN,
            taken=DEVICE,
            answers=BrowserSession,
        ),
        post(
            f"{browser_sessions.PATH}/refresh",
            u.Refresh,
            "Refresh the session of a browser",
            status=201,
            name="refresh_browser",
            raw=browser_sessions.REFRESH,
            answers=BrowserSession,
        ),
        limits=(Limit.SIGN_IN, Limit.REQUESTS),
    ),
    *tagged(
        "Accounts",
        delete("/sessions/current", u.SignOut, "Sign out"),
        delete(
            f"{browser_sessions.PATH}/current",
            u.SignOut,
            "Sign out in a browser",
            name="sign_out_browser",
            raw=browser_sessions.SIGN_OUT,
        ),
        get("/sessions", u.ListSessions, "List the devices on which I am signed in"),
        delete("/sessions/others", u.EndOtherSessions, "Sign out on all other devices"),
        delete("/sessions/{session_id:uuid}", u.EndSession, "Sign out on a device"),
        get("/me", u.GetMe, "Show my account"),
        get("/me/addresses", u.ListAddresses, "List my addresses"),
        create("/me/addresses", u.AddAddress, "Add an address"),
        put(ADDRESS, u.ChangeAddress, "Replace an address"),
        delete(ADDRESS, u.RemoveAddress, "Remove an address"),
        patch("/me", u.ChangeMe, "Change my name"),
        put("/me/password", u.ChangePassword, "Change my password"),
        post("/me/erasure", u.RequestErasure, "Request the erasure of my account"),
        get("/me/erasure", u.GetErasure, "Show the state of my account's erasure"),
        delete("/me/erasure", u.WithdrawErasure, "Withdraw my request for erasure"),
        post("/shop-invitations/accept", u.AcceptInvitation, "Accept the invitation to own a shop"),
    ),
    *tagged(
        "Messages",
        get("/me/messages", u.ListMessages, "List my messages"),
        post("/me/messages/{message_id:uuid}/read", u.ReadMessage, "Mark a message as read"),
        post("/me/messages/read", u.ReadAllMessages, "Mark all my messages as read"),
        get("/me/message-preferences", u.GetMessagePreferences, "Show my message preferences"),
        put("/me/message-preferences", u.ChangeMessagePreferences, "Replace my message preferences"),
    ),
    *tagged(
        "Shops",
        get("/shops", u.ListShops, "List the active shops"),
        get("/shops/{shop_id:uuid}", u.GetShop, "Show a shop"),
        get(MERCHANT_SHOP, u.GetMerchantShop, "Show a shop to its merchants"),
        put(MERCHANT_SHOP, u.ChangeShop, "Change a shop's name and description", versioned=True),
    ),
    *tagged(
        "Operating",
        get("/operator/shops", u.ListAllShops, "List all shops"),
        create("/operator/shops", u.OpenShop, "Open a shop"),
        create(INVITATION, u.InviteOwner, "Replace the invitation to own a shop"),
        delete(INVITATION, u.RevokeInvitation, "Revoke the invitation to own a shop"),
        post(f"{SHOP}/suspend", u.SuspendShop, "Suspend a shop"),
        post(f"{SHOP}/restore", u.RestoreShop, "Lift the suspension of a shop"),
        post(
            "/operator/accounts/find",
            people.FindPeople,
            "Find a person by an exact value",
            compose=order_numbers.find_people,
            joins=(FindOrders.contract.method,),
        ),
        get(ACCOUNT, people.GetPerson, "Show a person"),
        post(f"{ACCOUNT}/reveal", people.RevealPerson, "Show a person's address and name in full"),
        post(ERASURE, u.EraseAccount, "Request the erasure of an account"),
        get(ERASURE, u.GetAccountErasure, "Show the state of an account's erasure"),
    ),
    *tagged(
        "Sagas",
        get("/operator/users/sagas", s.ListSagas, "List sagas of accounts", rpc_method="users.list_sagas"),
        get(SAGA, s.GetSaga, "Show a saga of an account with its time line", rpc_method="users.get_saga"),
        post(f"{SAGA}/resume", s.ResumeSaga, "Resume a saga of an account", rpc_method="users.resume_saga"),
        post(
            f"{SAGA}/skip",
            s.SkipSaga,
            "Skip the current step of a saga of an account",
            rpc_method="users.skip_saga",
        ),
        post(f"{SAGA}/cancel", s.CancelSaga, "Cancel a saga of an account", rpc_method="users.cancel_saga"),
    ),
]
