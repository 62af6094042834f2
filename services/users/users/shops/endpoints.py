"""RPC methods of shops: public ones, and those for invited owners and operators."""

from shared.auth import Caller
from shared.contracts.pages import Page
from shared.contracts.users.requests import (
    AcceptInvitation,
    ChangeShop,
    GetMerchantShop,
    GetShop,
    InviteOwner,
    ListAllShops,
    ListShops,
    OpenShop,
    RestoreShop,
    RevokeInvitation,
    SuspendShop,
)
from shared.contracts.users.views import InvitedShop, MerchantShop, NewInvitation, OpenedShop, Shop
from shared.entrypoints import answers
from users.shops import queries, use_cases, views
from users.shops.model import new_token
from users.work import Work


class Shops:
    """Shops with their profiles, the invitations to own them, and their suspension."""

    @answers(ListShops)
    def list_shops(self, work: Work, _caller: Caller, request: ListShops) -> Page[Shop]:
        return queries.list_shops(work, request)

    @answers(GetShop)
    def get_shop(self, work: Work, _caller: Caller, request: GetShop) -> Shop:
        return queries.shop(work, request.shop_id)

    @answers(GetMerchantShop)
    def get_merchant_shop(self, work: Work, caller: Caller, request: GetMerchantShop) -> MerchantShop:
        return views.merchant_shop(use_cases.own_shop(work, caller, request.shop_id))

    @answers(ChangeShop)
    def change_shop(self, work: Work, caller: Caller, request: ChangeShop) -> MerchantShop:
        return views.merchant_shop(use_cases.change_shop(work, caller, request))

    @answers(AcceptInvitation)
    def accept_invitation(self, work: Work, caller: Caller, request: AcceptInvitation) -> Shop:
        return views.shop(use_cases.accept_invitation(work, caller.account, request.token))

    @answers(ListAllShops)
    def list_all_shops(self, work: Work, _caller: Caller, request: ListAllShops) -> Page[InvitedShop]:
        return queries.list_all_shops(work, request)

    @answers(OpenShop)
    def open_shop(self, work: Work, _caller: Caller, request: OpenShop) -> OpenedShop:
        token = new_token()
        return views.opened_shop(*use_cases.open_shop(work, request, token), token)

    @answers(InviteOwner)
    def invite_owner(self, work: Work, _caller: Caller, request: InviteOwner) -> NewInvitation:
        token = new_token()
        invitation = use_cases.renew_invitation(work, request.shop_id, request.owner_email, token)
        return views.new_invitation(invitation, token)

    @answers(RevokeInvitation)
    def revoke_invitation(self, work: Work, _caller: Caller, request: RevokeInvitation) -> None:
        use_cases.revoke_invitation(work, request.shop_id)

    @answers(SuspendShop)
    def suspend_shop(self, work: Work, _caller: Caller, request: SuspendShop) -> Shop:
        return views.shop(use_cases.suspend_shop(work, request.shop_id))

    @answers(RestoreShop)
    def restore_shop(self, work: Work, _caller: Caller, request: RestoreShop) -> Shop:
        return views.shop(use_cases.restore_shop(work, request.shop_id))
