"""Guards of the handlers of commands (stock, benefits, money)."""

from tests.mutants.mutant import Mutant

STOCK = "services/catalog/tests/integration/test_stock_of_checkouts.py::"
SUSPENDING = "services/catalog/tests/integration/test_suspending_shops.py::"
EQUATIONS = "services/catalog/tests/integration/test_stock_equations.py::"
BENEFITS = "services/marketing/tests/integration/test_benefits_of_checkouts.py::"
KINDS = "services/marketing/tests/integration/test_another_kind_of_benefit.py::"
RULES = "services/marketing/tests/unit/test_pricing_rules.py::"
PAYMENTS = "services/payments/tests/integration/"
ATTEMPTS = PAYMENTS + "test_refund_attempts.py::"
ACTIONS = PAYMENTS + "test_refund_actions.py::"
SETTLING = PAYMENTS + "test_settling_by_hand.py::"
IDENTIFYING = PAYMENTS + "test_identifying.py::"
MONEY = "services/auditor/tests/integration/test_broken_money.py::"
REPORTS = PAYMENTS + "test_notifications.py::"
RACES = PAYMENTS + "test_races.py::"
WECHAT = "services/payments/tests/contract/test_wechat_adapter.py::TestConnections::"
ONCE = "test_ib_07_a_repeated_provider_call_has_the_attempts_or_refunds_id_and_one_effect"
REPEATED = "tests/model/test_repeated_commands.py::test_a_command_sent_five_times_gets_five_replies_and_one_event"
PAYMENT = "services/payments/tests/unit/test_payment.py::"

