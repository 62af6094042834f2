"""The pricing rules, one file per rule, in the order in which they are applied."""

from marketing.pricing.model.rules.coupon import coupon
from marketing.pricing.model.rules.list_price import list_price
from marketing.pricing.model.rules.shipping import shipping
from marketing.pricing.model.state import Rule

RULES: tuple[Rule, ...] = (list_price, coupon, shipping)

__all__ = ["RULES"]
