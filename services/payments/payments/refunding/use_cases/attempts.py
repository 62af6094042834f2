"""Attempts to have the provider carry out a refund, repeated until it succeeds, since the money is payable.

After a timeout or a refusal the same number is retried, so that the provider pays once whatever became of the
earlier call. A new number is used only after a query has confirmed that the old one is closed. An abnormal refund
is not over: an operator acts at the provider, and it is queried further. A refund that the provider does not
support is not requested until an operator retries it.
"""

from datetime import timedelta
from uuid import UUID

from payments.providers.front import (
    Call,
    CallKind,
    ProviderRefund,
    ProviderRefused,
    ProviderSilent,
    number_of,
    pause,
    pause_after,
)
from payments.providers.front import RefundState as AtProvider
from payments.refunding.model import postings
from payments.refunding.model.refunds import PAID, Attempt, AttemptState, Refund, RefundState, StallReason
from payments.refunding.use_cases import completing
from payments.taking.front import Payment, UnidentifiedReason, book_unidentified_refund
from payments.work import Work
from shared.money import Money

FIRST_QUERY = timedelta(seconds=5)  # until the first query of a refund that did not finish at once
BOTH = (CallKind.REFUND, CallKind.QUERY_REFUND)
Answer = ProviderRefund | ProviderRefused | ProviderSilent | None


def begin(work: Work, payment: Payment, refund: Refund) -> None:
    """Request the refund from the provider; one whose last attempt was closed, under the same number.

    The provider pays once per number. What it has already paid is unidentified money, to be assigned.
    """
    known = work.refund_attempts.of_refunds(refund.refund_id)
    if not known:
        _add(work, payment, refund, Attempt.first(refund, work.now))
    elif known[-1].state is AttemptState.CLOSED:
        known[-1].move(AttemptState.REQUESTED, work.now)
        work.refund_attempts.save(known[-1])
        call(work, payment, refund, known[-1])


def call(
    work: Work, payment: Payment, refund: Refund, attempt: Attempt, *, after: timedelta = timedelta()
) -> None:
    """Request a provider call under the attempt's number; stall the attempt if the provider cannot make it."""
    if work.providers.can_refund(payment.provider, refund.amount, whole_of(work, payment, refund)):
        work.calls.request(CallKind.REFUND, attempt.attempt_id, refund.payment_id, at=work.now + after)
    else:
        attempt.stall(StallReason.NOT_SUPPORTED, work.now)
        work.refund_attempts.save(attempt)


def settle_refund(work: Work, call: Call, answer: Answer) -> None:
    """Handle the result of a refund call; a refusal or no response is retried under the same number.

    `answer` None: the provider was not called, since the refund is decided.
    """
    payment, refund, attempt = locked_attempt(work, call.payment_id, call.key)
    if isinstance(answer, ProviderRefund):
        _note_answer(work, attempt, answer)
        follow(work, payment, refund, attempt, answer)
        if attempt.state is AttemptState.REQUESTED and not _is_ours(work, payment, refund, attempt, answer):
            work.calls.postpone(
                call, None if refund.decided else work.now + pause(call), StallReason.DIFFERS_FROM_OURS
            )
    elif answer is None or attempt.state is not AttemptState.REQUESTED:
        work.calls.finish(call.key, CallKind.REFUND)
    else:
        may_be_accepted = isinstance(answer, ProviderSilent) or call.tries > 1  # by this call or an earlier one
        _stall(work, attempt, answer, unanswered=may_be_accepted)
        work.calls.postpone(call, None if refund.decided else work.now + pause(call), str(answer))
        if may_be_accepted:
            _query(work, payment, attempt, after=FIRST_QUERY)


def settle_query_refund(work: Work, call: Call, answer: Answer) -> None:
    """Handle the result of a query; it is repeated unless the attempt is over or unknown to the provider."""
    payment, refund, attempt = locked_attempt(work, call.payment_id, call.key)
    _note_answer(work, attempt, answer)
    if isinstance(answer, ProviderRefund):
        follow(work, payment, refund, attempt, answer, by_query=True)
    if attempt.is_over:
        work.calls.finish(call.key, CallKind.QUERY_REFUND)
    elif attempt.state is AttemptState.REQUESTED and not isinstance(answer, (ProviderRefused, ProviderSilent)):
        work.calls.finish_unless_requested_again(call)
    else:
        work.calls.postpone(call, work.now + pause(call), str(answer))


def follow(
    work: Work,
    payment: Payment,
    refund: Refund,
    attempt: Attempt,
    about: ProviderRefund,
    *,
    by_query: bool = False,
) -> None:
    """Take over the state at the provider; an outdated notification changes nothing."""
    if not _is_ours(work, payment, refund, attempt, about):
        _book_mismatch(work, payment, attempt, about)
        return
    attempt.provider_number = about.refund_id
    if about.state is AtProvider.SUCCEEDED:
        _succeed(work, payment, refund, attempt, about)
    elif attempt.is_over:
        work.refund_attempts.save(attempt)
    elif about.state is not AtProvider.CLOSED:
        _wait(work, payment, refund, attempt, AttemptState(about.state.value))
    elif by_query:
        _close(work, payment, refund, attempt)
    else:
        work.refund_attempts.save(attempt)
        work.calls.finish(attempt.attempt_id, CallKind.REFUND)
        _query(work, payment, attempt, after=timedelta())


