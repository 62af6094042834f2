"""Guards of transactions whose statements are sent together (`shared.round_trips`)."""

from tests.mutants.mutant import Mutant

TRIPS = "shared/tests/integration/test_round_trips.py::"
FILE = "shared/shared/round_trips.py"
TRANSACTIONS = [
    Mutant(
        name="transaction: statements are sent without BEGIN",
        file=FILE,
        guard="begin = [connection.begin] if connection.begin and not connection.is_open else []",
        instead="begin = []",
        killed_by=(TRIPS + "test_a_rolled_back_transaction_leaves_nothing_and_forgets_what_waited",),
    ),
    Mutant(
        name="transaction: what waits is forgotten at the commit",
        file=FILE,
        guard="        if not self.is_open and not self.waiting:",
        instead="        if not self.is_open:",
        killed_by=(TRIPS + "test_begin_is_sent_with_the_first_statement_and_what_waits_with_the_commit",),
    ),
    Mutant(
        name="transaction: what waits survives a rollback",
        file=FILE,
        guard="        self.waiting.take()\n        if self.is_open:",
        instead="        if self.is_open:",
        killed_by=(TRIPS + "test_a_rolled_back_transaction_leaves_nothing_and_forgets_what_waited",),
    ),
    Mutant(
        name="transaction: the commit of an aborted one counts as done",
        file=FILE,
        guard='            if cursor.statusmessage != "COMMIT":',
        instead="            if False:",
        killed_by=(TRIPS + "test_the_commit_of_an_aborted_transaction_raises",),
    ),
    Mutant(
        name="transaction: a statement whose generated key is needed waits",
        file=FILE,
        guard="    return bool(asked and not (context.compiled and context.compiled.effective_returning))",
        instead="    return bool(asked)",
        killed_by=(TRIPS + "test_a_generated_key_is_not_waited_for",),
    ),
    Mutant(
        name="transaction: a connection that broke while unused is used",
        file=FILE,
        guard="                raise DisconnectionError from failure",
        instead="                return",
        killed_by=(TRIPS + "test_a_connection_that_broke_while_unused_is_replaced_before_its_next_use",),
    ),
]
