"""What a process keeps of the services' answers and events, while it is connected to the broker."""

from dataclasses import dataclass, field

from gateway.cache import AnswerCache
from gateway.payments import NewPayments
from gateway.route import Json
from gateway.sku_cards import SkuCards
from shared.contracts.catalog import AvailabilityChanged


@dataclass
class Memory:
    """Cached answers, the cards of SKUs among them, and the payments of new checkouts."""

    answers: AnswerCache = field(default_factory=AnswerCache)
    payments: NewPayments = field(default_factory=NewPayments)

    def __post_init__(self) -> None:
        self.cards = SkuCards(self.answers)

    def open(self) -> None:
        """Events are received from now on."""
        self.answers.open()

    def close(self) -> None:
        """Events are no longer received: keep nothing."""
        self.answers.close()
        self.payments.clear()

    def told(self, topic: str, event: Json) -> None:
        """Take over what an event tells, besides the ids in which something has changed."""
        self.payments.changed(event)
        if topic == AvailabilityChanged.topic:
            self.cards.changed(event)
