"""Guards of imports and of the content of database errors."""

from tests.mutants.mutant import Mutant

QUEUE = "services/catalog/tests/integration/test_import_queue.py::"
READING = "services/catalog/tests/unit/test_reading_a_product_csv.py::"
WORKING = "services/catalog/catalog/importing/use_cases/processing.py"
ERRORS = "shared/tests/integration/test_errors_without_values.py::"

IMPORTING = [
    Mutant(
        name="one import per shop: a merchant fills the queue",
        file="services/catalog/migrations/0001_pre_catalog/importing.sql",
        guard="CREATE UNIQUE INDEX product_import_one_of_a_shop",
        instead="CREATE INDEX product_import_one_of_a_shop",
        killed_by=(QUEUE + "test_a_shop_has_one_import_at_a_time",),
    ),
    Mutant(
        name="import's claim: a stalled worker writes beside the one that took over",
        file=WORKING,
        guard="if not work.imports.save_progress(self._claim, LEASE, tally.progress()):",
        instead="if not work.imports.save_progress(self._claim, LEASE, tally.progress()) and False:",
        killed_by=(QUEUE + "test_a_worker_whose_lease_expired_writes_nothing_more",),
    ),
    Mutant(
        name="import's attempts: a file that kills its worker is retried without limit",
        file=WORKING,
        guard="if self._claim.attempt > MOST_ATTEMPTS:",
        instead="if self._claim.attempt > 10**6:",
        killed_by=(QUEUE + "test_an_import_that_fails_repeatedly_is_given_up_and_reported",),
    ),
    Mutant(
        name="import's pauses: the worker uses all the processor time",
        file=WORKING,
        guard="self._pause(min(took * PAUSE_FACTOR, LONGEST_PAUSE))",
        instead="self._pause(0)",
        killed_by=(QUEUE + "test_transactions_are_small_and_the_worker_pauses_longer_than_they_take",),
    ),
    Mutant(
        name="one product alone: a refused row makes fifty products fail",
        file=WORKING,
        guard="            if len(portion) == 1:",
        instead="            if True:",
        killed_by=(QUEUE + "test_one_product_that_the_database_refuses_is_left_out_alone",),
    ),
    Mutant(
        name="invalid rows: a SKU is discontinued because its row could not be read",
        file="services/catalog/catalog/importing/model/shopify_csv/sheets.py",
        guard="self._distrusted = len(self._drafts)",
        instead="self._distrusted = 0",
        killed_by=(READING + "test_products_above_an_unreadable_row_are_not_complete",),
    ),
    Mutant(
        name="depth of descriptions: deeply nested tags reach the parser",
        file="services/catalog/catalog/products/use_cases/descriptions.py",
        guard="if is_deep(normalised):",
        instead="if False:",
        killed_by=(
            "services/catalog/tests/unit/test_descriptions.py::test_html_that_is_too_deep_never_reaches_the_parser",
        ),
    ),
    Mutant(
        name="generated codes: S with M/L and S/M with L have one code",
        file="services/catalog/catalog/products/model/sku_codes.py",
        guard='and not any("/" in value for value in values)',
        instead="",
        killed_by=(
            "services/catalog/tests/unit/test_products.py::test_generated_codes_are_unique_where_joined_values_are_not",
        ),
    ),
    Mutant(
        name="errors without parameters: SQLAlchemy lists them",
        file="shared/shared/engine.py",
        guard="hide_parameters=True",
        instead="hide_parameters=False",
        killed_by=(ERRORS + "test_an_error_names_its_cause_and_never_a_value",),
    ),
    Mutant(
        name="errors without details: PostgreSQL's error contains the row",
        file="shared/shared/engine.py",
        guard='event.listen(made, "handle_error", _without_values)',
        instead="",
        killed_by=(ERRORS + "test_an_error_names_its_cause_and_never_a_value",),
    ),
]
