"""The two exceptions that an adapter raises for a failed call."""


class ProviderRefused(Exception):
    """The provider refused; a retry would not change that. `code` is the provider's own."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} ({detail})" if detail else code)
        self.code, self.detail = code, detail


class ProviderSilent(Exception):
    """No usable answer: the outcome is unknown. Retry with the same number, or query."""
