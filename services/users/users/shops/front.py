"""What other modules of users may use."""

from users.shops.model import Duty, Shop
from users.shops.views import own_shop

__all__ = ["Duty", "Shop", "own_shop"]
