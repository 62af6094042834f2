"""Logs of processes that write a line for every request."""

import json
from decimal import Decimal

import pytest

from shared import observe
from shared.observe import Buffered
from shared.testing import eventually
from shared.trace import Trace, following


def test_lines_are_written_within_a_moment_in_their_order(capsys):
    log, written = Buffered(), []
    for number in range(3):
        log.write(f"{number}\n")
    eventually(lambda: written.append(capsys.readouterr().out) or "".join(written) == "0\n1\n2\n", within=10)
    log.end()


def test_at_the_end_everything_is_written_and_later_lines_at_once(capsys, monkeypatch):
    monkeypatch.setattr(Buffered, "EVERY", 3600)
    log = Buffered()
    log.write("before\n")
    assert capsys.readouterr().out == ""
    log.end()
    assert capsys.readouterr().out == "before\n"
    log.write("after\n")
    assert capsys.readouterr().out == "after\n"


@pytest.fixture
def logged(capsys):
    """Starts buffered logs of a process, and returns its lines so far."""

    def lines():
        observe.end_logs()
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    yield lines
    observe.configure_logs("tests")


def test_a_requests_line_has_the_fields_of_any_other_line(logged):
    observe.configure_logs("shop", buffered=True)
    with following(Trace(traceparent=f"00-{'a' * 32}-{'b' * 16}-01")):
        observe.log_request(path="/products", status=200)
        observe.log.info("request", path="/products", status=200)
    quick, usual = logged()
    assert quick.keys() == usual.keys() == {
        "service", "path", "status", "event", "level", "timestamp", "correlation_id", "trace_id"
    }  # fmt: skip
    assert {**quick, "timestamp": ""} == {**usual, "timestamp": ""}
    assert quick["timestamp"].endswith("Z")


def test_no_request_is_logged_above_the_level_info(logged, monkeypatch):
    monkeypatch.setenv("LOG_LEVEL", "warning")
    observe.configure_logs("shop", buffered=True)
    observe.log_request(path="/products", status=200)
    observe.log.warning("late")
    assert [line["event"] for line in logged()] == ["late"]


@pytest.mark.parametrize("value", ["\ud800", 1 << 80, Decimal("1.50"), {"deep": {"deeper": object}}])
def test_a_line_is_written_whatever_is_in_it(logged, value):
    observe.configure_logs("shop", buffered=True)
    observe.log.info("odd", value=value)
    assert [line["event"] for line in logged()] == ["odd"]
