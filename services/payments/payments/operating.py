"""The doors for operators: refunds that need a person, and money that nothing explains."""

from typing import Any

from payments import refund_views, schemas
from payments.use_cases import identifying, refund_actions
from shared import shapes
from shared.auth import Caller
from shared.entrypoints import rpc
from shared.permissions import Role

Request = dict[str, Any]


class OperatorDoors:
    """To be inherited by the service."""

    work: Any

    @rpc(allow=Role.OPERATOR, noted="refund.list", reads=True)
    def list_stalled_refunds(self, _caller: Caller, request: Request) -> Request:
        with self.work() as work:
            return refund_views.needy_refunds(work, shapes.load(schemas.Page, request))

    @rpc(allow=Role.OPERATOR, noted="refund.read", reads=True)
    def get_refund(self, _caller: Caller, request: Request) -> Request:
        with self.work() as work:
            return refund_views.refund(work, shapes.load(schemas.ThisRefund, request).refund_id)

    @rpc(allow=Role.OPERATOR)
    def retry_refund(self, caller: Caller, request: Request) -> Request:
        wish = shapes.load(schemas.RefundNote, request)
        with self.work() as work:
            refund_actions.retry(work, caller, wish)
            return refund_views.refund(work, wish.refund_id)

    @rpc(allow=Role.OPERATOR)
    def settle_refund(self, caller: Caller, request: Request) -> Request:
        wish = shapes.load(schemas.SettleRefund, request)
        with self.work() as work:
            refund_actions.settle(work, caller, wish)
            return refund_views.refund(work, wish.refund_id)

    @rpc(allow=Role.OPERATOR)
    def confirm_refund(self, caller: Caller, request: Request) -> Request:
        wish = shapes.load(schemas.SettleRefund, request)
        with self.work() as work:
            refund_actions.confirm(work, caller, wish)
            return refund_views.refund(work, wish.refund_id)

    @rpc(allow=Role.OPERATOR, noted="unidentified.list", reads=True)
    def list_unidentified(self, _caller: Caller, request: Request) -> Request:
        with self.work() as work:
            return refund_views.unidentified(work, shapes.load(schemas.Page, request))

    @rpc(allow=Role.OPERATOR)
    def assign_unidentified(self, caller: Caller, request: Request) -> Request:
        with self.work() as work:
            identifying.assign(work, caller, shapes.load(schemas.AssignUnidentified, request))
        return {}

    @rpc(allow=Role.OPERATOR)
    def return_unidentified(self, caller: Caller, request: Request) -> Request:
        with self.work() as work:
            identifying.send_back(work, caller, shapes.load(schemas.ReturnUnidentified, request))
        return {}

    @rpc(allow=Role.OPERATOR)
    def confirm_unidentified(self, caller: Caller, request: Request) -> Request:
        with self.work() as work:
            identifying.confirm(work, caller, shapes.load(schemas.ReturnUnidentified, request))
        return {}
