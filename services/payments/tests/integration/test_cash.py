"""Cash on delivery: receivable when confirmed, collected on delivery, written off or refunded in cash."""

from services.payments.tests.builders import cash_on_delivery, confirmed, delivered, part, refund_payment, yuan
from shared.contracts.payments import PaymentCaptured, PaymentRefunded, RefundAccepted, RefundFailed, Standing


def authorized(till, *parts):
    command = cash_on_delivery(*(parts or (part(yuan(30)),)))
    till.send(command)
    return command


def caused_by(till, command):
    """Send a command; returns the types of the messages that it causes."""
    return {type(message) for message in till.follows(till.send(command))}


def test_a_confirmed_order_is_receivable_and_a_delivered_one_is_captured(till):
    command = authorized(till)
    till.send(confirmed(command))
    assert till.balances == {"receivable": 3000, "merchant_payable": -3000}
    till.send(delivered(command))
    (captured,) = till.published(PaymentCaptured)
    assert (captured.order_id, captured.amount) == (command.parts[0].order_id, yuan(30))
    assert captured.standing is Standing.KEPT
    assert till.balances == {"cash_with_carriers": 3000, "merchant_payable": -3000}


def test_a_repeated_event_counts_once(till):
    command = authorized(till)
    for _ in range(2):
        till.send(confirmed(command))
    for _ in range(2):
        till.send(delivered(command))
    assert len(till.published(PaymentCaptured)) == 1
    assert till.balances == {"cash_with_carriers": 3000, "merchant_payable": -3000}


def test_a_delivery_before_the_confirmation_leads_to_the_same_balances(till):
    command = authorized(till)
    till.send(delivered(command))
    till.send(confirmed(command))
    assert till.balances == {"cash_with_carriers": 3000, "merchant_payable": -3000}


def test_the_orders_of_one_payment_are_captured_one_by_one(till):
    command = authorized(till, part(yuan(30)), part(yuan(20)))
    for place in (0, 1):
        till.send(confirmed(command, place))
    till.send(delivered(command, 1))
    assert till.state(command) == "open"
    assert till.balances == {"cash_with_carriers": 2000, "receivable": 3000, "merchant_payable": -5000}
    till.send(delivered(command, 0))
    assert till.state(command) == "captured"


def test_a_refund_before_delivery_reduces_the_receivable_at_once(till):
    command = authorized(till)
    till.send(confirmed(command))
    assert caused_by(till, refund_payment(command)) == {RefundAccepted, PaymentRefunded}
    assert till.balances == {}
    till.send(delivered(command))
    assert till.published(PaymentCaptured) == []


def test_a_refund_before_the_confirmation_leads_to_the_same_balances(till):
    command = authorized(till)
    assert caused_by(till, refund_payment(command)) == {RefundAccepted, PaymentRefunded}
    till.send(confirmed(command))
    assert till.balances == {}


def test_after_a_partial_refund_only_the_rest_is_collected(till):
    command = authorized(till)
    till.send(confirmed(command))
    till.send(refund_payment(command, yuan(10)))
    till.send(delivered(command))
    (captured,) = till.published(PaymentCaptured)
    assert captured.amount == yuan(20)


def test_a_cash_refund_after_delivery_is_published_at_once_and_never_too_much(till):
    command = authorized(till)
    till.send(confirmed(command))
    till.send(delivered(command))
    assert caused_by(till, refund_payment(command, yuan(25))) == {RefundAccepted, PaymentRefunded}
    assert isinstance(till.answer(till.send(refund_payment(command, yuan(5.01)))), RefundFailed)
    assert till.balances == {"cash_with_carriers": 500, "merchant_payable": -500}


def test_a_prepaid_order_has_no_receivable(till):
    command = till.paid()
    till.send(confirmed(command))
    till.send(delivered(command))
    assert till.balances == {"provider_clearing:wechat": 8800, "merchant_payable": -8800}
    assert len(till.published(PaymentCaptured)) == 1
