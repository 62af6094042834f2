"""The sandbox as a running process: its controls and its state."""

import json
import signal
from pathlib import Path

import httpx
import pytest
import wechatpayv3

from sandbox.testing import RunningSandbox, notification_receiver, running_sandbox
from shared.ids import new_id
from shared.testing import eventually


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("sandbox"), SANDBOX_DROP_SECONDS="30") as running:
        yield running


@pytest.fixture
def inbox():
    with notification_receiver() as receiver:
        yield receiver


class Shop:
    """A merchant that uses the unmodified library."""

    def __init__(self, sandbox, notify_url):
        sent = sandbox.merchant_settings(notify_url)
        self.library = wechatpayv3.WeChatPay(
            wechatpayv3.WeChatPayType.NATIVE,
            mchid=sent["WECHAT_MCHID"],
            appid=sent["WECHAT_APPID"],
            cert_serial_no=sent["WECHAT_CERT_SERIAL"],
            private_key=Path(sent["WECHAT_PRIVATE_KEY_FILE"]).read_text(),
            public_key=Path(sent["WECHAT_PUBLIC_KEY_FILE"]).read_text(),
            public_key_id=sent["WECHAT_PUBLIC_KEY_ID"],
            apiv3_key=Path(sent["WECHAT_APIV3_KEY_FILE"]).read_text(),
            notify_url=notify_url,
            timeout=5,
        )
        self.library._core._gate_way = sent["WECHAT_GATEWAY"]

    def order(self, amount=4500):
        number = new_id().hex
        status, body = self.library.pay("LOUD-LAMP", number, {"total": amount, "currency": "CNY"})
        assert status == 200
        return number, json.loads(body)["code_url"]

    def paid(self, sandbox):
        number, _ = self.order()
        sandbox.control(f"transactions/{number}/pay")
        return number

    def refund(self, number, amount=4500):
        refund_number = new_id().hex
        money = {"refund": amount, "total": 4500, "currency": "CNY"}
        status, body = self.library.refund(refund_number, money, out_trade_no=number)
        return status, json.loads(body)

    def state(self, number):
        return json.loads(self.library.query(out_trade_no=number)[1])["trade_state"]

    def received(self, inbox):
        """Return the event types of the notifications, in order, each decrypted by the library."""
        return [self.library.callback(headers, body)["event_type"] for headers, body in inbox.notifications]


@pytest.fixture
def shop(sandbox, inbox):
    return Shop(sandbox, inbox.url)


def events(sandbox, number):
    return [(n["event_type"], n["answer"]) for n in sandbox.transaction(number)["notifications"]]


class TestPaying:
    def test_the_holder_of_the_qr_code_can_pay(self, sandbox, shop, inbox):
        number, code_url = shop.order()
        sandbox.control("pay", code_url=code_url)
        assert shop.state(number) == "SUCCESS"
        eventually(lambda: shop.received(inbox) == ["TRANSACTION.SUCCESS"])

    def test_it_is_also_found_by_the_providers_number(self, sandbox, shop):
        number = shop.paid(sandbox)
        status, body = shop.library.query(transaction_id=sandbox.transaction(number)["transaction_id"])
        assert (status, json.loads(body)["out_trade_no"]) == (200, number)

    def test_an_invalid_control_is_refused(self, sandbox, shop):
        number, _ = shop.order()
        sandbox.control(f"transactions/{number}/pay")
        for path, status in ((f"transactions/{number}/pay", 400), ("transactions/UNKNOWN/pay", 404)):
            with pytest.raises(httpx.HTTPStatusError) as refused:
                sandbox.control(path)
            assert refused.value.response.status_code == status


class TestNotifying:
    def test_a_notification_is_sent_again_until_the_merchant_accepts_it(self, sandbox, shop, inbox):
        inbox.status = 500
        number = shop.paid(sandbox)
        eventually(lambda: len(inbox.notifications) >= 2)
        inbox.status = 200
        eventually(lambda: events(sandbox, number) == [("TRANSACTION.SUCCESS", "200")])
        assert set(shop.received(inbox)) == {"TRANSACTION.SUCCESS"}
        assert len({json.loads(body)["id"] for _, body in inbox.notifications}) == 1

    def test_it_gives_up_after_the_last_attempt(self, sandbox, shop, inbox):
        inbox.status = 500
        number = shop.paid(sandbox)
        eventually(lambda: sandbox.transaction(number)["notifications"][0]["attempts"] == 5)
        assert len(inbox.notifications) == 5

    def test_notify_twice_sends_the_same_notification_two_more_times(self, sandbox, shop, inbox):
        number = shop.paid(sandbox)
        eventually(lambda: len(inbox.notifications) == 1)
        sent = sandbox.control(f"transactions/{number}/notify-twice")["sent"]
        assert [one["answer"] for one in sent] == ["204", "204"]
        assert len({json.loads(body)["id"] for _, body in inbox.notifications}) == 1
        assert len(inbox.notifications) == 3

    def test_a_refund_can_be_reported_before_its_payment(self, sandbox, shop, inbox):
        number, _ = shop.order()
        sandbox.control(f"transactions/{number}/hold-notifications")
        sandbox.control(f"transactions/{number}/pay")
        shop.refund(number)
        eventually(lambda: len(sandbox.transaction(number)["notifications"]) == 2)
        assert inbox.notifications == []
        sandbox.control(f"transactions/{number}/notify-out-of-order")
        assert shop.received(inbox) == ["REFUND.SUCCESS", "TRANSACTION.SUCCESS"]


