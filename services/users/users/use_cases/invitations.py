"""Inviting somebody to own a shop, and accepting it. The shop is locked before its invitations."""

from uuid import UUID

from shared import acts
from shared.contracts.users import ShopApproved
from shared.ids import new_id
from users.domain.accounts import normalise_email
from users.domain.invitations import LIFETIME, Invitation, InvitationNotFound, digest_of
from users.domain.shops import Shop, ShopState, UnknownShop, WrongShopMove
from users.work import Work


def invite(work: Work, shop: Shop, email: str, token: str) -> Invitation:
    """Invite the person at this address to own a locked shop; an earlier invitation is revoked. Raises NoEmail."""
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
    acts.tell(invitation_id=str(invitation.invitation_id))
    return invitation


def renew(work: Work, shop_id: UUID, email: str, token: str) -> Invitation:
    """Replace the invitation of a shop that has no owner yet. Raises UnknownShop, WrongShopMove, NoEmail."""
    return invite(work, _waiting(work, shop_id), email, token)


def revoke(work: Work, shop_id: UUID) -> Shop:
    """Let nobody accept the shop's invitation; harmless when there is none. Raises UnknownShop, WrongShopMove."""
    shop = _waiting(work, shop_id)
    work.invitations.revoke(shop_id, work.now)
    return shop


def accept(work: Work, user_id: UUID, token: str) -> Shop:
    """Make this account the owner; accepting again is harmless for the one who did.

    Raises InvitationNotFound, InvitationAccepted, InvitationRevoked, InvitationExpired.
    """
    found = work.invitations.of_token(token)
    shop = work.shops.get(found.shop_id, lock=True) if found else None
    invitation = work.invitations.of_token(token)  # again, as it stands under the lock
    if shop is None or invitation is None:
        raise InvitationNotFound
    if invitation.accepted_by == user_id:
        return shop
    invitation.check_open(work.now)
    work.invitations.accept(invitation.invitation_id, user_id, work.now)
    return _hand_over(work, shop.accepted_by(user_id))


def _hand_over(work: Work, shop: Shop) -> Shop:
    work.shops.save(shop)
    work.shops.add_owner(shop)
    work.say(approved(shop))
    return shop


def approved(shop: Shop) -> ShopApproved:
    """What the other services are told of a shop that may sell."""
    assert shop.owner_id
    return ShopApproved(
        shop_id=shop.shop_id, owner_id=shop.owner_id, slug=shop.slug, name=shop.name, version=shop.version
    )


def _waiting(work: Work, shop_id: UUID) -> Shop:
    shop = work.shops.get(shop_id, lock=True)
    if shop is None:
        raise UnknownShop
    if shop.state is not ShopState.INVITED:
        raise WrongShopMove(state=shop.state)
    return shop
