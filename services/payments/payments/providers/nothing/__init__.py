"""Nothing to pay: discounts cover everything, and the payment is captured as zero at once, without calls."""

from payments.providers.declaration import Capabilities, Collection, Custody, Declaration, ServedMethod
from shared.contracts.payments import Method, PayActionKind
from shared.contracts.texts import BilingualName

NOTHING = Declaration(
    name="nothing",
    methods=(
        ServedMethod(
            name=Method.NOTHING,
            title=BilingualName(zh="无需付款", en="Nothing to pay"),
            action=PayActionKind.NONE,
            offered=False,
        ),
    ),
    custody=Custody.PLATFORM,
    collection=Collection.NOTHING,
    capabilities=Capabilities(refunds=False, partial_refunds=False, notifications=False),
)
