"""A provider that does not exist, as a folder of `payments/providers` would be: payers are sent to its page."""

from payments.providers.declaration import (
    Acknowledgement,
    Capabilities,
    Collection,
    Custody,
    Declaration,
    ServedMethod,
)
from services.payments.tests.imaginary.adapter import ImaginaryPay
from services.payments.tests.imaginary.server import ImaginaryServer
from shared.contracts.payments import Method, PayActionKind
from shared.contracts.texts import BilingualName


def declared(server: ImaginaryServer) -> Declaration:
    """Its declaration, for a server in memory where a real one would have settings."""
    return Declaration(
        name="imaginary",
        methods=(
            ServedMethod(
                name=Method.WECHAT,
                title=BilingualName(zh="想象支付", en="Imaginary Pay"),
                action=PayActionKind.REDIRECT,
            ),
        ),
        custody=Custody.PROVIDER,
        collection=Collection.PREPAID,
        capabilities=Capabilities(),
        acknowledgement=Acknowledgement(media_type="text/plain", body="ok"),
        connect=lambda: ImaginaryPay(server),
    )
