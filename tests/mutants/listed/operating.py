"""Guards of operator actions (dead letters, sagas, switches)."""

from tests.mutants.mutant import Mutant

LETTERS = "shared/tests/integration/test_dead_letters.py::"
STORE = "shared/tests/integration/test_dead_letter_store.py::"
SAGAS = "shared/tests/integration/test_sagas_operated.py::"
LOG = "shared/tests/integration/test_operator_log.py::"
SECOND_ACTION = "test_sg_17_a_second_action_on_what_the_first_one_moved_is_refused_and_does_nothing"
CLOSING = "shared/shared/operating/dead_letter_actions.py"

ACTS_ON_ORDERS = "services/orders/tests/integration/test_operators.py::"
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
        killed_by=(COUPONS_OFF + "test_while_coupons_are_off_none_is_claimed_and_no_campaign_is_made",),
    ),
    Mutant(
        name="switch of a payment method: one that is off opens new payments",
        file="services/payments/payments/taking/use_cases/opening.py",
        guard="""        "payment_method_switched_off": not work.switches.is_on(f"pay.{command.method}"),\n""",
        instead="",
        killed_by=(
            OPENING + "test_a_way_to_pay_that_is_switched_off_opens_nothing_new_and_finishes_what_was_begun",
        ),
    ),
    Mutant(
        name="switch's lock: two operators turn it at the same time",
        file="shared/shared/operating/switches.py",
        guard="    work.connection.execute(ONE_AT_A_TIME)\n",
        instead="",
        killed_by=(SWITCHES + "test_two_operators_at_the_same_instant_turn_it_once",),
    ),
    Mutant(
        name="resent: a second failure counts as a copy of the first one",
        file="shared/shared/operating/dead_letter_row.py",
        guard='resent = letter["headers"].get(RESENT, "")',
        instead='resent = ""',
        killed_by=(
            "shared/tests/unit/test_dead_letter_row.py::test_copies_of_one_failure_are_known_and_other_failures_are_others",
        ),
    ),
    Mutant(
        name="dead letter's lock: two operators find it open at the same time",
        file="shared/shared/operating/dead_letters.py",
        guard="rows.with_for_update() if lock else rows",
        instead="rows",
        killed_by=(LETTERS + "test_dl_07_two_operators_at_the_same_instant_try_it_again_once",),
    ),
    Mutant(
        name="dead letter's state: every request retries it",
        file=CLOSING,
        guard="return is_open",
        instead="return True",
        killed_by=(LETTERS + "test_dl_07_clicking_twice_tries_it_again_once",),
    ),
    Mutant(
        name="dead letters' locks: two concurrent retries of all send each one twice",
        file=CLOSING,
        guard=".limit(MOST).with_for_update()",
        instead=".limit(MOST)",
        killed_by=(
            LETTERS + "test_dl_07_two_who_try_all_again_at_the_same_instant_and_one_of_them_alone_do_it_once",
        ),
    ),
    Mutant(
        name="cursor's end: a dead letter that fails again at once is retried by the same request",
        file=CLOSING,
        guard="table.c.dead_letter_id <= through]",
        instead="table.c.dead_letter_id <= UUID(int=2**128 - 1)]",
        killed_by=(LETTERS + "test_dl_07_all_of_a_kind_are_tried_again_page_by_page_and_the_others_are_left",),
    ),
    Mutant(
        name="unreadable dead letter: it is sent to a consumer that cannot read it",
        file=CLOSING,
        guard="except (Unreadable, UnicodeDecodeError):\n        return False",
        instead="except (Unreadable, UnicodeDecodeError):\n        return row is not None",
        killed_by=(LETTERS + "test_dl_07_what_nobody_can_read_is_not_tried_again_but_can_be_archived",),
    ),
    Mutant(
        name="generation: a dead letter that failed again counts as a copy of its first failure",
        file=CLOSING,
        guard='RETRIED: row["retried"] + 1',
        instead='RETRIED: row["retried"]',
        killed_by=(
            LETTERS
            + "test_dl_07_what_fails_again_comes_back_as_a_new_letter_that_knows_how_often_it_was_tried_again",
        ),
    ),
    Mutant(
        name="ladder: a retried message continues at its last step",
        file="shared/shared/operating/dead_letter_row.py",
        guard='"x-delivery-count", TRIES)',
        instead='"x-delivery-count")',
        killed_by=(
            STORE + "test_dl_07_what_fails_again_is_a_new_letter_and_its_first_failure_is_remembered",
            LETTERS + "test_dl_07_a_letter_that_is_tried_again_goes_home_as_it_was_sent",
        ),
    ),
    Mutant(
        name="copy: a dead letter that is delivered twice is stored twice",
        file="shared/shared/operating/dead_letter_row.py",
        guard='known = letter["message_id"] or',
        instead='known = letter["dead_letter_id"] or',
        killed_by=(LETTERS + "test_dl_07_the_same_copy_is_kept_once_however_often_it_comes",),
    ),
    Mutant(
        name="keeper: dead letters are acknowledged although they could not be stored",
        file="shared/shared/operating/dead_letter_store.py",
        guard="raise DatabaseDown from failure",
        instead='observe.log.error("database down, holding messages", queue="dead.tally", error=repr(failure))',
        killed_by=(
            STORE + "test_dl_07_while_the_database_is_away_letters_stay_on_the_broker_and_come_afterwards",
        ),
    ),
    Mutant(
        name="tolerance: a malformed dead letter closes the keeper's connection every time",
        file="shared/shared/frames.py",
        guard="return with_headers if _can_be_read(with_headers) else _masked(payload, NONE)",
        instead="return payload",
        killed_by=(STORE + "test_dl_10_a_dead_letter_whose_properties_are_no_amqp_is_kept_all_the_same",),
    ),
    Mutant(
        name="attempt: an operator action moves a saga that has changed since it was read",
        file="shared/shared/sagas/operator_actions.py",
        guard="if before.attempt != request.attempt:",
        instead="if before.attempt < 0:",
        killed_by=(
            SAGAS
            + "test_sg_17_a_second_action_on_what_the_first_one_moved_is_refused_and_does_nothing[saga.resume]",
            SAGAS + "test_sg_17_two_operators_at_the_same_instant_move_it_once[saga.skip]",
        ),
    ),
    Mutant(
        name="nothing moved: an operator action on an ended saga counts as done",
        file="shared/shared/sagas/operator_actions.py",
        guard="if after == before:",
        instead="if before.attempt < 0:",
        killed_by=(SAGAS + "test_sg_17_an_action_that_does_not_fit_is_not_offered_and_is_refused",),
    ),
    Mutant(
        name="masking: operators see phone numbers and payment codes",
        file="shared/shared/masking.py",
        guard="k in PERSONAL and v is not None",
        instead="k in PERSONAL and v is None",
        killed_by=(
            SAGAS
            + "test_vs_03_the_time_line_tells_what_was_said_and_heard_with_payloads_and_without_personal_data",
        ),
    ),
    Mutant(
        name="operator log: entries can be changed afterwards",
        file="shared/shared/migrations/operating.py",
        guard="BEFORE UPDATE OR DELETE OR TRUNCATE ON operator_log",
        instead="BEFORE TRUNCATE ON operator_log",
        killed_by=(LOG + "test_sg_17_what_was_done_cannot_be_changed_afterwards[DELETE FROM operator_log]",),
    ),
    Mutant(
        name="operator log: an operator's access to a shop is not logged",
        file="shared/shared/auth.py",
        guard="            operator_actions.as_operator()\n",
        instead="            pass\n",
        killed_by=(
            ACTS_ON_ORDERS + "test_an_operator_who_handles_a_shops_order_is_named_in_its_history_and_in_the_log",
        ),
    ),
    Mutant(
        name="suspended shop: its stock is changed",
        file="services/catalog/catalog/stock/use_cases.py",
        guard="    selling(work.shops.share(shop_id))\n    if requested.change == 0:",
        instead="    if requested.change == 0:",
        killed_by=(ACTS_ON_GOODS + "test_the_stock_of_a_suspended_shop_is_not_changed_until_it_is_restored",),
    ),
    Mutant(
        name="operator log: a polled page is logged each time",
        file="shared/shared/operating/log.py",
        guard="if action.reads and _was_noted(work, action, about):",
        instead="if False:",
        killed_by=(LOG + "test_what_only_reads_is_noted_once_an_hour_for_each_person_and_thing",),
    ),
    Mutant(
        name="operator log: a change is logged only once an hour",
        file="shared/shared/operating/log.py",
        guard="if action.reads and _was_noted(work, action, about):",
        instead="if _was_noted(work, action, about):",
        killed_by=(LOG + "test_what_changes_something_is_noted_each_time",),
    ),
]
