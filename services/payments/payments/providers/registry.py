"""The payment providers of the service, by name and by method."""

from collections.abc import Iterator

from payments.providers.declaration import Collection, Declaration, ServedMethod
from payments.providers.interface import Provider, ProviderSilent
from shared.money import Money


class Registry:
    """What the service's list of providers comes to where it runs: enabled are those whose settings are there.

    The list has each name once, and one provider of payments of nothing at all.
    """

    def __init__(self, *declared: Declaration) -> None:
        self.declared = {each.name: each for each in declared}
        if len(self.declared) < len(declared):
            raise ValueError("two payment providers have one name")
        self.adapters: dict[str, Provider] = {}  # by provider, once connected
        (self.nothing,) = (each for each in declared if each.collection is Collection.NOTHING)

    def connect(self) -> list[str]:
        """Make the adapters of all providers whose settings are there; return the names of the enabled ones.

        Raises what a provider's `connect` does when its settings are incomplete or weak.
        """
        for each in self.declared.values():
            adapter = each.connect() if each.connect else None
            if adapter is not None:
                self.adapters[each.name] = adapter
        return [each.name for each in self.declared.values() if self.is_enabled(each)]

    def is_enabled(self, declared: Declaration) -> bool:
        """Whether a provider can be used here."""
        return declared.connect is None or declared.name in self.adapters

    def enabled(self, name: str) -> Declaration | None:
        """The provider of this name, if it can be used here."""
        found = self.declared.get(name)
        return found if found and self.is_enabled(found) else None

    def serving(self, method: str, amount: Money) -> Declaration | None:
        """The provider that opens a payment by this method: the first enabled one; None where there is none.

        A payment of nothing at all needs none of them, however it was to be paid.
        """
        if not amount:
            return self.nothing
        return next((each for each, served, enabled in self.methods() if enabled and served.name == method), None)

    def adapter(self, name: str) -> Provider:
        """What calls this provider. Raises ProviderSilent where it is not set up: it may be so again."""
        if name not in self.adapters:
            raise ProviderSilent(f"{name} is not set up here")
        return self.adapters[name]

    def can_refund(self, name: str, amount: Money, whole: Money) -> bool:
        """Whether this provider sends so much of a whole payment back. One that is not here may be able to."""
        found = self.declared.get(name)
        return found is None or found.capabilities.can_refund(amount, whole)

    def methods(self) -> Iterator[tuple[Declaration, ServedMethod, bool]]:
        """All ways to pay, each with its provider and whether that can be used here."""
        for each in self.declared.values():
            for served in each.methods:
                yield each, served, self.is_enabled(each)