class TestRefunding:
    @pytest.mark.parametrize(
        ("outcome", "event"),
        [("succeed", "REFUND.SUCCESS"), ("abnormal", "REFUND.ABNORMAL"), ("close", "REFUND.CLOSED")],
    )
    def test_a_refund_ends_as_planned_and_is_reported(self, sandbox, shop, inbox, outcome, event):
        number = shop.paid(sandbox)
        sandbox.control(f"transactions/{number}/next-refund", outcome=outcome)
        assert shop.refund(number)[1]["status"] == "PROCESSING"
        eventually(lambda: event in shop.received(inbox))

    def test_a_waiting_refund_succeeds_by_its_control(self, sandbox, shop, inbox):
        number = shop.paid(sandbox)
        sandbox.control(f"transactions/{number}/next-refund", outcome="wait")
        refund_number = shop.refund(number)[1]["out_refund_no"]
        assert sandbox.control(f"refunds/{refund_number}/succeed")["state"] == "SUCCESS"
        eventually(lambda: "REFUND.SUCCESS" in shop.received(inbox))

    def test_it_can_be_refused_once(self, sandbox, shop):
        number = shop.paid(sandbox)
        sandbox.control(f"transactions/{number}/next-refund", outcome="refuse")
        assert [shop.refund(number)[0] for _ in range(2)] == [403, 200]

    def test_it_can_be_refused_with_any_code_several_times(self, sandbox, shop):
        number = shop.paid(sandbox)
        sandbox.control(f"transactions/{number}/next-refund", outcome="refuse", code="NO_AUTH", times=2)
        answers = [shop.refund(number) for _ in range(3)]
        assert [(status, body.get("code")) for status, body in answers] == [
            (403, "NO_AUTH"),
            (403, "NO_AUTH"),
            (200, None),
        ]

    def test_a_refund_in_the_merchant_platform_is_reported(self, sandbox, shop, inbox):
        number = shop.paid(sandbox)
        made = sandbox.control(f"transactions/{number}/refund-by-hand", amount=100)
        assert (made["amount"], made["state"]) == (100, "PROCESSING")
        eventually(lambda: "REFUND.SUCCESS" in shop.received(inbox))
        rest = sandbox.control(f"transactions/{number}/refund-by-hand")
        assert made["amount"] + rest["amount"] == sandbox.transaction(number)["amount"]
        with pytest.raises(httpx.HTTPStatusError, match="400"):
            sandbox.control(f"transactions/{number}/refund-by-hand")

    def test_a_refund_by_hand_does_not_change_the_planned_outcome(self, sandbox, shop):
        number = shop.paid(sandbox)
        sandbox.control(f"transactions/{number}/next-refund", outcome="refuse", code="NO_AUTH", times=2)
        sandbox.control(f"transactions/{number}/refund-by-hand", amount=1)
        assert shop.refund(number)[1]["code"] == "NO_AUTH"

    @pytest.mark.parametrize(
        ("control", "requested"),
        [
            ("next-refund", {"outcome": "refuse", "code": "TEA"}),
            ("next-refund", {"outcome": "refuse", "times": "x"}),
            ("refund-by-hand", {"amount": "x"}),
        ],
    )
    def test_an_invalid_plan_is_refused(self, sandbox, shop, control, requested):
        number = shop.paid(sandbox)
        with pytest.raises(httpx.HTTPStatusError, match="400"):
            sandbox.control(f"transactions/{number}/{control}", **requested)

    def test_many_refunds_at_once_never_exceed_the_payment(self, sandbox, shop):
        number = shop.paid(sandbox)
        answers = [shop.refund(number, 1400)[0] for _ in range(5)]
        assert answers == [200, 200, 200, 400, 400]

    def test_an_unpaid_order_cannot_be_refunded(self, shop):
        number, _ = shop.order()
        status, body = shop.refund(number)
        assert (status, body["code"]) == (403, "TRADE_ERROR")


