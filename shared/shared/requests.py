"""What a service may be asked: a frozen dataclass of what is asked, with all that others have to know of it.

    @dataclass(frozen=True, kw_only=True)
    class ClaimCoupon(Request, answer=Coupon, permission=Permission.COUPONS_OWN, keyed=True):
        \"\"\"Claim a coupon of a campaign.\"\"\"

        campaign_id: UUID

In `shared.contracts.marketing.requests` this is the method `marketing.claim_coupon`.
The service answers it (`shared.answering`), the gateway offers it as a route, and documents are written from it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from shared import manifest
from shared.permissions import GRANTED, Permission, Role

WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
METHOD = re.compile(r"^[a-z]+\.[a-z][a-z_]*$")
_by_method: dict[str, type["Request"]] = {}


@dataclass(frozen=True, kw_only=True)
class Contract:
    """What others have to know of a request.

    method      `service.method`, its name on the wire: by default from the module's owner and the class's name
    answer      the view that is answered, None for nothing
    permission  what its caller needs
    keyed       sent twice under one idempotency key, it is carried out once and answered the same, without looking
                at the caller's shop again; the gateway demands the key, without one nothing can be recognised
    shown_once  members of the answer that are secrets: null when it is given again
    audit       the action's name in the operator log where an operator's rights were used; False for a request
                that changes nothing and tells of nobody, True for the method's own name
    reads       it changes nothing: the log has it once an hour
    switch      the switch of the manifest that it belongs to: refused while an operator has turned it off
    personal    it shows its caller what tells of somebody else: it is in the log whoever sends it
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

    def __post_init__(self) -> None:
        if self.personal and self.audit is False:
            raise TypeError(f"{self.method} shows what tells of a person, and is not to be logged")

    @property
    def name(self) -> str:
        """The method's name within its service."""
        return self.method.partition(".")[2]

    def at(self, service: str) -> str:
        """Its name on the wire at one of several services that answer it."""
        return f"{service}.{self.name}"

    @property
    def allowed(self) -> frozenset[Role]:
        """The roles that may send it."""
        return GRANTED[self.permission]

    @property
    def action(self) -> str | None:
        """What the operator log calls it; None where nothing is to be logged: no operator may send it, say."""
        if self.audit is False or not (self.personal or Role.OPERATOR in self.allowed):
            return None
        return self.audit if isinstance(self.audit, str) else self.name


@dataclass(frozen=True, kw_only=True)
class Request:
    """Its fields are what is asked, `contract` the rest. Without a permission several have it in common."""

    contract: ClassVar[Contract]

    def __init_subclass__(cls, permission: Permission | None = None, method: str = "", **about: Any) -> None:
        super().__init_subclass__()
        if not permission and (method or about):
            raise TypeError(f"{cls.__name__} says more of itself than its permission")
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
        raise TypeError(f"{method!r} is no method, or is taken")
    service = method.partition(".")[0]
    if switch is not None and switch not in manifest.get().switches_of(service):
        raise TypeError(f"{switch!r} is no switch of {service}")
    _by_method[method] = request
