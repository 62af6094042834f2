"""An imaginary provider, structured like a folder of `payments/providers`: payers are redirected to its page."""

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
    """Its declaration, with a server in memory instead of settings."""
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
