"""The interface of shops for other modules of users."""

from users.shops.model import Duty, Shop
from users.shops.views import own_shop

__all__ = ["Duty", "Shop", "own_shop"]
