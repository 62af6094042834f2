"""Guards of what the gateway keeps in its memory: cached answers and counted requests."""

from tests.mutants.mutant import Mutant

CACHE, PAGES = "gateway/tests/unit/test_cache.py::", "gateway/tests/unit/test_cached_pages.py::"
NEW, STREAMS = "gateway/tests/unit/test_new_checkouts.py::", "gateway/tests/unit/test_streams.py::"
CONFIRMATIONS = "gateway/tests/unit/test_confirmations.py::"
CARDS = "gateway/tests/unit/test_sku_cards.py::"
ADMISSION = "gateway/tests/unit/test_admission.py::"
LIMITS = "gateway/tests/integration/test_limits.py::"
CACHING = [
    Mutant(
        name="confirmations: a checkout of several orders counts as confirmed with the first",
        file="gateway/gateway/confirmations.py",
        guard="    if len(orders) != 1:\n",
        instead="    if not orders:\n",
        killed_by=(CONFIRMATIONS + "test_other_checkouts_have_to_be_read_again",),
    ),
    Mutant(
        name="confirmations: what happened before is not noticed",
        file="gateway/gateway/confirmations.py",
        guard='event.get("version") == order.get("version", 0) + 1 and ',
        instead="",
        killed_by=(CONFIRMATIONS + "test_other_checkouts_have_to_be_read_again",),
    ),
    Mutant(
        name="cache: an answer that changed while it was read is kept",
        file="gateway/gateway/cache.py",
        guard="        return self._is_open and self._changes.is_unchanged(ids, since)",
        instead="        return self._is_open",
        killed_by=(
            CACHE + "test_an_answer_that_changed_while_it_was_read_is_not_cached",
            CACHE + "test_an_earlier_call_that_is_answered_last_does_not_replace_the_newer_answer",
        ),
    ),
    Mutant(
        name="cache: whoever changed something waits for a call that began before",
        file="gateway/gateway/cache.py",
        guard="if flight is None or began < self._dropped:",
        instead="if flight is None:",
        killed_by=(CACHE + "test_whoever_changed_something_does_not_share_a_call_that_began_before",),
    ),
    Mutant(
        name="cache: an answer that was read again is outdated by no change",
        file="gateway/gateway/cache.py",
        guard="        self._outdated -= answer.ids",
        instead="        pass",
        killed_by=(CACHE + "test_an_answer_that_was_read_again_after_a_change_is_outdated_by_the_next",),
    ),
    Mutant(
        name="cache: an answer that was revised is outdated by no change",
        file="gateway/gateway/cache.py",
        guard="            self._outdated -= self._answers[key].ids",
        instead="            pass",
        killed_by=(CACHE + "test_an_answer_that_was_revised_is_outdated_by_the_next_change",),
    ),
    Mutant(
        name="cache: answers are kept although changes are not received",
        file="gateway/gateway/cache.py",
        guard="        return self._is_open and self._changes.is_unchanged(ids, since)",
        instead="        return self._changes.is_unchanged(ids, since)",
        killed_by=(CACHE + "test_nothing_is_cached_while_changes_are_not_received",),
    ),
    Mutant(
        name="cache: an answer from before the connection was lost is kept",
        file="gateway/gateway/change_log.py",
        guard="        return since >= self._forgotten and all(self._number(one) <= since for one in ids)",
        instead="        return all(self._number(one) <= since for one in ids)",
        killed_by=(CACHE + "test_an_answer_read_while_the_connection_was_lost_is_not_cached",),
    ),
    Mutant(
        name="cache: its size is not limited",
        file="gateway/gateway/cache.py",
        guard="        while self._size > self._most:",
        instead="        while False:",
        killed_by=(CACHE + "test_the_least_recently_used_answers_make_room_for_one_by_its_size",),
    ),
    Mutant(
        name="cache: an answer of one caller is shown to another",
        file="gateway/gateway/serving.py",
        guard="    return caller.user_id, method, in_order(request)",
        instead="    return None, method, in_order(request)",
        killed_by=(PAGES + "test_a_cached_answer_of_one_caller_is_not_shown_to_another",),
    ),
    Mutant(
        name="cache: readers of a cached page are not counted, their tokens not checked",
        file="gateway/gateway/cached_pages.py",
        guard='            scope["jishi.caller"] = await self._gateway.admit_reader(request)',
        instead="            pass",
        killed_by=(PAGES + "test_readers_of_a_cached_page_are_still_counted_and_their_tokens_checked",),
    ),
    Mutant(
        name="cache: a change through this process stays invisible to its sender",
        file="gateway/gateway/serving.py",
        guard="        gateway.drop_cached(route, request)",
        instead="        pass",
        killed_by=(
            PAGES + "test_whoever_changes_something_reads_the_new_state_at_once",
            PAGES + "test_a_merchants_change_is_on_the_lists_at_once",
        ),
    ),
    Mutant(
        name="new checkouts: a repeated check-out brings back an old state",
        file="gateway/gateway/new_checkouts.py",
        guard="not gateway.cache.knows_since(age.total_seconds(), ids | told)",
        instead="False",
        killed_by=(
            NEW + "test_a_repeated_check_out_does_not_bring_back_an_old_state",
            NEW + "test_the_answer_of_a_check_out_whose_outcome_came_first_is_not_kept",
            NEW + "test_an_answer_from_before_this_process_received_events_is_not_kept",
            NEW + "test_nothing_is_kept_without_the_connection_nor_after_it_was_lost",
        ),
    ),
    Mutant(
        name="new checkouts: the change of a payment before the answer is overlooked",
        file="gateway/gateway/new_checkouts.py",
        guard="ids | told)",
        instead="ids)",
        killed_by=(NEW + "test_nor_is_the_one_of_a_check_out_whose_payment_changed_first",),
    ),
    Mutant(
        name="new checkouts: anyone sees the payment of a checkout",
        file="gateway/gateway/payments.py",
        guard="        if known is None or known.buyer_id != str(caller_id):",
        instead="        if known is None:",
        killed_by=(NEW + "test_nobody_but_the_buyer_sees_it",),
    ),
    Mutant(
        name="new checkouts: an older payment replaces a newer one",
        file="gateway/gateway/payments.py",
        guard='        elif current["version"] > known.version:',
        instead="        else:",
        killed_by=(NEW + "test_an_older_payment_that_arrives_late_or_again_is_not_shown",),
    ),
    Mutant(
        name="new checkouts: an event may be shown after a newer answer of payments",
        file="gateway/gateway/payments.py",
        guard="            self._end(checkout_id)\n            return None",
        instead="            return None",
        killed_by=(NEW + "test_once_payments_was_called_events_do_not_show_what_may_be_older",),
    ),
    Mutant(
        name="new checkouts: a change that does not tell the payment is overlooked",
        file="gateway/gateway/payments.py",
        guard='        if current is None or current["buyer_id"] != known.buyer_id:',
        instead="        if current is None:\n            pass\n        elif False:",
        killed_by=(
            NEW + "test_a_change_that_does_not_tell_the_payment_makes_it_read",
            NEW + "test_a_payment_of_another_buyer_is_not_shown",
        ),
    ),
    Mutant(
        name="new checkouts: payments are shown although events are missed",
        file="gateway/gateway/memory.py",
        guard="        self.payments.clear()",
        instead="        pass",
        killed_by=(NEW + "test_nothing_is_kept_without_the_connection_nor_after_it_was_lost",),
    ),
    Mutant(
        name="cards: an older number of units replaces a newer one",
        file="gateway/gateway/sku_cards.py",
        guard="        if known and known.change_id >= units.change_id:",
        instead="        if False:",
        killed_by=(CARDS + "test_an_older_change_that_arrives_late_is_not_shown",),
    ),
    Mutant(
        name="cards: units that changed while catalog was called are overlooked",
        file="gateway/gateway/sku_cards.py",
        guard="        if units and units.at >= since:",
        instead="        if False:",
        killed_by=(CARDS + "test_a_change_while_catalog_is_called_is_shown_and_the_card_is_kept",),
    ),
    Mutant(
        name="cards: one that changed while it was read is kept",
        file="gateway/gateway/sku_cards.py",
        guard="        if self._cache.is_unchanged(ids, since):",
        instead="        if True:",
        killed_by=(
            CARDS + "test_any_other_change_makes_the_card_read_again",
            CARDS + "test_no_card_is_kept_without_the_connection",
        ),
    ),
    Mutant(
        name="cards: a SKU that is not sold has units",
        file="gateway/gateway/sku_cards.py",
        guard='units.available if card["on_shelf"] else 0',
        instead="units.available",
        killed_by=(CARDS + "test_a_sku_that_is_not_on_the_shelf_stays_without_units",),
    ),
    Mutant(
        name="streams: a change while the state is read is missed",
        file="gateway/gateway/wakeups.py",
        guard="        if not self._changes.is_unchanged(new, subscriber.since):",
        instead="        if False:",
        killed_by=(STREAMS + "test_a_change_while_a_state_is_read_is_not_missed",),
    ),
    Mutant(
        name="admission: quotes are refused although check-outs are quick",
        file="gateway/gateway/admission.py",
        guard=" and self._is_slow():",
        instead=":",
        killed_by=(ADMISSION + "test_any_number_of_quotes_is_answered_while_check_outs_are_quick",),
    ),
    Mutant(
        name="admission: purchases begin without end",
        file="gateway/gateway/admission.py",
        guard="under_way >= max(FEWEST, len(self._answered))",
        instead="False",
        killed_by=(
            ADMISSION + "test_quotes_are_refused_while_a_check_out_takes_long_and_many_are_under_way",
            ADMISSION + "test_a_refused_quote_is_503_with_the_time_to_come_again_and_calls_nothing",
        ),
    ),
    Mutant(
        name="limits: refused requests make a sender wait longer",
        file="gateway/gateway/limits.py",
        guard="        self._unreported[key] += left >= 0",
        instead="        self._unreported[key] += 1",
        killed_by=(
            LIMITS + "test_refused_requests_take_nothing_so_that_a_sender_who_goes_on_is_not_refused_longer",
        ),
    ),
    Mutant(
        name="limits: a process does not learn what others have accepted",
        file="gateway/gateway/limits.py",
        guard="            self._local.lower(key, left)",
        instead="            pass",
        killed_by=(
            LIMITS + "test_what_two_processes_accept_together_exceeds_a_large_bucket_by_a_share_of_it_only",
        ),
    ),
]
