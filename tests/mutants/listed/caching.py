"""Guards of what the gateway keeps in its memory: cached answers and counted requests."""

from tests.mutants.mutant import Mutant

CACHE, PAGES = "gateway/tests/unit/test_cache.py::", "gateway/tests/unit/test_cached_pages.py::"
LIMITS = "gateway/tests/integration/test_limits.py::"
CACHING = [
    Mutant(
        name="cache: an answer that changed while it was read is kept",
        file="gateway/gateway/cache.py",
        guard="        return known and all(self._changes.get(one, 0) <= since for one in ids)",
        instead="        return known",
        killed_by=(CACHE + "test_an_answer_that_changed_while_it_was_read_is_not_cached",),
    ),
    Mutant(
        name="cache: an earlier call replaces the answer of a later one",
        file="gateway/gateway/cache.py",
        guard="self._is_last(key, asyncio.current_task()) and self._is_unchanged(ids, began)",
        instead="self._is_unchanged(ids, began)",
        killed_by=(CACHE + "test_an_earlier_call_that_is_answered_last_does_not_replace_the_newer_answer",),
    ),
    Mutant(
        name="cache: whoever changed something waits for a call that began before",
        file="gateway/gateway/cache.py",
        guard="if flight is None or began < self._dropped:",
        instead="if flight is None:",
        killed_by=(CACHE + "test_whoever_changed_something_does_not_share_a_call_that_began_before",),
    ),
    Mutant(
        name="cache: answers are kept although changes are not received",
        file="gateway/gateway/cache.py",
        guard="        known = self._is_open and since >= self._forgotten",
        instead="        known = True",
        killed_by=(
            CACHE + "test_nothing_is_cached_while_changes_are_not_received",
            CACHE + "test_an_answer_read_while_the_connection_was_lost_is_not_cached",
        ),
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
        guard="            key = (caller.user_id, method, json.dumps(request, sort_keys=True))",
        instead="            key = (None, method, json.dumps(request, sort_keys=True))",
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
