"""Guards of operator actions (dead letters, sagas, switches)."""

from tests.mutants.mutant import Mutant

LETTERS = "shared/tests/integration/test_dead_letters.py::"
STORE = "shared/tests/integration/test_dead_letter_store.py::"
SAGAS = "shared/tests/integration/test_sagas_operated.py::"
LOG = "shared/tests/integration/test_operator_log.py::"
SECOND_ACTION = "test_sg_17_a_second_action_on_the_same_attempt_is_refused_and_changes_nothing"
CLOSING = "shared/shared/operating/dead_letter_actions.py"

ACTS_ON_GOODS = "services/catalog/tests/integration/test_operators.py::"
SWITCHES = "shared/tests/integration/test_switches.py::"
COUPONS_OFF = "services/marketing/tests/integration/test_switches.py::"
OPENING = "services/payments/tests/integration/test_opening.py::"
OPERATING = [
    Mutant(
        name="switch: a capability that is off still answers",
        file="shared/shared/answering.py",
        guard="        if self.contract.switch:\n            work.switches.require(self.contract.switch)\n",
        instead="",
        killed_by=(COUPONS_OFF + "test_while_coupons_are_off_none_is_claimed_and_no_campaign_is_created",),
    ),
    Mutant(
        name="switch of a payment method: one that is off opens new payments",
        file="services/payments/payments/taking/use_cases/opening.py",
        guard="""        "payment_method_switched_off": not work.switches.is_on(f"pay.{command.method}"),\n""",
        instead="",
        killed_by=(OPENING + "test_a_method_that_is_switched_off_opens_no_new_payments_and_finishes_open_ones",),
    ),
    Mutant(
        name="switch's lock: two operators turn it at the same time",
        file="shared/shared/operating/switches.py",
        guard="    work.connection.execute(ONE_AT_A_TIME)\n",
        instead="",
        killed_by=(SWITCHES + "test_two_operators_at_the_same_time_change_a_switch_once",),
    ),
    Mutant(
        name="resent: a second failure counts as a copy of the first one",
        file="shared/shared/operating/dead_letter_row.py",
        guard='resent = dead_letter["headers"].get(RESENT, "")',
        instead='resent = ""',
        killed_by=(
            "shared/tests/unit/test_dead_letter_row.py::test_copies_of_one_failure_share_an_id_and_other_failures_do_not",
        ),
    ),
    Mutant(
        name="dead letter's lock: two operators find it open at the same time",
        file="shared/shared/operating/dead_letters.py",
        guard="rows.with_for_update() if lock else rows",
        instead="rows",
        killed_by=(LETTERS + "test_dl_07_two_operators_at_the_same_time_retry_a_dead_letter_once",),
    ),
    Mutant(
        name="dead letter's state: every request retries it",
        file=CLOSING,
        guard="return is_open",
        instead="return True",
        killed_by=(LETTERS + "test_dl_07_two_retries_of_a_dead_letter_send_it_once",),
    ),
    Mutant(
        name="dead letters' locks: two concurrent retries of all send each one twice",
        file=CLOSING,
        guard=".limit(MOST).with_for_update()",
        instead=".limit(MOST)",
        killed_by=(LETTERS + "test_dl_07_concurrent_retries_of_all_and_of_one_send_each_dead_letter_once",),
    ),
    Mutant(
        name="cursor's end: a dead letter that fails again at once is retried by the same request",
        file=CLOSING,
        guard="table.c.dead_letter_id <= through]",
        instead="table.c.dead_letter_id <= UUID(int=2**128 - 1)]",
        killed_by=(
            LETTERS + "test_dl_07_all_dead_letters_of_a_kind_are_retried_page_by_page_and_the_others_remain_open",
        ),
    ),
    Mutant(
        name="unreadable dead letter: it is sent to a consumer that cannot read it",
        file=CLOSING,
        guard="except (Unreadable, UnicodeDecodeError):\n        return False",
        instead="except (Unreadable, UnicodeDecodeError):\n        return row is not None",
        killed_by=(LETTERS + "test_dl_07_an_unreadable_dead_letter_cannot_be_retried_but_can_be_archived",),
    ),
    Mutant(
        name="generation: a dead letter that failed again counts as a copy of its first failure",
        file=CLOSING,
        guard='RETRIED: row["retried"] + 1',
        instead='RETRIED: row["retried"]',
        killed_by=(
            LETTERS + "test_dl_07_a_retry_that_fails_becomes_a_new_dead_letter_with_its_number_of_retries",
        ),
    ),
    Mutant(
        name="ladder: a retried message continues at its last step",
        file="shared/shared/operating/dead_letter_row.py",
        guard='"x-delivery-count", TRIES)',
        instead='"x-delivery-count")',
        killed_by=(
            STORE + "test_dl_07_a_retry_that_fails_is_a_new_dead_letter_with_the_time_of_the_first_failure",
            LETTERS + "test_dl_07_a_retried_dead_letter_is_sent_unchanged_to_its_queue",
        ),
    ),
    Mutant(
        name="copy: a dead letter that is delivered twice is stored twice",
        file="shared/shared/operating/dead_letter_row.py",
        guard='identity = dead_letter["message_id"] or',
        instead='identity = dead_letter["dead_letter_id"] or',
        killed_by=(LETTERS + "test_dl_07_the_same_copy_is_stored_once_however_often_it_arrives",),
    ),
    Mutant(
        name="dead-letter store: dead letters are acknowledged although they could not be stored",
        file="shared/shared/operating/dead_letter_store.py",
        guard="raise DatabaseDown from failure",
        instead='observe.log.error("database down, holding messages", queue="dead.tally", error=repr(failure))',
        killed_by=(
            STORE + "test_dl_07_without_a_database_dead_letters_remain_on_the_broker_and_are_stored_afterwards",
        ),
    ),
    Mutant(
        name="tolerance: a malformed dead letter closes its consumer's connection every time",
        file="shared/shared/frames.py",
        guard="return with_headers if _can_be_read(with_headers) else _masked(payload, NONE)",
        instead="return payload",
        killed_by=(STORE + "test_dl_10_a_dead_letter_with_invalid_amqp_properties_is_stored",),
    ),
    Mutant(
        name="attempt: an operator action moves a saga that has changed since it was read",
        file="shared/shared/sagas/operator_actions.py",
        guard="if before.attempt != request.attempt:",
        instead="if before.attempt < 0:",
        killed_by=(
            SAGAS + "test_sg_17_a_second_action_on_the_same_attempt_is_refused_and_changes_nothing[saga.resume]",
            SAGAS + "test_sg_17_two_operators_at_the_same_time_move_a_saga_once[saga.skip]",
        ),
    ),
    Mutant(
        name="nothing moved: an operator action on an ended saga counts as done",
        file="shared/shared/sagas/operator_actions.py",
        guard="if after == before:",
        instead="if before.attempt < 0:",
        killed_by=(SAGAS + "test_sg_17_an_action_that_is_not_allowed_is_not_offered_and_is_refused",),
    ),
    Mutant(
        name="masking: operators see phone numbers and payment codes",
        file="shared/shared/masking.py",
        guard="k in PERSONAL and v is not None",
        instead="k in PERSONAL and v is None",
        killed_by=(SAGAS + "test_vs_03_the_time_line_shows_sent_and_received_messages_without_personal_data",),
    ),
    Mutant(
        name="operator log: entries can be changed afterwards",
        file="shared/shared/migrations/operating.py",
        guard="BEFORE UPDATE OR DELETE OR TRUNCATE ON operator_log",
        instead="BEFORE TRUNCATE ON operator_log",
        killed_by=(LOG + "test_sg_17_entries_of_the_log_cannot_be_changed[DELETE FROM operator_log]",),
    ),
    Mutant(
        name="operator log: an operator's access to a shop is not logged",
        file="shared/shared/auth.py",
        guard="            operator_actions.as_operator()\n",
        instead="            pass\n",
        killed_by=(ACTS_ON_GOODS + "test_a_price_change_by_an_operator_is_logged_with_both_values",),
    ),
    Mutant(
        name="suspended shop: its stock is changed",
        file="services/catalog/catalog/stock/use_cases.py",
        guard="    require_selling(work.shops.share(shop_id))\n    if requested.change == 0:",
        instead="    if requested.change == 0:",
        killed_by=(ACTS_ON_GOODS + "test_the_stock_of_a_suspended_shop_is_not_changed_until_it_is_restored",),
    ),
    Mutant(
        name="operator log: a polled page is logged each time",
        file="shared/shared/operating/log.py",
        guard="if action.reads and _was_logged(work, action, about):",
        instead="if False:",
        killed_by=(LOG + "test_a_read_is_logged_once_an_hour_for_each_person_and_subject",),
    ),
    Mutant(
        name="operator log: a change is logged only once an hour",
        file="shared/shared/operating/log.py",
        guard="if action.reads and _was_logged(work, action, about):",
        instead="if _was_logged(work, action, about):",
        killed_by=(LOG + "test_a_change_is_logged_each_time",),
    ),
]
