"""Reads for several requests at once what each of them needs (`shared.answering_together`)."""

from collections.abc import Sequence
from uuid import UUID

from orders.checkout import tokens
from orders.checkout.model.quote import Quote
from orders.work import Work
from shared.answering_together import Asked
from shared.contracts.orders.requests import CheckOut
from shared.contracts.payments import Method
from shared.errors import Refusal
from shared.reading import Part


def read_quote(_service: object, request: CheckOut) -> Quote | Refusal:
    """The quote of a request, or why it is not valid: a repeated request gets its stored answer nevertheless."""
    try:
        return tokens.read(request.quote_token)
    except Refusal as refusal:
        return refusal


def for_check_outs(work: Work, batch: Sequence[Asked]) -> None:
    """Lock the carts of the buyers, and read what their check-outs depend on."""
    valid = [(asked.request, asked.prepared) for asked in batch if isinstance(asked.prepared, Quote)]
    buyers = sorted({quote.buyer_id for _, quote in valid})
    if buyers:  # the locks come first: of two concurrent check-outs the second sees the first
        work.carts.lock_of_owners(buyers, *_under_the_locks(work, buyers, valid))


def _under_the_locks(work: Work, buyers: list[UUID], valid: list[tuple[CheckOut, Quote]]) -> list[Part]:
    on_delivery = {quote.buyer_id for asked, quote in valid if asked.payment_method == Method.CASH_ON_DELIVERY}
    return [
        work.checkouts.of_quotes([quote.quote_id for _, quote in valid]),
        work.switches.state_of(str(CheckOut.contract.switch)),
        work.erased_of(buyers),
        work.policies.chosen_by({shop.shop_id for _, quote in valid for shop in quote.shops}),
        work.checkouts.open_of(buyers),
        *([work.checkouts.open_cash_of(on_delivery)] if on_delivery else []),
    ]


def for_checkouts(work: Work, batch: Sequence[Asked]) -> None:
    """Read the requested checkouts with their orders."""
    checkout_ids = {asked.request.checkout_id for asked in batch}
    work.checkouts.read(checkout_ids)
    work.orders.read_checkouts(checkout_ids)
