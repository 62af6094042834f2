"""How a call ends that is not done: the two exceptions that an adapter raises."""


class ProviderRefused(Exception):
    """The provider understood and said no; asking again changes nothing. `code` is the provider's own."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} ({detail})" if detail else code)
        self.code, self.detail = code, detail


class ProviderSilent(Exception):
    """Nobody knows what the provider did: ask again with the same number, or query."""
