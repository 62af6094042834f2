"""What comes back when a service is asked: its result, its refusal, or why there is none."""

from typing import Any

from shared.errors import Kind, Refusal, Unavailable


class Refused(Refusal):
    """A service said no, for its own reason."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error.get("detail") or "", code=error["code"], **error.get("facts") or {})
        self.kind = Kind(error["kind"])
        self.is_specific = bool(error.get("is_specific"))


class ServiceFailed(Exception):
    """A service met an error of its own; its log says more."""


class ServiceUnavailable(Unavailable):
    """The service does not run at the moment; ask again."""

    code = "service_unavailable"


class NoAnswer(Unavailable):
    """The service did not answer in time; ask again."""

    code = "deadline_passed"


def result(answer: dict[str, Any]) -> Any:
    """The result in an answer. Raises Refused, or ServiceFailed for a fault of the service."""
    error = answer["error"]
    if error is None:
        return answer["result"]
    if error.get("kind") not in set(Kind):
        raise ServiceFailed(error.get("exc_type"))
    raise Refused(error)
