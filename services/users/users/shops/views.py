"""What is shown of shops and of invitations to own one."""

from shared.contracts.users import views
from users.shops.model import Duty, Invitation, Shop


def shop(shown: Shop) -> views.Shop:
    """A shop for everybody."""
    return views.Shop(
        shop_id=shown.shop_id,
        slug=shown.slug,
        name=shown.name,
        state=views.ShopState(shown.state),
        opened_at=shown.opened_at,
    )


def invited_shop(shown: Shop, newest: Invitation | None) -> views.InvitedShop:
    """A shop for an operator, with the newest invitation to own it."""
    return views.InvitedShop(**vars(shop(shown)), invitation=invitation(newest) if newest else None)


def opened_shop(shown: Shop, first: Invitation, token: str) -> views.OpenedShop:
    """A shop that waits for its owner, and the token of the link to send to them."""
    return views.OpenedShop(**vars(shop(shown)), invitation=invitation(first), token=token)


def invitation(shown: Invitation) -> views.Invitation:
    """An invitation without its token, which is kept nowhere."""
    return views.Invitation(
        invitation_id=shown.invitation_id,
        shop_id=shown.shop_id,
        email=shown.email,
        created_at=shown.created_at,
        expires_at=shown.expires_at,
        accepted_at=shown.accepted_at,
        revoked_at=shown.revoked_at,
    )


def new_invitation(shown: Invitation, token: str) -> views.NewInvitation:
    """An invitation, and the token of the link to send to the invited person."""
    return views.NewInvitation(**vars(invitation(shown)), token=token)


def own_shop(shown: Shop, duty: Duty) -> views.OwnShop:
    """A shop for somebody who works for it."""
    return views.OwnShop(**vars(shop(shown)), duty=views.ShopDuty(duty))
