"""What a kind of benefit does at each step of a checkout, and the kinds that are registered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from marketing.benefits.model.benefits import HoldRefusal


class BenefitKind(Protocol):
    """One kind of benefit in one transaction. `benefit` is its dataclass in the contract.

    What it is given are benefits of its own kind, each once. `hold` comes after a `check` without refusals, in the
    same transaction; each later step comes once for a checkout, and only after the one before it.
    """

    benefit: type[Any]

    def rights(self, buyer_id: UUID, wanted: Sequence[Any]) -> Sequence[Any]:
        """What the benefits entitle the buyer to now, for the rules of pricing. Raises a Refusal of its own."""

    def check(self, buyer_id: UUID, wanted: Sequence[Any]) -> Mapping[Any, HoldRefusal]:
        """Lock what is wanted, in an order that everybody keeps; return why which of it cannot be held."""

    def hold(self, checkout_id: UUID, buyer_id: UUID, wanted: Sequence[Any]) -> None:
        """Set aside for the checkout alone."""

    def release(self, checkout_id: UUID, held: Sequence[Any]) -> None:
        """Give back what was held and not used."""

    def redeem(self, checkout_id: UUID, held: Sequence[Any]) -> None:
        """Use up what was held."""

    def restore(self, checkout_id: UUID, held: Sequence[Any]) -> None:
        """The whole checkout was cancelled before shipping: give back what of this kind comes back then."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The registered kinds by name; whoever locks rows of several kinds does so in this order."""

    by_name: Mapping[str, BenefitKind]

    def of(self, benefits: Iterable[Any]) -> Iterator[tuple[BenefitKind, Sequence[Any]]]:
        """Benefits by their kind, each once."""
        wanted = list(dict.fromkeys(benefits))
        for name, kind in self.by_name.items():
            if own := [each for each in wanted if each.kind == name]:
                yield kind, own

    def rights(self, buyer_id: UUID, benefits: Iterable[Any]) -> dict[str, Sequence[Any]]:
        """What benefits entitle the buyer to now, by the name of the kind. Raises what the kinds raise."""
        return {kind.benefit.kind: kind.rights(buyer_id, own) for kind, own in self.of(benefits)}

    def check(self, buyer_id: UUID, benefits: Iterable[Any]) -> dict[Any, HoldRefusal]:
        """Which benefits cannot be held, and why."""
        found: dict[Any, HoldRefusal] = {}
        for kind, own in self.of(benefits):
            found.update(kind.check(buyer_id, own))
        return found
