"""The outcome of an RPC call: the result, a refusal, or the reason why there is none."""

from typing import Any

from shared.errors import Kind, Refusal, Unavailable


class Refused(Refusal):
    """A service refused the request."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error.get("detail") or "", code=error["code"], **error.get("facts") or {})
        self.kind = Kind(error["kind"])
        self.is_specific = bool(error.get("is_specific"))


class ServiceFailed(Exception):
    """A service failed with an internal error; details are in its log."""


class ServiceUnavailable(Unavailable):
    """The service is not running; try again."""

    code = "service_unavailable"


class NoAnswer(Unavailable):
    """The service did not answer in time; try again."""

    code = "deadline_passed"


def result(answer: dict[str, Any]) -> Any:
    """The result in an answer. Raises Refused, or ServiceFailed for an internal error of the service."""
    error = answer["error"]
    if error is None:
        return answer["result"]
    if error.get("kind") not in set(Kind):
        raise ServiceFailed(error.get("exc_type"))
    raise Refused(error)
