"""Views of shops and invitations."""

from shared.contracts.texts import BilingualText
from shared.contracts.users import views
from users.shops.model import Duty, Invitation, Shop


def merchant_shop(shown: Shop) -> views.MerchantShop:
    """A shop as its merchants see it."""
    return views.MerchantShop(**vars(shop(shown)), version=shown.version)


def shop(shown: Shop) -> views.Shop:
    """The public view of a shop."""
    return views.Shop(
        shop_id=shown.shop_id,
        slug=shown.slug,
        name=shown.name,
        name_en=shown.name_en,
        description=BilingualText(zh=shown.description_zh, en=shown.description_en),
        state=views.ShopState(shown.state),
        opened_at=shown.opened_at,
    )


def invited_shop(shown: Shop, newest: Invitation | None) -> views.InvitedShop:
    """A shop as an operator sees it, with its newest invitation."""
    return views.InvitedShop(**vars(shop(shown)), invitation=invitation(newest) if newest else None)


def opened_shop(shown: Shop, first: Invitation, token: str) -> views.OpenedShop:
    """A new shop, with the token of the link to send to its owner."""
    return views.OpenedShop(**vars(shop(shown)), invitation=invitation(first), token=token)


def invitation(shown: Invitation) -> views.Invitation:
    """An invitation; its token is not stored."""
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
    """An invitation, with the token of the link to send to the invited address."""
    return views.NewInvitation(**vars(invitation(shown)), token=token)


def own_shop(shown: Shop, duty: Duty) -> views.OwnShop:
    """A shop as its member sees it."""
    return views.OwnShop(**vars(shop(shown)), duty=views.ShopDuty(duty))
