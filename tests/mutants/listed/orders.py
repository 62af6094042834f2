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
        guard="    if len(meant) == 1:\n",
        instead="    if meant:\n",
        killed_by=(CARRIERS + "test_a_report_that_fits_several_parcels_moves_none_and_waits_for_an_operator",),
    ),
    Mutant(
        name="carriers: the signature does not cover the carrier",
        file="services/orders/orders/fulfilment/model/parcel.py",
        guard='f"{sent}.{carrier}.{body}".encode()',
        instead='f"{sent}.{body}".encode()',
        killed_by=(SHIPPING + "test_a_carrier_that_signs_is_heard",),
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
            CHECK_OUT + "test_whoever_is_refused_learns_which_lines_stood_in_the_way_and_how_much_there_is",
            CHECK_OUT + "test_whoever_is_refused_learns_which_coupon_stood_in_the_way",
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
        file="services/orders/orders/checkout/use_cases/check_out.py",
        guard="    cart_id = work.carts.of_owner(buyer_id)  # locked",
        instead="    cart_id = work.carts.find(buyer_id) or work.carts.of_owner(buyer_id)  # locked",
        killed_by=(CHECK_OUT + "test_of_two_check_outs_of_one_cart_at_once_one_wins",),
    ),
    Mutant(
        name="checkout: a used quote with other choices returns the first checkout",
        file="services/orders/orders/checkout/use_cases/check_out.py",
        guard="if wanted[name] != getattr(earlier, name)]:",
        instead="if wanted[name] is earlier]:",
        killed_by=(CHECK_OUT + "test_a_used_quote_with_another_content_is_refused_and_says_what_differs",),
    ),
    Mutant(
        name="carts: lines that do not fit at a merge are dropped",
        file="services/orders/orders/carts/use_cases.py",
        guard="    if rest:\n",
        instead="    if not guest_cart_id:\n",
        killed_by=(GUESTS + "test_a_guests_cart_keeps_what_finds_no_room_in_a_full_one_and_the_answer_says_so",),
    ),
    Mutant(
        name="shipping: of a line that is named twice only the last entry counts",
        file="services/orders/orders/fulfilment/use_cases.py",
        guard="        pieces[line.line_id] += line.quantity\n",
        instead="        pieces[line.line_id] = line.quantity\n",
        killed_by=(LIFE + "test_a_shipment_that_names_a_line_twice_means_the_sum",),
    ),
    Mutant(
        name="secrets: a short or placeholder secret is accepted",
        file="shared/shared/settings.py",
        guard="    if len(value.strip()) < SHORTEST_SECRET or PLACEHOLDER.encode() in value:\n",
        instead="    if not value:\n",
        killed_by=(
            "shared/tests/unit/test_settings.py::test_a_secret_that_is_empty_short_or_a_placeholder_is_none",
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