PARTICIPANTS = [
    Mutant(
        name="suspension: a shop's listed products can be reserved until they are unlisted",
        file="services/catalog/catalog/stock/store.py",
        guard="SELECT shop_id FROM shop WHERE unsettled AND NOT approved",
        instead="SELECT shop_id FROM shop WHERE false",
        killed_by=(SUSPENDING + "test_a_suspension_takes_effect_before_any_product_is_withdrawn",),
    ),
    Mutant(
        name="suspension: a shop counts as suspended after its first chunk",
        file="services/catalog/catalog/products/use_cases/shops.py",
        guard="if len(products) < CHUNK:",
        instead="if products or not products:",
        killed_by=(SUSPENDING + "test_another_process_continues_after_a_crash",),
    ),
    Mutant(
        name="events once: a repeated command publishes its event again (catalog)",
        file="services/catalog/catalog/stock/use_cases.py",
        guard="_publish(work, map(_restocked, fresh))",
        instead="_publish(work, (_restocked(command) for command, _ in deliveries))",
        killed_by=(REPEATED + "[Restock]",),
    ),
    Mutant(
        name="events once: a repeated command publishes its event again (payments)",
        file="services/payments/payments/taking/use_cases/opening.py",
        guard="    if not known:\n        publish_state(work, payment)",
        instead="    publish_state(work, payment)",
        killed_by=(REPEATED + "[OpenPayment, on delivery]",),
    ),
    Mutant(
        name="tombstone of catalog: a release that comes first is not stored",
        file="services/catalog/catalog/stock/model/claims.py",
        guard="""        self.state = _next(self.state, ClaimState.RELEASED)
""",
        instead="""        if self.state is ClaimState.UNDECIDED:
            return False
        self.state = _next(self.state, ClaimState.RELEASED)
""",
        killed_by=(STOCK + "test_a_release_that_comes_first_leaves_a_tombstone",),
    ),
    Mutant(
        name="tombstone of marketing: a hold after its undo is held",
        file="services/marketing/marketing/benefits/model/benefits.py",
        guard="Transition.HOLD: ({_S.NONE}, _S.HELD),",
        instead="Transition.HOLD: ({_S.NONE, _S.RELEASED}, _S.HELD),",
        killed_by=(BENEFITS + "test_a_hold_after_its_undo_is_refused_by_the_tombstone",),
    ),
    Mutant(
        name="tombstone of payments: a payment cancelled before its opening is opened",
        file="services/payments/payments/taking/use_cases/cancelling.py",
        guard="""    payment.cancel(PaymentReason.CANCELLED)
    work.payments.add(payment)
""",
        instead="""    payment.cancel(PaymentReason.CANCELLED)
""",
        killed_by=(
            PAYMENTS
            + "test_cancelling.py::test_cancelling_an_unknown_payment_succeeds_and_a_later_opening_is_refused",
        ),
    ),
    Mutant(
        name="attempt id: a capture of any attempt is kept",
        file="services/payments/payments/taking/model/payment.py",
        guard=" and attempt_id == self.attempt_id and ",
        instead=" and ",
        killed_by=(
            PAYMENT + "test_money_of_another_attempt_is_returned",
            PAYMENTS + "test_capturing.py::test_lesson_09_money_of_an_attempt_that_is_no_longer_open_is_refunded",
        ),
    ),
    Mutant(
        name="kept or returned: a capture after the decision is kept",
        file="services/payments/payments/taking/model/payment.py",
        guard="wanted = not self.decided and ",
        instead="wanted = ",
        killed_by=(PAYMENT + "test_money_received_after_the_decision_is_returned",),
    ),
    Mutant(
        name="duplicate capture: a transaction of the provider counts each time it is notified",
        file="services/payments/payments/taking/use_cases/capturing.py",
        guard="""    if not work.captures.add(capture):
        return _known(work, capture, paid)
""",
        instead="""    work.captures.add(capture)
""",
        killed_by=(PAYMENTS + "test_capturing.py::test_two_notifications_of_one_transaction_count_once",),
    ),
    Mutant(
        name="payment's lock: two notifications decide about one payment at the same time",
        file="services/payments/payments/taking/store/payments.py",
        guard="self._connection.execute(wanted.with_for_update()).scalars().all()",
        instead="self._connection.execute(wanted).scalars().all()",
        killed_by=(RACES + "test_lesson_09_of_two_captures_at_the_same_time_one_is_kept",),
    ),
    Mutant(
        name="settled by hand: the provider's notification since the proposal is not checked at the confirmation",
        file="services/payments/payments/refunding/use_cases/settlements.py",
        guard="    _check_proof(work, proposed)\n    proposed.confirm(",
        instead="    proposed.confirm(",
        killed_by=(ACTIONS + "test_a_large_settlement_that_is_notified_before_it_is_confirmed_is_posted_once",),
    ),
    Mutant(
        name="settled by hand: a refund that the provider may have is paid a second time",
        file="services/payments/payments/refunding/use_cases/operator_actions.py",
        guard="    if work.calls.is_under_way(CallKind.REFUND, attempt.attempt_id):\n        raise",
        instead="    if not refund:\n        raise",
        killed_by=(ACTIONS + "test_a_refund_is_not_settled_by_hand_during_a_provider_call",),
    ),
    Mutant(
        name="settled by hand: a refund is paid a second time if the provider does not respond",
        file="services/payments/payments/refunding/use_cases/operator_actions.py",
        guard="is_unanswered_since(work.now - UNANSWERED)",
        instead="is_unanswered_since(work.now)",
        killed_by=(ACTIONS + "test_a_query_that_times_out_does_not_allow_a_settlement",),
    ),
    Mutant(
        name="settled by hand: a second operator confirms a changed proposal",
        file="services/payments/payments/refunding/use_cases/settlements.py",
        guard="if (proposed.paid_from, proposed.proof) != (PaidFrom(seen.paid_from), seen.proof):",
        instead="if not proposed.proof:",
        killed_by=(SETTLING + "test_a_second_operator_confirms_only_the_proposal_they_saw",),
    ),
    Mutant(
        name="settled by hand: the proof of an arrived refund is accepted for another one",
        file="services/payments/payments/refunding/use_cases/settlements.py",
        guard="if made_by_us or",
        instead="if",
        killed_by=(SETTLING + "test_the_number_of_an_arrived_refund_is_no_proof_for_another_one",),
    ),
    Mutant(
        name="captured: a payment in another app pays this payment as well",
        file="services/payments/payments/taking/use_cases/capturing.py",
        guard="if paid.out_trade_no != number_of(attempt_id) or not paid.ours:",
        instead="if paid.out_trade_no != number_of(attempt_id):",
        killed_by=(REPORTS + "test_money_paid_in_another_app_is_booked_once_whether_notified_or_queried",),
    ),
    Mutant(
        name="settled by hand: one operator is enough for what the provider may have",
        file="services/payments/payments/refunding/use_cases/operator_actions.py",
        guard="return payment, refund, 0",
        instead="return payment, refund, single_operator_limit()",
        killed_by=(SETTLING + "test_a_refund_without_a_response_for_a_week_is_settled_by_two_operators",),
    ),
    Mutant(
        name="refusal: an earlier call without a response that was accepted is never found",
        file="services/payments/payments/refunding/use_cases/attempts.py",
        guard="may_be_accepted = isinstance(answer, ProviderSilent) or call.tries > 1",
        instead="may_be_accepted = call.tries < 1",
        killed_by=(
            ATTEMPTS + "test_a_refusal_after_a_timeout_is_queried_since_the_first_call_may_have_been_accepted",
        ),
    ),
    Mutant(
        name="new number: a notification of a closed refund is trusted without a query",
        file="services/payments/payments/refunding/use_cases/attempts.py",
        guard="    elif by_query:\n",
        instead="    elif about:\n",
        killed_by=(ATTEMPTS + "test_a_notification_that_a_refund_is_closed_is_not_enough_for_a_new_number",),
    ),
    Mutant(
        name="payable until paid: a closed refund is not retried",
        file="services/payments/payments/refunding/use_cases/attempts.py",
        guard="    if not refund.decided:\n        refund.move(RefundState.REQUESTED)",
        instead="    if refund.decided:\n        refund.move(RefundState.REQUESTED)",
        killed_by=(ATTEMPTS + "test_a_refund_that_the_provider_closes_is_retried_under_a_new_number_and_arrives",),
    ),
    Mutant(
        name="compared in every field: any refund of the provider under this number completes the refund",
        file="services/payments/payments/refunding/use_cases/attempts.py",
        guard="return (about.out_refund_no, about.out_trade_no, about.amount) == ours",
        instead="return about.out_refund_no == ours[0]",
        killed_by=(
            REPORTS + "test_a_notification_of_something_else_under_our_refund_number_completes_nothing",
            REPORTS + "test_a_query_that_returns_something_else_under_our_number_completes_nothing",
        ),
    ),
    Mutant(
        name="four eyes: one operator settles any amount",
        file="services/payments/payments/refunding/model/settlements.py",
        guard="if actor == self.proposed_by and not self.one_operator_suffices(single_operator_limit):",
        instead="if not actor:",
        killed_by=(
            ACTIONS + "test_a_large_refund_is_settled_by_hand_only_when_a_second_operator_confirms_it",
            IDENTIFYING + "test_a_large_receipt_is_returned_only_when_a_second_operator_confirms_it",
        ),
    ),
    Mutant(
        name="paid twice: a refund in progress at the provider is settled by hand as well",
        file="services/payments/payments/refunding/use_cases/operator_actions.py",
        guard="return attempt.state is AttemptState.PROCESSING or (",
        instead="return (",
        killed_by=(ACTIONS + "test_a_refund_in_progress_is_not_settled_by_hand",),
    ),
    Mutant(
        name="assigned: unidentified money completes a refund that does not match",
        file="services/payments/payments/taking/use_cases/identifying.py",
        guard="if made != ours or sum(",
        instead="if not made and sum(",
        killed_by=(IDENTIFYING + "test_unidentified_money_is_assigned_only_to_a_matching_refund",),
    ),
    Mutant(
        name="proof: a settlement matches a notification of another amount",
        file="services/payments/payments/refunding/store/settlements.py",
        guard="return any(_settlement(row).amount == amount for row in rows)",
        instead="return any(_settlement(row) for row in rows)",
        killed_by=(ACTIONS + "test_a_settlement_at_the_provider_does_not_match_a_notification_of_another_amount",),
    ),
    Mutant(
        name="paid in payments, not marked in orders: the auditor does not report it",
        file="services/auditor/auditor/money.py",
        guard="        return state in DUE or (",
        instead="        return state in (*DUE, *PAID_BACK) or (",
        killed_by=(MONEY + "test_a_refund_on_which_orders_and_payments_differ_is_found",),
    ),
    Mutant(
        name="never posted: a refund unknown to payments counts as pending in the auditor",
        file="services/auditor/auditor/money.py",
        guard='and in_orders["being_requested"])',
        instead='and in_orders["amount"])',
        killed_by=(MONEY + "test_a_cancelled_order_whose_refund_payments_never_posted_is_found",),
    ),
    Mutant(
        name="stored first: a notification is lost when its processing fails",
        file="services/payments/payments/taking/use_cases/notifications.py",
        guard="""        _postpone(open_work, key)
""",
        instead="""        with open_work() as work:
            work.notifications.finish(key, "failed")
""",
        killed_by=(REPORTS + "test_a_notification_whose_processing_fails_is_kept_and_processed_later",),
    ),
    Mutant(
        name="opened twice: the second response to a call closes the payment of the first one",
        file="services/payments/payments/taking/use_cases/opening.py",
        guard="if payment.state not in (State.OPEN, State.CAPTURED):",
        instead="if payment.state is not State.CAPTURED:",
        killed_by=(
            PAYMENTS + "test_provider_call_worker.py::test_a_repeated_call_does_not_close_the_payment_it_opened",
        ),
    ),
    Mutant(
        name="refund ceiling: more is refunded than was paid",
        file="services/payments/payments/taking/model/parts.py",
        guard="if self.refundable < amount or not all(paid[back.line_id].has_left(back) for back in lines):",
        instead="if self.amount < amount:",
        killed_by=(
            PAYMENT + "test_lesson_17_partial_refunds_never_exceed_what_was_paid_per_order",
            PAYMENTS + "test_refunding.py::test_lesson_17_partial_refunds_stop_at_what_the_order_paid",
        ),
    ),
    Mutant(
        name="refund ceiling: more is refunded of a line than was paid for it",
        file="services/payments/payments/taking/model/parts.py",
        guard=" or not all(paid[back.line_id].has_left(back) for back in lines)",
        instead="",
        killed_by=(PAYMENT + "test_no_line_is_refunded_what_was_paid_for_another_one",),
    ),
    Mutant(
        name="oversold: the database accepts any number of reservations",
        file="services/catalog/migrations/0001_pre_catalog/stock.sql",
        guard="CHECK (0 <= reserved AND reserved <= on_hand)",
        instead="CHECK (reserved = reserved)",
        killed_by=(EQUATIONS + "test_the_database_itself_refuses_to_oversell",),
    ),
    Mutant(
        name="stock's lock: two workers read one SKU at the same time",
        file="services/catalog/catalog/stock/store.py",
        guard='f"{LEVELS} FOR UPDATE OF stock"',
        instead="LEVELS",
        killed_by=(STOCK + "test_lesson_01_two_hundred_buyers_of_fifty_units_get_exactly_fifty",),
    ),
    Mutant(
        name="restock: a refund restocks its units each time the command arrives",
        file="services/catalog/catalog/stock/use_cases.py",
        guard="if command.refund_id not in known:",
        instead="if command.refund_id:",
        killed_by=(STOCK + "test_refunded_units_are_restocked_once_and_never_more_than_the_order_bought",),
    ),
    Mutant(
        name="uncommitted: a commit without a reservation is accepted",
        file="services/catalog/catalog/stock/use_cases.py",
        guard="if claim.state is ClaimState.COMMITTED:\n        return contract.StockCommitted",
        instead="if claim:\n        return contract.StockCommitted",
        killed_by=(
            STOCK + "test_a_commit_without_a_reservation_is_refused_each_time_and_the_rest_of_the_batch_succeeds",
        ),
    ),
    Mutant(
        name="overtaken: a refused restock keeps the units that it has already restocked",
        file="services/catalog/catalog/stock/use_cases.py",
        guard="fresh = [command for command in requested if not refused[command.refund_id]]",
        instead="fresh = requested",
        killed_by=(STOCK + "test_a_restock_of_too_much_is_refused_each_time_and_the_rest_of_the_batch_succeeds",),
    ),
    Mutant(
        name="disordered: a command out of order raises an exception in marketing instead of a refusal",
        file="services/marketing/marketing/benefits/use_cases.py",
        guard="""        work.reply(BenefitsTransitionRefused(checkout_id=answer.checkout_id, reason=reason))
        return
""",
        instead="        raise\n",
        killed_by=(BENEFITS + "test_a_command_out_of_order_is_refused_each_time_and_changes_nothing",),
    ),
    Mutant(
        name="refund's number: a repeated refund starts another one",
        file="services/payments/payments/refunding/use_cases/provider_calls.py",
        guard="return provider.refund(number, ",
        instead="return provider.refund(__import__('uuid').uuid4().hex, ",
        killed_by=(PAYMENTS + "test_with_the_sandbox.py::" + ONCE,),
    ),
    Mutant(
        name="provider: the proxy of the environment is not used",
        file="services/payments/payments/providers/wechat/connections.py",
        guard='"proxies": environment["proxies"]',
        instead='"proxies": {}',
        killed_by=(WECHAT + "test_the_proxy_of_the_environment_is_used",),
    ),
    Mutant(
        name="claim of calls: two workers make the same call",
        file="shared/shared/provider_calls/store.py",
        guard="FOR UPDATE SKIP LOCKED",
        instead="",
        killed_by=(PAYMENTS + "test_races.py::test_concurrent_workers_claim_each_call_once",),
    ),
    Mutant(
        name="not_after: catalog reserves for a checkout that has timed out",
        file="services/catalog/catalog/stock/use_cases.py",
        guard="late = claims[command.checkout_id], bool(envelope.not_after and work.now > envelope.not_after)",
        instead="late = claims[command.checkout_id], False",
        killed_by=(STOCK + "test_dl_12_a_command_after_its_deadline_is_refused_without_effect_and_counted",),
    ),
    Mutant(
        name="not_after: marketing holds for a checkout that has timed out",
        file="services/marketing/marketing/benefits/use_cases.py",
        guard="return not_after is not None and work.now > not_after",
        instead="return not_after is None and work.cause is None",
        killed_by=(BENEFITS + "test_dl_12_a_hold_past_its_deadline_is_refused_and_may_be_sent_again",),
    ),
    Mutant(
        name="not_after: payments opens for a checkout that has timed out",
        file="services/payments/payments/taking/use_cases/opening.py",
        guard='"too_late": deadline is not None and work.now > deadline,',
        instead='"too_late": deadline is not None and work.now < deadline,',
        killed_by=(
            PAYMENTS + "test_opening.py::test_dl_12_a_command_past_its_deadline_is_refused_and_stays_refused",
        ),
    ),
    Mutant(
        name="benefits: one kind is held though another is refused",
        file="services/marketing/marketing/benefits/model/benefits.py",
        guard="return replace(self, state=BenefitsState.REFUSED, reason=reason, refused=tuple(refusals))",
        instead="wanted = [each for each in wanted if each not in refusals]",
        killed_by=(KINDS + "test_a_refusal_of_one_kind_holds_nothing_of_the_others",),
    ),
    Mutant(
        name="pricing: a discount exceeds the price of its lines",
        file="services/marketing/marketing/pricing/model/discounts.py",
        guard="most = min(wanted, total(costs, nothing.currency))",
        instead="most = wanted if any(costs) else none",
        killed_by=(RULES + "test_a_line_is_never_discounted_below_zero",),
    ),
    Mutant(
        name="pricing: the order of the basket decides which line gets the remainder",
        file="services/marketing/marketing/pricing/model/state.py",
        guard="for sku_id in sorted(wants) if",
        instead="for sku_id in wants if",
        killed_by=(RULES + "test_lines_that_cost_the_same_share_a_discount_equally_in_any_order_of_the_basket",),
    ),
    Mutant(
        name="stored decision: a repeated reservation reserves again",
        file="services/catalog/catalog/stock/use_cases.py",
        guard="if claims[command.checkout_id].state is ClaimState.UNDECIDED:",
        instead="if claims[command.checkout_id].state is not ClaimState.RELEASED:",
        killed_by=(STOCK + "test_a_refusal_remains_when_stock_is_added",),
    ),
]
