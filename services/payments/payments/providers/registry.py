"""The payment providers of the service, by name and by method."""

from collections.abc import Iterator

from payments.providers.declaration import Collection, Declaration, ServedMethod
from payments.providers.interface import Provider, ProviderSilent
from shared.money import Money


class Registry:
    """The declared providers of the service; those whose settings are present are enabled.

    Names are unique, and exactly one provider collects nothing. Raises ValueError otherwise.
    """

    def __init__(self, *declared: Declaration) -> None:
        self.declared = {each.name: each for each in declared}
        if len(self.declared) < len(declared):
            raise ValueError("two payment providers have one name")
        self.adapters: dict[str, Provider] = {}  # by provider, once connected
        (self.nothing,) = (each for each in declared if each.collection is Collection.NOTHING)

    def connect(self) -> list[str]:
        """Make the adapters of all providers whose settings are present; return the names of the enabled ones.

        Raises what a provider's `connect` raises for incomplete or weak settings.
        """
        for each in self.declared.values():
            adapter = each.connect() if each.connect else None
            if adapter is not None:
                self.adapters[each.name] = adapter
        return [each.name for each in self.declared.values() if self.is_enabled(each)]

    def is_enabled(self, declared: Declaration) -> bool:
        """Whether a provider is enabled."""
        return declared.connect is None or declared.name in self.adapters

    def enabled(self, name: str) -> Declaration | None:
        """The provider of this name, or None if it is not enabled."""
        found = self.declared.get(name)
        return found if found and self.is_enabled(found) else None

    def serving(self, method: str, amount: Money) -> Declaration | None:
        """The first enabled provider of this method; None if there is none.

        A payment of zero is served by `nothing`, whatever its method.
        """
        if not amount:
            return self.nothing
        return next((each for each, served, enabled in self.methods() if enabled and served.name == method), None)

    def may_collect_at_delivery(self, method: str | None) -> bool:
        """Whether a declared provider of this method collects at delivery; also if the method is unknown."""
        of_method = [each for each, served, _ in self.methods() if served.name == method]
        return not of_method or any(each.collection is Collection.AT_DELIVERY for each in of_method)

    def adapter(self, name: str) -> Provider:
        """The adapter of this provider. Raises ProviderSilent without one, since it may be configured again."""
        if name not in self.adapters:
            raise ProviderSilent(f"{name} is not configured")
        return self.adapters[name]

    def can_refund(self, name: str, amount: Money, whole: Money) -> bool:
        """Whether this provider can refund this amount of a whole payment; true for an undeclared provider."""
        found = self.declared.get(name)
        return found is None or found.capabilities.can_refund(amount, whole)

    def methods(self) -> Iterator[tuple[Declaration, ServedMethod, bool]]:
        """All payment methods, each with its provider and whether that is enabled."""
        for each in self.declared.values():
            for served in each.methods:
                yield each, served, self.is_enabled(each)
