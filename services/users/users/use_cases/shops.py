"""Letting shops sell, and stopping them."""

from uuid import UUID

from shared.contracts.users import ShopApproved, ShopSuspended
from shared.ids import new_id
from users.domain.accounts import UnknownAccount, check_name, normalise_email
from users.domain.shops import Shop, ShopState, SlugTaken, UnknownShop, check_slug
from users.schemas import OpenShop
from users.work import Work


def open_shop(work: Work, wish: OpenShop) -> Shop:
    """Open a shop for somebody who has an account. Raises NoSlug, SlugTaken, UnknownAccount."""
    owner = work.accounts.of_email(normalise_email(wish.owner_email))
    if owner is None:
        raise UnknownAccount
    new = Shop(
        shop_id=new_id(),
        slug=check_slug(wish.slug),
        name=check_name(wish.name),
        owner_id=owner.user_id,
        state=ShopState.APPROVED,
        version=1,
        opened_at=work.now,
    )
    if not work.shops.add(new):
        raise SlugTaken
    work.say(_approved(new))
    return new


def suspend_shop(work: Work, shop_id: UUID) -> Shop:
    """Stop a shop from selling; harmless when it does not. Raises UnknownShop."""
    shop = work.shops.get(shop_id, lock=True)
    if shop is None:
        raise UnknownShop
    suspended = shop.move(ShopState.SUSPENDED)
    if suspended is not shop:
        work.shops.save(suspended)
        work.say(ShopSuspended(shop_id=shop_id, version=suspended.version))
    return suspended


def _approved(shop: Shop) -> ShopApproved:
    return ShopApproved(
        shop_id=shop.shop_id, owner_id=shop.owner_id, slug=shop.slug, name=shop.name, version=shop.version
    )
