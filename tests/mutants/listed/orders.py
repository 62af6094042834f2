"""Guards of orders outside of its sagas: carriers, carts and checkout."""

from tests.mutants.mutant import Mutant

CARRIERS = "services/orders/tests/integration/test_carriers.py::"
CHECK_OUT = "services/orders/tests/integration/test_check_out.py::"
GUESTS = "services/orders/tests/integration/test_guest_carts.py::"
LIFE = "services/orders/tests/integration/test_life_of_an_order.py::"
SHIPPING = "services/orders/tests/unit/test_shipping.py::"

ORDERS = [
    Mutant(
        name="carriers: a report that matches several parcels moves the first one",
        file="services/orders/orders/fulfilment/use_cases.py",
        guard="    if len(parcels) == 1:\n",
        instead="    if parcels:\n",
        killed_by=(
            CARRIERS + "test_a_report_that_matches_several_parcels_changes_none_and_waits_for_an_operator",
        ),
    ),
    Mutant(
        name="carriers: the signature does not cover the carrier",
        file="services/orders/orders/fulfilment/model/parcel.py",
        guard='f"{sent}.{carrier}.{body}".encode()',
        instead='f"{sent}.{body}".encode()',
        killed_by=(SHIPPING + "test_a_signed_carrier_report_is_accepted",),
    ),
    Mutant(
        name="carriers: an event before the shipment moves the parcel",
        file="services/orders/orders/fulfilment/model/parcel.py",
        guard="    sent = [p for p in parcels if p.shipped_at - CLOCKS <= at]\n",
        instead="    sent = list(parcels)\n",
        killed_by=(SHIPPING + "test_an_event_before_the_shipment_is_refused",),
    ),
    Mutant(
        name="checkout: the saga drops the reason of a refusal",
        file="shared/shared/sagas/core.py",
        guard="state=saga.learn(now.state, event))",
        instead="state=now.state)",
        killed_by=(
            CHECK_OUT + "test_a_refused_checkout_has_the_refused_lines_with_the_available_quantity",
            CHECK_OUT + "test_a_refused_checkout_has_the_refused_coupon",
        ),
    ),
    Mutant(
        name="checkout: a quote of an earlier version of the cart is accepted",
        file="services/orders/orders/checkout/model/quote.py",
        guard="        if self.cart_version not in (None, cart_version):\n",
        instead="        if self.cart_version == -1:\n",
        killed_by=(CHECK_OUT + "test_a_second_tabs_quote_of_the_same_cart_is_refused",),
    ),
    Mutant(
        name="checkout: the cart is not locked before its version is read",
        file="services/orders/orders/carts/store.py",
        guard='ORDER BY cart_id FOR UPDATE"',
        instead='ORDER BY cart_id"',
        killed_by=(CHECK_OUT + "test_of_two_concurrent_check_outs_of_one_cart_one_wins",),
    ),
    Mutant(
        name="checkout: a used quote with other choices returns the first checkout",
        file="services/orders/orders/checkout/use_cases/check_out.py",
        guard="if wanted[name] != getattr(earlier, name)]:",
        instead="if wanted[name] is earlier]:",
        killed_by=(CHECK_OUT + "test_a_used_quote_with_other_data_is_refused_with_the_fields_that_differ",),
    ),
    Mutant(
        name="carts: lines that do not fit at a merge are dropped",
        file="services/orders/orders/carts/use_cases.py",
        guard="    if rest:\n",
        instead="    if not guest_cart_id:\n",
        killed_by=(GUESTS + "test_lines_that_do_not_fit_remain_in_the_guest_cart_and_are_returned",),
    ),
    Mutant(
        name="shipping: of a line that is named twice only the last entry counts",
        file="services/orders/orders/fulfilment/use_cases.py",
        guard="        quantities[line.line_id] += line.quantity\n",
        instead="        quantities[line.line_id] = line.quantity\n",
        killed_by=(LIFE + "test_a_shipment_that_lists_a_line_twice_ships_the_sum",),
    ),
    Mutant(
        name="secrets: a short or placeholder secret is accepted",
        file="shared/shared/settings.py",
        guard="    if len(value.strip()) < SHORTEST_SECRET or PLACEHOLDER.encode() in value:\n",
        instead="    if not value:\n",
        killed_by=(
            "shared/tests/unit/test_settings.py::test_a_secret_that_is_empty_short_or_a_placeholder_is_refused",
        ),
    ),
    Mutant(
        name="cart: the version that is read is newer than the lines",
        file="services/orders/orders/carts/queries.py",
        guard="    version = work.carts.version(cart_id) if cart_id else 0\n"
        "    lines = work.carts.lines(cart_id) if cart_id else {}\n",
        instead="    lines = work.carts.lines(cart_id) if cart_id else {}\n"
        "    version = work.carts.version(cart_id) if cart_id else 0\n",
        killed_by=(CHECK_OUT + "test_a_cart_that_is_ordered_while_another_tab_reads_it_is_not_ordered_again",),
    ),
]
