"""Pay actions: what a shopper does to pay, as a union tagged by `kind`. Clients have a screen for each kind."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from shared.money import Money
from shared.shapes import tag


class PayActionKind(StrEnum):
    """The kinds of pay action."""

    QR_CODE = "qr_code"
    REDIRECT = "redirect"
    FORM = "form"
    BANK_INSTRUCTIONS = "bank_instructions"
    NONE = "none"


class FormMethod(StrEnum):
    """The HTTP method of a form."""

    GET = "GET"
    POST = "POST"


@dataclass(frozen=True, kw_only=True)
class QrCode:
    """Show a QR code with this content, which the payer scans in the provider's app."""

    kind: Literal["qr_code"] = tag("qr_code")
    content: str


@dataclass(frozen=True, kw_only=True)
class Redirect:
    """Send the browser to the provider's page."""

    kind: Literal["redirect"] = tag("redirect")
    url: str


@dataclass(frozen=True, kw_only=True)
class Form:
    """Have the browser submit a form with hidden fields to the provider's page."""

    kind: Literal["form"] = tag("form")
    url: str
    method: FormMethod
    fields: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class BankInstructions:
    """Show the bank account for the payer's transfer, which must contain `reference`."""

    kind: Literal["bank_instructions"] = tag("bank_instructions")
    account_holder: str
    bank: str
    account_number: str
    reference: str
    amount: Money


@dataclass(frozen=True, kw_only=True)
class NoAction:
    """Nothing to do, or nothing yet."""

    kind: Literal["none"] = tag("none")


PayAction = QrCode | Redirect | Form | BankInstructions | NoAction
