"""Guards of texts, places and timestamps."""

from tests.mutants.mutant import Mutant

RULES = "shared/tests/unit/test_text.py::"
GOODS = "services/catalog/tests/integration/test_product_texts.py::"
PLACES = "shared/tests/unit/test_places.py::"
SEARCH = "services/catalog/tests/unit/test_searching.py::"
TREE = "services/catalog/tests/integration/test_category_tree.py::"
CAMPAIGNS = "services/marketing/tests/integration/test_campaigns.py::"
REQUESTS = "services/orders/tests/unit/test_texts_of_requests.py::"

TEXTS = [
    Mutant(
        name="texts: blanks around a text are kept",
        file="shared/shared/text.py",
        guard=""".strip(EDGES)
""",
        instead="""
""",
        killed_by=(RULES + "test_invisible_characters_at_the_edges_and_direction_overrides_are_removed",),
    ),
    Mutant(
        name="texts: marks that change the direction of writing are kept",
        file="shared/shared/text.py",
        guard="""UNSEEN.sub("", value)""",
        instead="""value""",
        killed_by=(REQUESTS + "test_names_addresses_and_notes_do_not_change_the_writing_direction",),
    ),
    Mutant(
        name="texts: a request's text is kept unchanged",
        file="shared/shared/loading.py",
        guard="        text = value if kind is kinds.raw else kind(value)\n",
        instead="        text = value\n",
        killed_by=(REQUESTS + "test_a_tracking_number_with_blanks_matches_the_number_that_the_carrier_reports",),
    ),
    Mutant(
        name="descriptions: one that is too long to be saved again is accepted",
        file="services/catalog/catalog/products/use_cases/descriptions.py",
        guard="    if len(cleaned) > LONGEST:",
        instead="    if len(html) > LONGEST:",
        killed_by=(GOODS + "test_the_length_of_a_description_is_that_of_its_stored_form",),
    ),
    Mutant(
        name="search: the index requires a letter that may be part of a word",
        file="services/catalog/catalog/products/model/search.py",
        guard="{word[at : at + 2] for at in range(len(word) - 1)}",
        instead="{word[at : at + 2] for at in range(max(1, len(word) - 1))}",
        killed_by=(SEARCH + "test_the_index_finds_every_text_that_has_all_words_of_a_query",),
    ),
    Mutant(
        name="categories: unlisted products of a category are counted",
        file="services/catalog/migrations/0001_pre_catalog/listing.sql",
        guard="    IF NEW.shelf = 'on_shelf' AND NEW.category IS NOT NULL THEN",
        instead="    IF NEW.category IS NOT NULL THEN",
        killed_by=(TREE + "test_a_draft_is_not_counted_in_the_tree",),
    ),
    Mutant(
        name="campaigns: a list scans all that have ended",
        file="services/marketing/marketing/coupons/store.py",
        guard="campaigns.c.ends_at > at, ~campaigns.c.over, ~campaigns.c.paused)",
        instead="campaigns.c.ends_at > at, ~campaigns.c.paused)",
        killed_by=(CAMPAIGNS + "test_listing_open_campaigns_does_not_read_those_that_ended",),
    ),
    Mutant(
        name="timestamps: a request may name any year",
        file="shared/shared/shapes.py",
        guard="ma.validate.Range(EARLIEST, LATEST, max_inclusive=False)",
        instead="ma.validate.Range(EARLIEST)",
        killed_by=(CAMPAIGNS + "test_a_misshapen_campaign_is_refused_by_its_field",),
    ),
    Mutant(
        name="coupons: minutes are added to an end that may be the largest timestamp",
        file="services/marketing/marketing/coupons/model/coupons.py",
        guard="at - HOLDABLE_AFTER_END >= self.expires_at",
        instead="at >= self.expires_at + HOLDABLE_AFTER_END",
        killed_by=(
            "services/marketing/tests/unit/test_benefits.py::test_a_coupon_that_ends_at_the_last_possible_time_is_held",
        ),
    ),
    Mutant(
        name="places: traditional characters are not folded",
        file="shared/shared/places/spelling.py",
        guard=".translate(_simplified())",
        instead="",
        killed_by=(PLACES + "test_every_spelling_of_a_remote_province_gives_the_remote_zone",),
    ),
    Mutant(
        name="places: names and a code may mean two places",
        file="shared/shared/places/place.py",
        guard="    if any(each.code not in _lineage(lower) for each in known):",
        instead="    if not known:",
        killed_by=(PLACES + "test_a_code_and_names_must_agree",),
    ),
]
