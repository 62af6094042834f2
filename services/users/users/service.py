"""What may be asked of users."""

from typing import Any

from eventlet import tpool

from shared import auth, shapes
from shared.audited import Audited
from shared.auth import Caller
from shared.db import Database
from shared.entrypoints import rpc
from shared.operated import Operated
from shared.permissions import Role
from shared.retained import Retention
from users import queries, schemas
from users.domain.invitations import new_token
from users.passwords import PLACES, Passwords
from users.retention import RULES
from users.use_cases import accounts, addresses, invitations, sessions, shops
from users.work import Work

Json = dict[str, Any]

# Every thread that ever hashed keeps the 19 MiB it took: 268 MB resident with eventlet's usual twenty.
tpool.set_num_threads(PLACES)


class UsersService(Operated, Audited):
    """Accounts, sessions, roles, addresses and shops."""

    name = "users"

    secrets = (auth.read_private_key,)

    work = Database(Work)
    retention = Retention(RULES)
    passwords = Passwords(run=tpool.execute)

    # accounts and sessions

    @rpc(allow=Role.ANYONE)
    def register(self, caller: Caller, request: Json) -> Json:
        wish = shapes.load(schemas.Register, request)
        hashed = accounts.hash_new(self.passwords, wish)
        with self.work() as work:
            return work.once(
                caller,
                "register",
                wish.idempotency_key,
                wish.fingerprint(auth.derived_key("idempotency")),
                lambda: queries.account_document(accounts.register(work, wish, hashed)),
            )

    @rpc(allow=Role.ANYONE)
    def sign_in(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        return queries.tokens(*sessions.sign_in(self.work, self.passwords, shapes.load(schemas.SignIn, request)))

    @rpc(allow=Role.ANYONE)
    def refresh(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        return queries.tokens(*sessions.refresh(self.work, shapes.load(schemas.Refresh, request).refresh_token))

    @rpc(allow=Role.SHOPPER)
    def sign_out(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            sessions.sign_out(work, caller)
        return {}

    @rpc(allow=Role.SHOPPER)
    def me(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return queries.me(work, caller)

    # addresses

    @rpc(allow=Role.SHOPPER)
    def list_addresses(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return queries.addresses(work, caller.account)

    @rpc(allow=Role.SHOPPER)
    def add_address(self, caller: Caller, request: Json) -> Json:
        wish = shapes.load(schemas.NewAddress, request)
        with self.work() as work:
            return work.once(
                caller,
                "add_address",
                wish.idempotency_key,
                request,
                lambda: queries.address_document(addresses.add(work, caller.account, wish)),
            )

    @rpc(allow=Role.SHOPPER)
    def change_address(self, caller: Caller, request: Json) -> Json:
        wish = shapes.load(schemas.ChangeAddress, request)
        with self.work() as work:
            return queries.address_document(addresses.change(work, caller.account, wish))

    @rpc(allow=Role.SHOPPER)
    def remove_address(self, caller: Caller, request: Json) -> Json:
        with self.work() as work:
            addresses.remove(work, caller.account, shapes.load(schemas.OfAddress, request).address_id)
        return {}

    # shops

    @rpc(allow=Role.ANYONE)
    def list_shops(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return queries.shops(work, shapes.load(schemas.Page, request))

    @rpc(allow=Role.ANYONE)
    def get_shop(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return queries.shop(work, shapes.load(schemas.OfShop, request).shop_id)

    @rpc(allow=Role.OPERATOR, noted="shop.open")
    def open_shop(self, caller: Caller, request: Json) -> Json:
        wish, token = shapes.load(schemas.OpenShop, request), new_token()
        with self.work() as work:
            return work.once(
                caller,
                "open_shop",
                wish.idempotency_key,
                request,
                lambda: queries.opened_shop(*shops.open_shop(work, wish, token), token),
                shown_once=["token"],
            )

    @rpc(allow=Role.OPERATOR, noted="shop.list", reads=True)
    def list_all_shops(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return queries.all_shops(work, shapes.load(schemas.AnyShops, request))

    @rpc(allow=Role.OPERATOR, noted="shop.invite")
    def invite_owner(self, caller: Caller, request: Json) -> Json:
        wish, token = shapes.load(schemas.InviteOwner, request), new_token()
        with self.work() as work:
            return work.once(
                caller,
                "invite_owner",
                wish.idempotency_key,
                request,
                lambda: queries.invitation_document(
                    invitations.renew(work, wish.shop_id, wish.owner_email, token), token
                ),
                shown_once=["token"],
            )

    @rpc(allow=Role.OPERATOR, noted="shop.revoke_invitation")
    def revoke_invitation(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            invitations.revoke(work, shapes.load(schemas.OfShop, request).shop_id)
        return {}

    @rpc(allow=Role.SHOPPER)
    def accept_invitation(self, caller: Caller, request: Json) -> Json:
        wish = shapes.load(schemas.AcceptInvitation, request)
        with self.work() as work:
            return queries.shop_document(invitations.accept(work, caller.account, wish.token))

    @rpc(allow=Role.OPERATOR, noted="shop.suspend")
    def suspend_shop(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return queries.shop_document(shops.suspend_shop(work, shapes.load(schemas.OfShop, request).shop_id))

    @rpc(allow=Role.OPERATOR, noted="shop.restore")
    def restore_shop(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return queries.shop_document(shops.restore_shop(work, shapes.load(schemas.OfShop, request).shop_id))
