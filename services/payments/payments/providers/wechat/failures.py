"""WeChat Pay's error codes as ProviderFailure.

Codes: https://pay.weixin.qq.com/doc/v3/merchant/4012791877 (native), 4012791903 (refunds).
"""

from collections.abc import Mapping

from payments.providers.interface import ProviderFailure, ProviderRefused

FAILURES: Mapping[str, ProviderFailure] = {
    "ORDERPAID": ProviderFailure.ALREADY_PAID,
    "ORDER_CLOSED": ProviderFailure.ALREADY_CLOSED,
    "OUT_TRADE_NO_USED": ProviderFailure.NUMBER_IN_USE,
    "ORDERNOTEXIST": ProviderFailure.NOT_FOUND,
    "ORDER_NOT_EXIST": ProviderFailure.NOT_FOUND,
    "RESOURCE_NOT_EXISTS": ProviderFailure.NOT_FOUND,
    "USER_ACCOUNT_ABNORMAL": ProviderFailure.PAYER_ACCOUNT_UNAVAILABLE,
    "ACCOUNT_ERROR": ProviderFailure.PAYER_ACCOUNT_UNAVAILABLE,
    "NOT_ENOUGH": ProviderFailure.BALANCE_INSUFFICIENT,
    "AMOUNT_LIMIT": ProviderFailure.AMOUNT_INVALID,
    "PARAM_ERROR": ProviderFailure.REQUEST_INVALID,
    "INVALID_REQUEST": ProviderFailure.REQUEST_INVALID,
    "FREQUENCY_LIMITED": ProviderFailure.RATE_LIMITED,
    "FREQUENCY_LIMIT_EXCEED": ProviderFailure.RATE_LIMITED,
    "NO_AUTH": ProviderFailure.NOT_PERMITTED,
    "RULE_LIMIT": ProviderFailure.NOT_PERMITTED,
    "MCH_NOT_EXISTS": ProviderFailure.NOT_PERMITTED,
    "APPID_MCHID_NOT_MATCH": ProviderFailure.NOT_PERMITTED,
}


def refused(code: str, detail: str = "") -> ProviderRefused:
    """The refusal for a code of WeChat Pay; REJECTED for a code that is not listed."""
    return ProviderRefused(FAILURES.get(code, ProviderFailure.REJECTED), code, detail)
