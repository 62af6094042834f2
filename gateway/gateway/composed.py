"""Views that the gateway joins from the answers of two services."""

from dataclasses import dataclass
from enum import StrEnum

from shared import manifest
from shared.contracts.catalog.views import SkuCard
from shared.contracts.marketing import views
from shared.contracts.operating import views as operating
from shared.contracts.operating.requests import ListDeadLetters, ListOperatorLog
from shared.contracts.orders import views as orders
from shared.contracts.payments.views import Payment
from shared.shapes import text


class StockCode(StrEnum):
    """Whether the quantity is available now."""

    AVAILABLE = "available"
    SHORT = "short"


@dataclass(frozen=True, kw_only=True)
class LineStock:
    """Whether a line is available now, and how many units are. Nothing is reserved."""

    code: StockCode
    available: int


@dataclass(frozen=True, kw_only=True)
class QuoteLine(views.QuoteLine):
    """A line of a quote; `stock` is null while catalog is unavailable."""

    stock: LineStock | None


@dataclass(frozen=True, kw_only=True)
class ShopQuote(views.ShopQuote):
    """The part of one shop: total = goods - discount + shipping; becomes one order."""

    lines: tuple[QuoteLine, ...]


@dataclass(frozen=True, kw_only=True)
class Quote(views.Quote):
    """A price that is valid until `expires_at`, with the reasons of all amounts; order at it with `token`."""

    shops: tuple[ShopQuote, ...]


@dataclass(frozen=True, kw_only=True)
class CartLine(orders.CartLine):
    """A SKU with its quantity; `sku` is null if catalog does not know it, or is unavailable."""

    sku: SkuCard | None


@dataclass(frozen=True, kw_only=True)
class Cart(orders.Cart):
    """A cart; a shopper's own has no id before its first line. `version` grows when its lines change."""

    lines: tuple[CartLine, ...]


@dataclass(frozen=True, kw_only=True)
class MergedCart(Cart):
    """The shopper's cart after a merge, and the guest's lines that were not merged."""

    not_merged: tuple[orders.UnmergedLine, ...]


@dataclass(frozen=True, kw_only=True)
class PaidCheckout(orders.Checkout):
    """A checkout with its payment, null while there is none, or payments is unavailable."""

    payment: Payment | None


class Service(StrEnum):
    """A service of the system."""

    vars().update({name.upper(): name for name in sorted(manifest.get().service_names)})


@dataclass(frozen=True, kw_only=True)
class ListDeadLettersOfServices(ListDeadLetters):
    """List dead letters of a service, state, topic or exception; of all services if none is given."""

    service: str | None = text(20, default=None)


@dataclass(frozen=True, kw_only=True)
class ListOperatorLogOfServices(ListOperatorLog):
    """List operator actions of a service, or of all; by the object (`about`), action, actor and time."""

    service: str | None = text(20, default=None)


@dataclass(frozen=True, kw_only=True)
class DeadLetterOfService(operating.DeadLetter):
    """A message that its consumer gave up, and why. `retried`: how often it was retried before."""

    service: Service


@dataclass(frozen=True, kw_only=True)
class DeadLetterDetailOfService(operating.DeadLetterDetail):
    """A dead letter with its `body`, or its `text` if that is not a JSON object. Personal data is masked."""

    service: Service


@dataclass(frozen=True, kw_only=True)
class DeadLettersRetriedOfService(operating.DeadLettersRetried):
    """The number of retried ones, and of unreadable ones, which stay open; `next` is null if there are no more."""

    service: Service


@dataclass(frozen=True, kw_only=True)
class DeadLettersArchivedOfService(operating.DeadLettersArchived):
    """The number of archived ones; `next` is null if there are no more."""

    service: Service


@dataclass(frozen=True, kw_only=True)
class DeadLetterGroupOfService(operating.DeadLetterGroup):
    """Dead letters of a service, topic and exception; `too_old` of them can only be archived."""

    service: Service


@dataclass(frozen=True, kw_only=True)
class DeadLetterGroups:
    """The groups of all services, the largest first; services that did not answer are `unanswered`."""

    items: tuple[DeadLetterGroupOfService, ...]
    unanswered: tuple[Service, ...]


@dataclass(frozen=True, kw_only=True)
class SwitchOfService(operating.Switch):
    """A switch with the service that owns it."""

    service: Service


@dataclass(frozen=True, kw_only=True)
class Switches:
    """The switches of all services; services that did not answer are `unanswered`."""

    items: tuple[SwitchOfService, ...]
    unanswered: tuple[Service, ...]


@dataclass(frozen=True, kw_only=True)
class LogEntryOfService(operating.LogEntry):
    """An operator action: actor, action, object, reason, and the states before and after."""

    service: Service


@dataclass(frozen=True, kw_only=True)
class DeadLetters:
    """A page of dead letters; services that did not answer are `unanswered`."""

    items: tuple[DeadLetterOfService, ...]
    next: str | None
    unanswered: tuple[Service, ...]


@dataclass(frozen=True, kw_only=True)
class OperatorLog:
    """A page of the operator log; services that did not answer are `unanswered`."""

    items: tuple[LogEntryOfService, ...]
    next: str | None
    unanswered: tuple[Service, ...]
