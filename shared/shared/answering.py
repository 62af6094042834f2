"""`@answers`: the method of a service that answers a request of its contract.

    @answers(ClaimCoupon)
    def claim_coupon(self, work: Work, caller: Caller, request: ClaimCoupon) -> CouponView:
        return views.coupon(campaigns.claim(work, caller, request.campaign_id), work.now)

Reading the request, its idempotency key, the transaction, the operator log and writing the answer are the same for
all and are done here. What a method does within a work is apart from opening it, so that several requests may
share one.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any

from shared import auth, shapes
from shared.auth import Caller
from shared.idempotency import sealed
from shared.operating import log
from shared.operator_actions import OperatorAction, acting
from shared.permissions import Role
from shared.requests import Contract, Request
from shared.rpc import Rpc
from shared.work import Work

Json = dict[str, Any]
Method = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Keyed:
    """What a request carries besides its own fields: none is needed, nothing can be recognised then."""

    idempotency_key: str | None = shapes.raw(255, default=None)


@dataclass(frozen=True)
class RequestType:
    """A request, its idempotency key if it has one, and what was prepared for it."""

    request: Any
    key: str | None
    prepared: tuple[Any, ...] = ()


class WrongName(TypeError):
    """A method is called as the request that it answers."""


@dataclass(frozen=True)
class Answering:
    """One method with its request."""

    request: type[Request]
    method: Method
    before: Method | None

    @property
    def contract(self) -> Contract:
        """What is known of the request."""
        return self.request.contract

    def read(self, service: Any, given: Json) -> RequestType:
        """What is asked, and what is made of it before a work is opened. Raises Misshapen."""
        key = shapes.load(Keyed, given).idempotency_key if self.contract.keyed else None
        request = shapes.load(self.request, given)
        return RequestType(request, key, (self.before(service, request),) if self.before else ())

    def within(self, service: Any, work: Work, caller: Caller, requested: RequestType) -> Json:
        """The answer, produced within an open work; from what is stored, where the key was used before."""
        return work.once(
            caller,
            self.contract.name,
            requested.key,
            fingerprint(requested.request),
            lambda: self._produced(service, work, caller, requested),
            shown_once=self.contract.shown_once,
        )

    def _produced(self, service: Any, work: Work, caller: Caller, requested: RequestType) -> Json:
        """Raises CapabilitySwitchedOff; a repeated request is answered from what is stored all the same."""
        if self.contract.switch:
            work.switches.require(self.contract.switch)
        return self.written(self.method(service, work, caller, requested.request, *requested.prepared))

    def written(self, view: Any) -> Json:
        """The answer as JSON: an empty object where the contract promises nothing."""
        return {} if self.contract.answer is None else shapes.dump(view, self.contract.answer)

    def action(self, caller: Caller, given: Json) -> AbstractContextManager[None]:
        """Notes what is done by an operator's rights, and who is shown what tells of somebody else."""
        action = self.contract.action
        if action is None:
            return nullcontext()
        only_operators = self.contract.allowed == {Role.OPERATOR}
        return acting(
            OperatorAction(
                actor=str(caller.user_id),
                action=action,
                request=given,
                privileged=only_operators,
                personal=self.contract.personal,
                reads=self.contract.reads,
                write=log.write,
            )
        )


def fingerprint(request: Request) -> Json:
    """What tells two requests apart: all of it, a secret by its seal."""
    sealing = {spec.name for spec in fields(request) if spec.metadata.get("secret")}
    told = shapes.dump(request)
    return told | {name: sealed(told[name], auth.derived_key("idempotency")) for name in sealing}


def answers(
    request: type[Request], *, in_work: bool = True, before: Method | None = None
) -> Callable[[Method], Method]:
    """Let a method answer this request: given an open work, the caller and the request, it returns the view.

    `before` is given the service and the request before a work is opened, for what would keep a transaction
    waiting; what it returns is the method's last argument. Not `in_work`: the method opens works of its own.
    """

    def decorate(method: Method) -> Method:
        contract = request.contract
        if method.__name__ != contract.name:
            raise WrongName(f"{method.__name__} answers {contract.method}")
        if not in_work and (contract.keyed or before or contract.switch):
            raise TypeError(
                f"{contract.method} has no work to keep its key in, to prepare for or to read a switch in"
            )
        answering = Answering(request, method, before)

        @wraps(method)
        def answer(service: Any, caller: Caller, given: Json) -> Json:
            requested = answering.read(service, given)
            with answering.action(caller, given):
                if not in_work:
                    return answering.written(method(service, caller, requested.request))
                with service.work() as work:
                    return answering.within(service, work, caller, requested)

        register = Rpc.decorator(contract.allowed, request)
        return register(answer)

    return decorate
