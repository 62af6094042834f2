"""The headers of a request as the server passes them on: read without an object for each request."""

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> str | None:
    """The first value of a header, if it was sent; the name in lower case."""
    for sent, value in scope["headers"]:
        if sent == name:
            return str(value, "latin-1")
    return None


def values(scope: Scope, name: bytes) -> list[str]:
    """All values of a header, in the order in which they were sent; the name in lower case."""
    return [str(value, "latin-1") for sent, value in scope["headers"] if sent == name]