class TestFaults:
    def test_a_fault_lasts_as_many_calls_as_configured(self, sandbox, shop):
        number, _ = shop.order()
        answer = sandbox.control("behaviour", route="query", effect="error", calls=2)
        assert answer["open"] == [{"route": "query", "effect": "error", "calls": 2}]
        codes = [shop.library.query(out_trade_no=number)[0] for _ in range(3)]
        assert codes == [500, 500, 200]

    def test_faults_can_be_removed(self, sandbox, shop):
        number, _ = shop.order()
        sandbox.control("behaviour", route="query", effect="drop", calls=100)
        httpx.delete(f"{sandbox.url}/sandbox/behaviour").raise_for_status()
        assert shop.state(number) == "NOTPAY"

    @pytest.mark.parametrize(
        "fault",
        [
            {},
            {"route": "query"},
            {"route": "tea", "effect": "drop"},
            {"route": "query", "effect": "drop", "calls": "x"},
        ],
    )
    def test_an_invalid_fault_is_refused(self, sandbox, fault):
        with pytest.raises(httpx.HTTPStatusError, match="400"):
            sandbox.control("behaviour", **fault)


class TestThePage:
    def test_it_shows_every_state_and_its_buttons_in_two_languages(self, sandbox, shop):
        number, code_url = shop.order(amount=123456)
        chinese = httpx.get(sandbox.url).text
        english = httpx.get(f"{sandbox.url}/?lang=en").text
        assert all(text in chinese for text in ("支付沙箱", "待支付", "¥1,234.56", number, code_url))
        assert all(
            text in english
            for text in ("Payment sandbox", "To be paid", f"/sandbox/transactions/{number}/pay?lang=en")
        )

    def test_what_can_be_paid_now_comes_first(self, sandbox, shop):
        waiting, _ = shop.order()
        paid = shop.paid(sandbox)
        page = httpx.get(sandbox.url).text
        assert page.index(waiting) < page.index('class="tools"') < page.index(paid)

    def test_a_button_redirects_to_the_page(self, sandbox, shop):
        number, _ = shop.order()
        pressed = httpx.post(f"{sandbox.url}/sandbox/transactions/{number}/pay?lang=en", data={"x": "1"})
        assert (pressed.status_code, pressed.headers["location"]) == (303, "/?lang=en")
        again = httpx.post(
            f"{sandbox.url}/sandbox/transactions/{number}/pay", data={"x": "1"}, follow_redirects=True
        )
        assert "该订单已支付" in again.text

    def test_a_merchants_text_is_escaped(self, sandbox, shop):
        shop.library.pay("<script>alert(1)</script>", new_id().hex, {"total": 1, "currency": "CNY"})
        assert "<script>alert" not in httpx.get(sandbox.url).text


class TestRunning:
    def test_it_has_health_and_metrics(self, sandbox, shop):
        shop.order()
        assert 'sandbox_requests_total{code="OK",route="prepay"}' in httpx.get(f"{sandbox.url}/metrics").text
        assert httpx.get(f"{sandbox.url}/health/live").status_code == 200

    def test_its_state_survives_a_restart(self, tmp_path, inbox):
        with running_sandbox(tmp_path) as sandbox:
            shop = Shop(sandbox, inbox.url)
            number = shop.paid(sandbox)
            assert sandbox.stop() == 0
            sandbox.start()
            assert shop.state(number) == "SUCCESS"

    def test_a_notification_in_progress_is_sent_after_a_crash(self, tmp_path, inbox):
        inbox.status = 500
        with running_sandbox(tmp_path, SANDBOX_NOTIFY_BACKOFF="0.5,0.1,0.1") as sandbox:
            number = Shop(sandbox, inbox.url).paid(sandbox)
            eventually(lambda: inbox.notifications)
            sandbox.process.kill()
            sandbox.process.wait()
            inbox.status = 204
            sandbox.start()
            eventually(lambda: events(sandbox, number) == [("TRANSACTION.SUCCESS", "204")])

    def test_it_stops_at_once_with_a_call_kept_open(self, tmp_path, inbox):
        with running_sandbox(tmp_path, SANDBOX_DROP_SECONDS="60") as sandbox:
            shop = Shop(sandbox, inbox.url)
            shop.library._core._timeout = 0.2
            sandbox.control("behaviour", route="query", effect="drop", calls=1)
            with pytest.raises(OSError, match="timed out"):
                shop.state("UNKNOWN0001")
            sandbox.process.send_signal(signal.SIGTERM)
            assert sandbox.process.wait(timeout=8) == 0

    def test_without_keys_it_does_not_start(self, tmp_path):
        with pytest.raises(AssertionError, match="FileNotFoundError"):
            RunningSandbox(tmp_path, SANDBOX_KEYS_DIR=str(tmp_path / "nowhere"))
