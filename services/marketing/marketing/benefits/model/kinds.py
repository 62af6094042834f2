"""The interface of a kind of benefit, and the registered kinds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from marketing.benefits.model.benefits import HoldRefusal


class BenefitKind(Protocol):
    """One kind of benefit in one transaction. `benefit` is its dataclass in the contract.

    Methods get benefits of their own kind, each once. `hold` is called after a `check` without refusals, in the
    same transaction; each later step is called once per checkout, and only after the one before it.
    """

    benefit: type[Any]

    def rights(self, buyer_id: UUID, wanted: Sequence[Any]) -> Sequence[Any]:
        """The buyer's rights by these benefits, for the pricing rules. Raises a Refusal of the kind's own."""

    def check(self, buyer_id: UUID, wanted: Sequence[Any]) -> Mapping[Any, HoldRefusal]:
        """Lock the benefits, in an order common to all callers; return those that cannot be held, and why."""

    def hold(self, checkout_id: UUID, buyer_id: UUID, wanted: Sequence[Any]) -> None:
        """Reserve the benefits for the checkout."""

    def release(self, checkout_id: UUID, held: Sequence[Any]) -> None:
        """Release what was held."""

    def redeem(self, checkout_id: UUID, held: Sequence[Any]) -> None:
        """Mark what was held as used."""

    def restore(self, checkout_id: UUID, held: Sequence[Any]) -> None:
        """Restore what this kind restores when the whole checkout is cancelled before shipping."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The registered kinds by name; rows of several kinds are locked in this order."""

    by_name: Mapping[str, BenefitKind]

    def of(self, benefits: Iterable[Any]) -> Iterator[tuple[BenefitKind, Sequence[Any]]]:
        """The benefits grouped by kind, each once."""
        wanted = list(dict.fromkeys(benefits))
        for name, kind in self.by_name.items():
            if own := [each for each in wanted if each.kind == name]:
                yield kind, own

    def rights(self, buyer_id: UUID, benefits: Iterable[Any]) -> dict[str, Sequence[Any]]:
        """The buyer's rights by these benefits, by the name of the kind. Raises what the kinds raise."""
        return {kind.benefit.kind: kind.rights(buyer_id, own) for kind, own in self.of(benefits)}

    def check(self, buyer_id: UUID, benefits: Iterable[Any]) -> dict[Any, HoldRefusal]:
        """Which benefits cannot be held, and why."""
        found: dict[Any, HoldRefusal] = {}
        for kind, own in self.of(benefits):
            found.update(kind.check(buyer_id, own))
        return found
