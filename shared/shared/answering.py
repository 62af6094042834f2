"""`@answers`: marks the method of a service that answers a request type.

    @answers(ClaimCoupon)
    def claim_coupon(self, work: Work, caller: Caller, request: ClaimCoupon) -> CouponView:
        return views.coupon(campaigns.claim(work, caller, request.campaign_id), work.now)

Deserialisation, idempotency keys, the transaction, the operator log and serialisation of the answer are handled
here. A method receives an open transaction, so that several requests can share one.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any

from shared import auth, shapes
from shared.answering_together import Asked, InAdvance
from shared.auth import Caller
from shared.idempotency import keyed_digest
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
    """The idempotency key that a request carries beside its fields; without it, repeats are not detected."""

    idempotency_key: str | None = shapes.raw(255, default=None)


@dataclass(frozen=True)
class RequestType:
    """A request, its idempotency key if it has one, and the result of its `before` function."""

    request: Any
    key: str | None
    prepared: tuple[Any, ...] = ()


class WrongName(TypeError):
    """The method's name differs from that of the request it answers."""


@dataclass(frozen=True)
class Answering:
    """A method and the request type that it answers."""

    request: type[Request]
    method: Method
    before: Method | None
    in_advance: InAdvance | None = None  # requests that wait are answered together

    @property
    def contract(self) -> Contract:
        """The contract of the request."""
        return self.request.contract

    def read(self, service: Any, given: Json) -> RequestType:
        """Deserialise the request and run `before`, outside of a transaction. Raises Misshapen."""
        key = shapes.load(Keyed, given).idempotency_key if self.contract.keyed else None
        request = shapes.load(self.request, given)
        return RequestType(request, key, (self.before(service, request),) if self.before else ())

    def within(
        self, service: Any, work: Work, caller: Caller, requested: RequestType, *, alone: bool = True
    ) -> Json:
        """The answer, produced in an open transaction; the stored one if the key was used before."""
        return work.once(
            caller,
            self.contract.name,
            requested.key,
            self.fingerprint(requested),
            lambda: self._produced(service, work, caller, requested, alone=alone),
            shown_once=self.contract.shown_once,
        )

    def fingerprint(self, requested: RequestType) -> Json | None:
        """The value by which two requests with the same key are compared; None without a key."""
        return None if requested.key is None else fingerprint(requested.request)

    def _produced(self, service: Any, work: Work, caller: Caller, requested: RequestType, *, alone: bool) -> Json:
        """Raises CapabilitySwitchedOff. Repeated requests do not get here: they get the stored answer."""
        if self.in_advance and alone:  # first, since it may read the switch too
            self.in_advance(work, [Asked(caller, requested)])
        if self.contract.switch:
            work.switches.require(self.contract.switch)
        return self.written(self.method(service, work, caller, requested.request, *requested.prepared))

    def written(self, view: Any) -> Json:
        """The answer as JSON: an empty object if the contract has no answer."""
        return {} if self.contract.answer is None else shapes.dump(view, self.contract.answer)

    def action(self, caller: Caller, given: Json) -> AbstractContextManager[None]:
        """The context that records use of operator rights and access to personal data in the operator log."""
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
    """The value by which two requests are compared: all fields, secrets replaced by their keyed digest."""
    secrets = {spec.name for spec in fields(request) if spec.metadata.get("secret")}
    data = shapes.dump(request)
    return data | {name: keyed_digest(data[name], auth.derived_key("idempotency")) for name in secrets}


def answers(
    request: type[Request],
    *,
    in_work: bool = True,
    before: Method | None = None,
    together: InAdvance | None = None,
) -> Callable[[Method], Method]:
    """Decorate the method that answers `request`: it gets an open Work, the caller, the request; returns the view.

    `before(service, request)` runs before the transaction is opened, for slow work; its result is passed as the
    method's last argument. With `in_work=False` the method opens its own transactions and gets no Work. With
    `together`, requests that wait are answered in one transaction (`shared.answering_together`).
    """

    def decorate(method: Method) -> Method:
        contract = request.contract
        if method.__name__ != contract.name:
            raise WrongName(f"{method.__name__} answers {contract.method}")
        if not in_work and (contract.keyed or before or contract.switch or together):
            raise TypeError(
                f"{contract.method}: keyed, before, switch and together need a method with in_work=True"
            )
        if together and contract.action:
            raise TypeError(f"{contract.method} is logged, so its requests cannot be answered together")
        answering = Answering(request, method, before, together)

        @wraps(method)
        def answer(service: Any, caller: Caller, given: Json) -> Json:
            requested = answering.read(service, given)
            with answering.action(caller, given):
                if not in_work:
                    return answering.written(method(service, caller, requested.request))
                with service.work() as work:
                    return answering.within(service, work, caller, requested)

        register = Rpc.decorator(contract.allowed, request, answering if together else None)
        return register(answer)

    return decorate
