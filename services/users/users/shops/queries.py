"""Reads shops."""

from uuid import UUID

from shared.contracts.pages import ListRequest, Page
from shared.contracts.users import views as answers
from shared.contracts.users.requests import ListAllShops, ListShops
from users.shops import views
from users.shops.model import Shop, ShopNotFound, ShopState
from users.work import Work


def list_shops(work: Work, request: ListShops) -> Page[answers.Shop]:
    """A page of approved shops."""
    shops, following = _page(work, request, ShopState.APPROVED)
    return Page(items=tuple(map(views.shop, shops)), next=following)


def list_all_shops(work: Work, request: ListAllShops) -> Page[answers.InvitedShop]:
    """A page of all shops, or of those in one state, each with its newest invitation."""
    state = ShopState(request.state) if request.state else None
    shops, following = _page(work, request, state, request.q)
    newest = work.invitations.latest_of([shop.shop_id for shop in shops])
    items = tuple(views.invited_shop(shop, newest.get(shop.shop_id)) for shop in shops)
    return Page(items=items, next=following)


def shop(work: Work, shop_id: UUID) -> answers.Shop:
    """A shop, approved or suspended. Raises ShopNotFound, also for a shop without an owner."""
    found = work.shops.get(shop_id)
    if found is None or found.state is ShopState.INVITED:
        raise ShopNotFound
    return views.shop(found)


def _page(
    work: Work, request: ListRequest, state: ShopState | None, begins: str | None = None
) -> tuple[list[Shop], str | None]:
    """The shops of a page, and the cursor of the next one."""
    found = work.shops.in_state(state, request.cursor, request.limit + 1, begins)
    shops = found[: request.limit]
    return shops, str(shops[-1].shop_id) if len(found) > request.limit else None
