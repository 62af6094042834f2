"""The messages to a shopper: in the inbox, through the API, and in the mailbox."""

from tests.e2e.people import until


def sku(product):
    return product["skus"][0]["sku_id"]


def message_of(shopper, template):
    """The message of this template, once it is in the inbox."""
    inbox = until(
        lambda: shopper.get("/me/messages"), lambda page: template in [each["template"] for each in page["items"]]
    )
    return next(each for each in inbox["items"] if each["template"] == template)


def mails(provider, shopper, subject):
    """The mails with this subject, once there is one."""
    found = until(
        lambda: provider.http.get(f"/sandbox/mails/{shopper.email}").json()["items"],
        lambda items: subject in [each["subject"] for each in items],
    )
    return [each for each in found if each["subject"] == subject]


def test_a_shopper_who_buys_gets_messages_in_the_inbox_and_by_mail(shopper, two_shops, provider):
    placed = shopper.checks_out((sku(two_shops[0]), 1))
    provider.pays(shopper.waits_for_qr_code(placed))
    (order,) = shopper.waits_for(placed, "confirmed")["orders"]

    message = message_of(shopper, "order_confirmed")
    assert message["subject"] == f"订单 {order['number']} 已确认"
    assert message["parameters"]["order_id"] == order["order_id"]
    (mail,) = mails(provider, shopper, message["subject"])
    assert mail["text"].strip() == message["text"]
    assert message["message_id"] in mail["message_id"]
    until(lambda: message_of(shopper, "order_confirmed"), lambda found: found["mail"] == "sent")
    page = provider.http.get("/mails")
    assert message["subject"] in page.text

    assert shopper.get("/me/messages")["unread"] == 2  # with the welcome message
    read = shopper.post(f"/me/messages/{message['message_id']}/read")
    assert read["read_at"]
    shopper.post("/me/messages/read")
    assert shopper.get("/me/messages")["unread"] == 0


def test_a_shopper_who_cancels_gets_a_message_when_the_refund_has_arrived(shopper, two_shops, provider):
    wanted = {"marketing_mail": False, "language": "en"}
    assert shopper.put("/me/message-preferences", wanted) == shopper.get("/me/message-preferences") == wanted
    placed = shopper.checks_out((sku(two_shops[0]), 1))
    provider.pays(shopper.waits_for_qr_code(placed))
    (order,) = shopper.waits_for(placed, "confirmed")["orders"]
    shopper.post(f"/orders/{order['order_id']}/cancel", {"reason_text": "地址写错了"})
    message = message_of(shopper, "refund_arrived")
    assert message["purpose"] == "after_sale"
    assert len(mails(provider, shopper, f"The refund for order {order['number']} has arrived")) == 1


def test_only_the_callers_own_inbox_is_shown(shopper, another_shopper, guest):
    message = message_of(shopper, "welcome")
    path = f"/me/messages/{message['message_id']}/read"
    assert another_shopper.refused("POST", path) == (404, "message_not_found")
    assert guest.refused("GET", "/me/messages")[0] == 401
