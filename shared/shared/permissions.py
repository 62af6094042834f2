"""The permissions that requests need, and the roles that have them.

A request names its permission in its contract (`shared.requests`); the gateway and the service look it up here. A
merchant has the permissions of shops only for their own shops, which `Caller.require_shop` checks; an operator has
them for every shop, and their use is logged (`shared.operator_actions`).
"""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """The role of an account. ANYONE needs no account."""

    ANYONE = "anyone"
    SHOPPER = "shopper"
    MERCHANT = "merchant"
    OPERATOR = "operator"
    AUDITOR = "auditor"  # a process: it reads ids and sums, no personal data


class Permission(StrEnum):
    """`area.action`. New ones are added to the table below, which grants them to roles."""

    PUBLIC = "public"
    ACCOUNT_OWN = "account.own"
    ACCOUNTS_READ = "accounts.read"
    ACCOUNTS_ERASE = "accounts.erase"
    ADDRESSES_OWN = "addresses.own"
    SHOPS_MANAGE = "shops.manage"
    SHOP_PROFILE_EDIT = "shop_profile.edit"
    CATALOG_EDIT = "catalog.edit"
    CATALOG_IMPORT = "catalog.import"
    STOCK_ADJUST = "stock.adjust"
    CART_OWN = "cart.own"
    ORDERS_PLACE = "orders.place"
    ORDERS_OWN = "orders.own"
    REFUNDS_REQUEST = "refunds.request"
    ORDERS_READ = "orders.read"
    ORDERS_ACCEPT = "orders.accept"
    ORDERS_SHIP = "orders.ship"
    REFUNDS_DECIDE = "refunds.decide"
    REFUND_POLICY_SET = "refund_policy.set"
    ORDERS_FIND = "orders.find"
    CARRIER_REPORTS_DECIDE = "carrier_reports.decide"
    SAGA_READ = "saga.read"
    SAGA_RESUME = "saga.resume"
    SAGA_SKIP = "saga.skip"
    SAGA_CANCEL = "saga.cancel"
    PAYMENT_OWN = "payment.own"
    PAYMENTS_READ = "payments.read"
    LEDGER_READ = "ledger.read"
    REFUNDS_SETTLE = "refunds.settle"
    RECEIPTS_ASSIGN = "receipts.assign"
    QUOTES_REQUEST = "quotes.request"
    COUPONS_OWN = "coupons.own"
    COUPONS_MANAGE = "coupons.manage"
    DEAD_LETTERS_MANAGE = "dead_letters.manage"
    OPERATOR_LOG_READ = "operator_log.read"
    SWITCHES_MANAGE = "switches.manage"
    STATUS_READ = "status.read"
    AUDIT_READ = "audit.read"
    AUDIT_REPAIR = "audit.repair"
    AUDIT_REPORT = "audit.report"
    AUDITS_READ = "audits.read"
    AUDITS_REPAIR = "audits.repair"


SHOPPERS = frozenset({Role.SHOPPER})
SHOPS = frozenset({Role.MERCHANT, Role.OPERATOR})  # within a shop
PLATFORM = frozenset({Role.OPERATOR})
AUDITORS = frozenset({Role.AUDITOR})
REPAIRERS = frozenset({Role.AUDITOR, Role.OPERATOR})

_BY_ROLES: Mapping[frozenset[Role], frozenset[Permission]] = {
    frozenset({Role.ANYONE}): frozenset({Permission.PUBLIC}),
    SHOPPERS: frozenset(
        {
            Permission.ACCOUNT_OWN,
            Permission.ADDRESSES_OWN,
            Permission.CART_OWN,
            Permission.ORDERS_PLACE,
            Permission.ORDERS_OWN,
            Permission.REFUNDS_REQUEST,
            Permission.PAYMENT_OWN,
            Permission.QUOTES_REQUEST,
            Permission.COUPONS_OWN,
        }
    ),
    SHOPS: frozenset(
        {
            Permission.SHOP_PROFILE_EDIT,
            Permission.CATALOG_EDIT,
            Permission.CATALOG_IMPORT,
            Permission.STOCK_ADJUST,
            Permission.ORDERS_READ,
            Permission.ORDERS_ACCEPT,
            Permission.ORDERS_SHIP,
            Permission.REFUNDS_DECIDE,
            Permission.REFUND_POLICY_SET,
            Permission.COUPONS_MANAGE,
        }
    ),
    PLATFORM: frozenset(
        {
            Permission.ACCOUNTS_READ,
            Permission.ACCOUNTS_ERASE,
            Permission.SHOPS_MANAGE,
            Permission.ORDERS_FIND,
            Permission.CARRIER_REPORTS_DECIDE,
            Permission.SAGA_READ,
            Permission.SAGA_RESUME,
            Permission.SAGA_SKIP,
            Permission.SAGA_CANCEL,
            Permission.PAYMENTS_READ,
            Permission.LEDGER_READ,
            Permission.REFUNDS_SETTLE,
            Permission.RECEIPTS_ASSIGN,
            Permission.DEAD_LETTERS_MANAGE,
            Permission.OPERATOR_LOG_READ,
            Permission.SWITCHES_MANAGE,
            Permission.STATUS_READ,
            Permission.AUDITS_READ,
            Permission.AUDITS_REPAIR,
        }
    ),
    AUDITORS: frozenset({Permission.AUDIT_READ, Permission.AUDIT_REPORT}),
    REPAIRERS: frozenset({Permission.AUDIT_REPAIR}),
}
GRANTED: Mapping[Permission, frozenset[Role]] = {
    permission: roles for roles, permissions in _BY_ROLES.items() for permission in permissions
}