def paid_under(work: Work, payment: Payment, refund: Refund) -> str:
    """The merchant's number of the payment that is refunded."""
    paid = work.captures.find(refund.capture_id) if refund.capture_id else None
    attempt_id = paid.attempt_id if paid else payment.attempt_id
    assert attempt_id is not None
    return number_of(attempt_id)


def whole_of(work: Work, payment: Payment, refund: Refund) -> Money:
    """The whole amount of the payment or capture that is refunded."""
    paid = work.captures.find(refund.capture_id) if refund.capture_id else None
    return paid.amount if paid else payment.amount


def _is_ours(work: Work, payment: Payment, refund: Refund, attempt: Attempt, about: ProviderRefund) -> bool:
    """Whether the refund at the provider is the one that we requested."""
    ours = (number_of(attempt.attempt_id), paid_under(work, payment, refund), refund.amount)
    return (about.out_refund_no, about.out_trade_no, about.amount) == ours


def _book_mismatch(work: Work, payment: Payment, attempt: Attempt, about: ProviderRefund) -> None:
    """Our number belongs to something else there: it completes nothing, and needs an operator."""
    book_unidentified_refund(work, payment.provider, about, UnidentifiedReason.DIFFERS_FROM_OURS)
    attempt.stall(StallReason.DIFFERS_FROM_OURS, work.now)
    work.refund_attempts.save(attempt)


def _succeed(work: Work, payment: Payment, refund: Refund, attempt: Attempt, about: ProviderRefund) -> None:
    if attempt.state is AttemptState.SUCCEEDED:
        return
    attempt.move(AttemptState.SUCCEEDED, work.now)
    work.refund_attempts.save(attempt)
    if refund.decided:  # paid by hand or under another number, or failed and not requested again
        why = UnidentifiedReason.PAID_ALREADY if refund.state in PAID else UnidentifiedReason.NOT_PAYABLE
        book_unidentified_refund(work, payment.provider, about, why)
    else:
        posting = postings.refund_settled(refund, payment.provider)
        completing.complete(work, payment, refund, RefundState.SUCCEEDED, posting)


def _close(work: Work, payment: Payment, refund: Refund, attempt: Attempt) -> None:
    """The provider has closed it: no money moved or will move under this number."""
    attempt.move(AttemptState.CLOSED, work.now)
    work.refund_attempts.save(attempt)
    work.calls.finish(attempt.attempt_id, *BOTH)
    if not refund.decided:
        refund.move(RefundState.REQUESTED)
        work.refunds.save(refund)
        _add(work, payment, refund, attempt.next(work.now), after=pause_after(attempt.position))


def _wait(work: Work, payment: Payment, refund: Refund, attempt: Attempt, to: AttemptState) -> None:
    was = attempt.state
    attempt.move(to, work.now)
    work.refund_attempts.save(attempt)
    if not refund.decided and refund.move(RefundState.PROCESSING):
        work.refunds.save(refund)
    if was is AttemptState.REQUESTED:
        work.calls.finish(attempt.attempt_id, CallKind.REFUND)
        _query(work, payment, attempt, after=FIRST_QUERY)


def _stall(work: Work, attempt: Attempt, answer: ProviderRefused | ProviderSilent, *, unanswered: bool) -> None:
    attempt.stall(answer.failure if isinstance(answer, ProviderRefused) else "silent", work.now)
    if unanswered:
        attempt.mark_unanswered(work.now)
    work.refund_attempts.save(attempt)


def _note_answer(work: Work, attempt: Attempt, answer: Answer) -> None:
    if isinstance(answer, (ProviderRefused, ProviderSilent)):
        attempt.mark_unanswered(work.now)
    else:
        attempt.mark_answered()
    work.refund_attempts.save(attempt)


def _add(
    work: Work, payment: Payment, refund: Refund, attempt: Attempt, *, after: timedelta = timedelta()
) -> None:
    work.refund_attempts.add(attempt)
    call(work, payment, refund, attempt, after=after)


def _query(work: Work, payment: Payment, attempt: Attempt, *, after: timedelta) -> None:
    work.calls.request(CallKind.QUERY_REFUND, attempt.attempt_id, payment.payment_id, at=work.now + after)


def locked_attempt(work: Work, payment_id: UUID, attempt_id: UUID) -> tuple[Payment, Refund, Attempt]:
    """An attempt with its refund and its payment, the payment locked."""
    payment, attempt = work.payments.lock(payment_id), work.refund_attempts.find(attempt_id)
    assert payment
    assert attempt
    refund = work.refunds.find(attempt.refund_id)
    assert refund
    return payment, refund, attempt
