"""Cash on delivery: the carrier collects the money. No provider is called."""

from payments.providers.declaration import Capabilities, Collection, Custody, Declaration, ServedMethod
from shared.contracts.payments import Method, PayActionKind
from shared.contracts.texts import BilingualName

CASH_ON_DELIVERY = Declaration(
    name="cash_on_delivery",
    methods=(
        ServedMethod(
            name=Method.CASH_ON_DELIVERY,
            title=BilingualName(zh="货到付款", en="Cash on delivery"),
            action=PayActionKind.NONE,
        ),
    ),
    custody=Custody.PLATFORM,
    collection=Collection.AT_DELIVERY,
    capabilities=Capabilities(refunds=False, partial_refunds=False, notifications=False),
)
