"""Opening shops, stopping them, and letting them sell again."""

from typing import Any
from uuid import UUID

from shared import acts
from shared.contracts.users import ShopSuspended
from shared.ids import new_id
from users.domain.accounts import check_name
from users.domain.invitations import Invitation
from users.domain.shops import Shop, ShopState, SlugTaken, UnknownShop, WrongShopMove, check_slug
from users.schemas import OpenShop
from users.use_cases import invitations
from users.work import Work


def open_shop(work: Work, wish: OpenShop, token: str) -> tuple[Shop, Invitation]:
    """Open a shop that sells once its invited owner has accepted. Raises NoSlug, NoName, NoEmail, SlugTaken."""
    new = Shop(
        shop_id=new_id(),
        slug=check_slug(wish.slug),
        name=check_name(wish.name),
        owner_id=None,
        state=ShopState.INVITED,
        version=1,
        opened_at=work.now,
    )
    if not work.shops.add(new):
        raise SlugTaken
    acts.tell(about=f"shop {new.shop_id}", slug=new.slug)
    return new, invitations.invite(work, new, wish.owner_email, token)


def suspend_shop(work: Work, shop_id: UUID) -> Shop:
    """Stop a shop from selling; harmless when it does not. Raises UnknownShop, WrongShopMove."""
    shop = _locked(work, shop_id)
    suspended = shop.move(ShopState.SUSPENDED)
    if suspended is not shop:
        work.shops.save(suspended)
        work.say(ShopSuspended(shop_id=shop_id, version=suspended.version))
    return suspended


def restore_shop(work: Work, shop_id: UUID) -> Shop:
    """Let a suspended shop sell again; harmless when it does. Raises UnknownShop, WrongShopMove."""
    shop = _locked(work, shop_id)
    if shop.state is ShopState.INVITED:  # only its owner's acceptance opens it
        raise WrongShopMove(state=shop.state)
    restored = shop.move(ShopState.APPROVED)
    if restored is not shop:
        work.shops.save(restored)
        work.say(invitations.approved(restored))
    return restored


def _locked(work: Work, shop_id: UUID) -> Shop:
    shop = work.shops.get(shop_id, lock=True)
    if shop is None:
        raise UnknownShop
    acts.watch(lambda: _standing(work, shop_id))
    return shop


def _standing(work: Work, shop_id: UUID) -> dict[str, Any]:
    shop = work.shops.get(shop_id)
    return {"state": shop.state} if shop else {}
