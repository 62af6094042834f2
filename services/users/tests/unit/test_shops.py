from datetime import UTC, datetime

import pytest

from shared.ids import new_id
from users.shops.model import Shop, ShopState, SlugInvalid, check_slug


def shop(**known):
    defaults = {
        "shop_id": new_id(),
        "slug": "tidy-desk",
        "name": "整洁书桌",
        "owner_id": new_id(),
        "state": ShopState.APPROVED,
        "version": 1,
        "opened_at": datetime.now(UTC),
    }
    return Shop(**{**defaults, **known})


def test_a_suspension_increments_the_version():
    suspended = shop().move(ShopState.SUSPENDED)
    assert (suspended.state, suspended.version) == (ShopState.SUSPENDED, 2)


def test_suspending_again_changes_nothing():
    suspended = shop(state=ShopState.SUSPENDED)
    assert suspended.move(ShopState.SUSPENDED) is suspended


@pytest.mark.parametrize("slug", ["", "-desk", "desk-", "tidy--desk", "Tidy", "书桌", "a b"])
def test_an_invalid_slug_is_refused(slug):
    with pytest.raises(SlugInvalid):
        check_slug(slug)
