"""The declaration of WeChat Pay."""

from payments.providers.declaration import (
    Acknowledgement,
    Capabilities,
    Collection,
    Custody,
    Declaration,
    ServedMethod,
)
from payments.providers.interface import Provider
from payments.providers.wechat.adapter import WeChatPay
from payments.providers.wechat.merchant import Merchant
from shared import settings
from shared.contracts.payments import Method, PayActionKind
from shared.contracts.texts import BilingualName


def connect() -> Provider | None:
    """The adapter; None if WECHAT_MCHID is not set. Raises MissingSetting if other settings are missing."""
    return WeChatPay(Merchant.from_environment()) if settings.is_set("WECHAT_MCHID") else None


WECHAT = Declaration(
    name="wechat",
    methods=(
        ServedMethod(
            name=Method.WECHAT,
            title=BilingualName(zh="微信支付", en="WeChat Pay"),
            action=PayActionKind.QR_CODE,
        ),
    ),
    custody=Custody.PLATFORM,
    collection=Collection.PREPAID,
    capabilities=Capabilities(),
    acknowledgement=Acknowledgement(body='{"code": "SUCCESS"}'),
    connect=connect,
)
