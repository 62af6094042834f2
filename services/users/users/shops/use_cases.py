"""Use cases of shops: opening, invitations of owners, suspension and restoration.

A shop is locked before its invitations.
"""

from typing import Any
from uuid import UUID

from shared import operator_actions
from shared.auth import Caller
from shared.contracts.users import ShopApproved, ShopChanged, ShopSuspended
from shared.contracts.users.requests import ChangeShop, OpenShop
from shared.ids import new_id
from users.accounts.front import check_name, normalise_email
from users.erasure.front import check_not_being_erased
from users.shops.model import (
    LIFETIME,
    Invitation,
    InvitationNotFound,
    Profile,
    Shop,
    ShopNotFound,
    ShopState,
    SlugTaken,
    TransitionNotAllowed,
    check_slug,
    digest_of,
)
from users.work import Work


def open_shop(work: Work, request: OpenShop, token: str) -> tuple[Shop, Invitation]:
    """Open a shop, which may sell once its invited owner has accepted.

    Raises SlugInvalid, NameInvalid, EmailInvalid, SlugTaken.
    """
    new = Shop(
        shop_id=new_id(),
        slug=check_slug(request.slug),
        name=check_name(request.name),
        owner_id=None,
        state=ShopState.INVITED,
        version=1,
        opened_at=work.now,
    )
    if not work.shops.add(new):
        raise SlugTaken
    operator_actions.describe(about=f"shop {new.shop_id}", slug=new.slug)
    return new, _invite(work, new, request.owner_email, token)


def renew_invitation(work: Work, shop_id: UUID, email: str, token: str) -> Invitation:
    """Replace the invitation of a shop that has no owner yet.

    Raises ShopNotFound, TransitionNotAllowed, EmailInvalid.
    """
    return _invite(work, _without_owner(work, shop_id), email, token)


def revoke_invitation(work: Work, shop_id: UUID) -> Shop:
    """Revoke the pending invitation of a shop, if there is one.

    Raises ShopNotFound, TransitionNotAllowed.
    """
    shop = _without_owner(work, shop_id)
    work.invitations.revoke(shop_id, work.now)
    return shop


def accept_invitation(work: Work, user_id: UUID, token: str) -> Shop:
    """Make this account the owner of the invitation's shop; the same account may repeat it.

    Raises InvitationNotFound, InvitationAccepted, InvitationRevoked, InvitationExpired, ErasureRunning.
    """
    check_not_being_erased(work, user_id)
    found = work.invitations.of_token(token)
    shop = work.shops.get(found.shop_id, lock=True) if found else None
    invitation = work.invitations.of_token(token)  # read again under the lock
    if shop is None or invitation is None:
        raise InvitationNotFound
    if invitation.accepted_by == user_id:
        return shop
    invitation.check_open(work.now)
    work.invitations.accept(invitation.invitation_id, user_id, work.now)
    return _set_owner(work, shop.accepted_by(user_id))


def suspend_shop(work: Work, shop_id: UUID) -> Shop:
    """Suspend a shop; no effect if it is suspended. Raises ShopNotFound, TransitionNotAllowed."""
    shop = _locked(work, shop_id)
    suspended = shop.move(ShopState.SUSPENDED)
    if suspended is not shop:
        work.shops.save(suspended)
        work.publish(ShopSuspended(shop_id=shop_id, version=suspended.version))
    return suspended


def restore_shop(work: Work, shop_id: UUID) -> Shop:
    """Restore a suspended shop; no effect if it is approved. Raises ShopNotFound, TransitionNotAllowed."""
    shop = _locked(work, shop_id)
    if shop.state is ShopState.INVITED:  # only the acceptance of its invitation approves it
        raise TransitionNotAllowed(state=shop.state)
    restored = shop.move(ShopState.APPROVED)
    if restored is not shop:
        work.shops.save(restored)
        work.publish(_approved(restored))
    return restored


def change_shop(work: Work, caller: Caller, request: ChangeShop) -> Shop:
    """Replace the profile of the caller's shop; the same profile again changes nothing.

    Raises ShopNotFound, Forbidden, VersionOutdated, ShopSuspended, NameInvalid.
    """
    shop = own_shop(work, caller, request.shop_id, lock=True)
    operator_actions.watch(lambda: {"version": shop.version})
    profile = Profile(
        name=check_name(request.name),
        name_en=request.name_en,
        description_zh=request.description.zh,
        description_en=request.description.en,
    )
    changed = shop.described(profile, request.version)
    if changed is not shop:
        work.shops.save(changed)
        work.publish(_changed(changed))
        operator_actions.describe(changed_to=changed.version)
    return changed


def own_shop(work: Work, caller: Caller, shop_id: UUID, *, lock: bool = False) -> Shop:
    """A shop that the caller works for. Raises ShopNotFound, Forbidden."""
    shop = work.shops.get(shop_id, lock=lock)
    if shop is None:
        raise ShopNotFound
    caller.require_shop(shop_id)
    return shop


def _changed(shop: Shop) -> ShopChanged:
    return ShopChanged(shop_id=shop.shop_id, name=shop.name, name_en=shop.name_en, version=shop.version)


def _invite(work: Work, shop: Shop, email: str, token: str) -> Invitation:
    """Create an invitation to own a locked shop, and revoke the earlier one.

    Raises EmailInvalid.
    """
    work.invitations.revoke(shop.shop_id, work.now)
    invitation = Invitation(
        invitation_id=new_id(),
        shop_id=shop.shop_id,
        email=normalise_email(email),
        token_digest=digest_of(token),
        created_at=work.now,
        expires_at=work.now + LIFETIME,
    )
    work.invitations.add(invitation)
    operator_actions.describe(invitation_id=str(invitation.invitation_id))
    return invitation


def _set_owner(work: Work, shop: Shop) -> Shop:
    work.shops.save(shop)
    work.shops.add_owner(shop)
    work.publish(_approved(shop))
    return shop


def _approved(shop: Shop) -> ShopApproved:
    """The event that a shop may sell."""
    assert shop.owner_id
    return ShopApproved(
        shop_id=shop.shop_id, owner_id=shop.owner_id, slug=shop.slug, name=shop.name, version=shop.version
    )


def _without_owner(work: Work, shop_id: UUID) -> Shop:
    shop = work.shops.get(shop_id, lock=True)
    if shop is None:
        raise ShopNotFound
    if shop.state is not ShopState.INVITED:
        raise TransitionNotAllowed(state=shop.state)
    return shop


def _locked(work: Work, shop_id: UUID) -> Shop:
    shop = work.shops.get(shop_id, lock=True)
    if shop is None:
        raise ShopNotFound
    operator_actions.watch(lambda: _logged_state(work, shop_id))
    return shop


def _logged_state(work: Work, shop_id: UUID) -> dict[str, Any]:
    shop = work.shops.get(shop_id)
    return {"state": shop.state} if shop else {}
