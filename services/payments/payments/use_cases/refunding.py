"""RefundPayment, and money that goes back by itself."""

from datetime import timedelta
from uuid import UUID

from payments import metrics, provider
from payments.domain import ledger
from payments.domain.calls import Call, CallKind, id_of, pause
from payments.domain.payment import Payment, Tender
from payments.domain.refunds import Refund, RefundState
from payments.provider import ProviderRefund, ProviderRefused, ProviderSilent
from payments.repository import Wish
from payments.use_cases import cash
from payments.use_cases.replies import answer_or_remember, answer_refund
from payments.work import Work
from shared import observe
from shared.contracts.payments import RefundFailed, RefundPayment
from shared.errors import Refusal

# Refused for now only: the same number succeeds when our balance suffices, or when the provider is less busy.
NOT_YET = {"NOT_ENOUGH", "FREQUENCY_LIMITED", "SYSTEM_ERROR"}
FIRST_LOOK = timedelta(seconds=5)  # a refund that the provider did not finish at once is looked at after this
Answer = ProviderRefund | ProviderRefused | ProviderSilent | None


def refund_payment(work: Work, command: RefundPayment) -> None:
    """Send money of an order back, once per refund_id, never more than the order paid."""
    payment = work.payments.lock(command.payment_id)
    if payment is None or command.amount.amount <= 0:
        _refuse(work, command, "wrong_amount" if payment else "payment_unknown")
        return
    refund = work.refunds.find(command.refund_id) or _begin(work, payment, command)
    answer_or_remember(work, payment, Wish.REFUND, refund)


def start(work: Work, payment: Payment, refund: Refund) -> None:
    """Store a refund that may be paid, book it, and ask the provider if it has the money."""
    if refund.tender is not Tender.PROVIDER:
        refund.move(RefundState.SUCCEEDED)
    work.refunds.add(refund)
    work.books.post(ledger.refund_asked(payment, refund))
    if refund.tender is Tender.PROVIDER:
        work.calls.ask(CallKind.REFUND, refund.refund_id, payment.payment_id, at=work.now)


def settle_refund(work: Work, call: Call, answer: Answer) -> None:
    """The provider took the refund, refused it, or was silent: then the same number is tried again."""
    payment, refund = _lock(work, call.payment_id, call.key)
    if isinstance(answer, ProviderRefund):
        _follow(work, payment, refund, answer)
    elif refund.decided:
        work.calls.rest(call.key, call.kind)
    elif isinstance(answer, ProviderRefused) and answer.code not in NOT_YET:
        _refused(work, call, payment, refund, answer.code.lower())
    else:
        work.calls.postpone(call, work.now + pause(call), str(answer))


def settle_query_refund(work: Work, call: Call, answer: Answer) -> None:
    """The provider said how a refund stands that it had not finished."""
    payment, refund = _lock(work, call.payment_id, call.key)
    if isinstance(answer, ProviderRefund) and not refund.decided:
        _follow(work, payment, refund, answer)
    elif answer is None and refund.state is RefundState.ASKED:
        _fail(work, payment, refund, "refused_by_provider")
    if refund.decided:
        work.calls.rest(call.key, call.kind)
    else:
        work.calls.postpone(call, work.now + pause(call), str(answer))


def hear_of_refund(work: Work, about: ProviderRefund) -> None:
    """A report about a refund; one that somebody made at the provider by hand is only noted."""
    refund_id = id_of(about.out_refund_no)
    known = work.refunds.find(refund_id) if refund_id else None
    if known is None:
        observe.log.warning("a refund that we never asked for", out_refund_no=about.out_refund_no)
        return
    payment, refund = _lock(work, known.payment_id, known.refund_id)
    _follow(work, payment, refund, about)


def _begin(work: Work, payment: Payment, command: RefundPayment) -> Refund:
    refund = Refund(
        refund_id=command.refund_id,
        payment_id=payment.payment_id,
        order_id=command.order_id,
        capture_id=None,
        amount=command.amount,
        tender=Tender.PROVIDER,
        asked_at=work.now,
        reason=command.reason,
    )
    try:
        cash.book(work, payment, command.order_id)
        refund.tender = payment.refund(command.order_id, command.amount)
    except Refusal as refusal:
        refund.move(RefundState.FAILED)
        refund.failure = refusal.code
        work.refunds.add(refund)
    else:
        start(work, payment, refund)
    work.payments.save(payment)
    return refund


def _follow(work: Work, payment: Payment, refund: Refund, about: ProviderRefund) -> None:
    """Go where the provider is; what it said earlier and we hear later changes nothing."""
    if refund.decided:
        _tell_contradiction(refund, about)
        return
    if about.state is provider.RefundState.SUCCEEDED:
        _succeed(work, payment, refund)
    elif about.state is provider.RefundState.CLOSED:
        _fail(work, payment, refund, "closed_by_provider")
    else:
        _wait(work, refund, about)


def _tell_contradiction(refund: Refund, about: ProviderRefund) -> None:
    if refund.state is RefundState.FAILED and about.state is provider.RefundState.SUCCEEDED:
        metrics.stuck.inc()
        observe.log.error("a refund arrived that was told to have failed", refund_id=str(refund.refund_id))


def _refused(work: Work, call: Call, payment: Payment, refund: Refund, reason: str) -> None:
    """No money moves if the first try was refused; an earlier one may have been taken: the provider is asked."""
    if call.tries == 1 and refund.state is RefundState.ASKED:
        _fail(work, payment, refund, reason)
    else:
        _look(work, refund)


def _look(work: Work, refund: Refund) -> None:
    work.calls.rest(refund.refund_id, CallKind.REFUND)
    work.calls.ask(CallKind.QUERY_REFUND, refund.refund_id, refund.payment_id, at=work.now + FIRST_LOOK)


def _wait(work: Work, refund: Refund, about: ProviderRefund) -> None:
    if about.state is provider.RefundState.ABNORMAL:
        metrics.stuck.inc()
        observe.log.error("a refund needs a person at the provider", refund_id=str(refund.refund_id))
    if refund.move(RefundState.PROCESSING):
        work.refunds.save(refund)
        _look(work, refund)


def _succeed(work: Work, payment: Payment, refund: Refund) -> None:
    refund.move(RefundState.SUCCEEDED)
    work.books.post(ledger.refund_settled(refund))
    _close(work, payment, refund)


def _fail(work: Work, payment: Payment, refund: Refund, reason: str) -> None:
    refund.move(RefundState.FAILED)
    refund.failure = reason
    work.books.post(ledger.refund_failed(payment, refund))
    if refund.order_id:
        payment.take_back_refund(refund.order_id, refund.amount)
        work.payments.save(payment)
    else:
        metrics.stuck.inc()
        observe.log.error("stray money could not be returned", refund_id=str(refund.refund_id), reason=reason)
    _close(work, payment, refund)


def _close(work: Work, payment: Payment, refund: Refund) -> None:
    work.refunds.save(refund)
    work.calls.rest(refund.refund_id, CallKind.REFUND, CallKind.QUERY_REFUND)
    answer_refund(work, payment, refund)


def _lock(work: Work, payment_id: UUID, refund_id: UUID) -> tuple[Payment, Refund]:
    payment, refund = work.payments.lock(payment_id), work.refunds.find(refund_id)
    assert payment is not None
    assert refund is not None
    return payment, refund


def _refuse(work: Work, command: RefundPayment, reason: str) -> None:
    work.say(
        RefundFailed(
            refund_id=command.refund_id,
            payment_id=command.payment_id,
            order_id=command.order_id,
            reason=reason,
        )
    )
