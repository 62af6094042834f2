"""Request types: frozen dataclasses of a request's fields, each with a contract.

    @dataclass(frozen=True, kw_only=True)
    class ClaimCoupon(Request, answer=Coupon, permission=Permission.COUPONS_OWN, keyed=True):
        \"\"\"Claim a coupon of a campaign.\"\"\"

        campaign_id: UUID

In `shared.contracts.marketing.requests` this is the method `marketing.claim_coupon`.
The service answers it (`shared.answering`), the gateway offers it as a route, and documents are generated from it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from shared import manifest
from shared.messages import Event
from shared.permissions import GRANTED, Permission, Role

WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
METHOD = re.compile(r"^[a-z]+\.[a-z][a-z_]*$")
_by_method: dict[str, type["Request"]] = {}


@dataclass(frozen=True, kw_only=True)
class Cached:
    """Which events make an answer outdated.

    by  fields of the answer, at any depth: an event with the id in one of them
    on  each of these events, whatever it is about
    """

    by: tuple[str, ...] = ()
    on: tuple[type[Event], ...] = ()

    def ids_in(self, service: str, answer: Any) -> frozenset[str]:
        """The topics, and the `<service> <id>`, of the events that make this answer of the service outdated."""
        ids = {f"{service} {value}" for value in _values(answer, self.by)}
        return frozenset({event.topic for event in self.on} | ids)


def _values(node: Any, names: tuple[str, ...]) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _values(each, names)
    elif isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, str) and name in names:
                yield value
            elif isinstance(value, list | dict):
                yield from _values(value, names)


@dataclass(frozen=True, kw_only=True)
class Contract:
    """The properties of a request.

    method      `service.method`, its name on the wire: by default from the module's owner and the class's name
    answer      the type of the answer, None for an empty answer
    permission  the permission that the caller needs
    keyed       it takes an idempotency key: a repeated request is executed once and gets the same answer, without
                another check of the caller's shop. The gateway requires the key
    shown_once  secret members of the answer, null in repeated answers
    audit       the name of the action in the operator log when operator rights are used; True: the method's name;
                False: a request that changes nothing and shows no personal data
    reads       it changes nothing: it is logged once an hour
    switch      its switch in the manifest: it is refused while that is off
    personal    it shows its caller another person's data: it is logged for every role
    cached      until which events its answer may be cached; None: it is not
    """

    method: str
    permission: Permission
    answer: Any = None
    keyed: bool = False
    shown_once: tuple[str, ...] = ()
    audit: str | bool = True
    reads: bool = False
    switch: str | None = None
    personal: bool = False
    cached: Cached | None = None

    def __post_init__(self) -> None:
        if self.personal and self.audit is False:
            raise TypeError(f"{self.method} is personal, so it must be logged")

    @property
    def name(self) -> str:
        """The method's name within its service."""
        return self.method.partition(".")[2]

    def at(self, service: str) -> str:
        """Its name on the wire at one of the services that answer it."""
        return f"{service}.{self.name}"

    @property
    def allowed(self) -> frozenset[Role]:
        """The roles with its permission."""
        return GRANTED[self.permission]

    @property
    def action(self) -> str | None:
        """Its name in the operator log; None if it is not logged, for instance if operators may not send it."""
        if self.audit is False or not (self.personal or Role.OPERATOR in self.allowed):
            return None
        return self.audit if isinstance(self.audit, str) else self.name


@dataclass(frozen=True, kw_only=True)
class Request:
    """Base class of requests. A subclass without a permission is a common base of several requests."""

    contract: ClassVar[Contract]

    def __init_subclass__(cls, permission: Permission | None = None, method: str = "", **about: Any) -> None:
        super().__init_subclass__()
        if not permission and (method or about):
            raise TypeError(f"{cls.__name__} has attributes, but no permission")
        if permission:
            cls.contract = Contract(method=method or _method(cls), permission=permission, **about)
            _register(cls)


def request_types() -> Iterator[type[Request]]:
    """All declared requests, by method."""
    return (_by_method[method] for method in sorted(_by_method))


def _method(request: type[Request]) -> str:
    owner = request.__module__.removeprefix("shared.contracts.").partition(".")[0]
    return f"{owner}.{WORDS.sub('_', request.__name__).lower()}"


def _register(request: type[Request]) -> None:
    method, switch = request.contract.method, request.contract.switch
    if not METHOD.match(method) or method in _by_method:
        raise TypeError(f"{method!r} is not a valid method, or is already declared")
    service = method.partition(".")[0]
    if switch is not None and switch not in manifest.get().switches_of(service):
        raise TypeError(f"{switch!r} is no switch of {service}")
    _by_method[method] = request
