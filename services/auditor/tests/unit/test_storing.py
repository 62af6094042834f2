"""The report that operators read: complete, within bounds, in both languages."""

import ast
import importlib
import inspect
import json
import pkgutil
from datetime import UTC, datetime

import pytest
from structlog.testing import CapturingLogger

import auditor
from auditor import chinese, storing
from auditor.audit import Outcome, Report
from auditor.checks import AuditIncomplete, Check, Finding, Repair
from auditor.registry import CHECKS
from shared import shapes
from shared.contracts.users.audit import MOST_FINDINGS, StoreAuditReport

MODULES = [importlib.import_module(f"auditor.{each.name}") for each in pkgutil.iter_modules(auditor.__path__)]


def texts(module, node):
    """The texts that an argument may have: constants, and both sides of a choice."""
    if isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.Name) and node.id.isupper():
        yield getattr(module, node.id)
    elif isinstance(node, ast.IfExp):
        yield from (*texts(module, node.body), *texts(module, node.orelse))


def given(*names):
    """The texts given for these arguments anywhere in the auditor."""
    for module in MODULES:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.keyword) and node.arg in names:
                yield from texts(module, node.value)


def test_every_invariant_advice_and_repair_has_its_words_in_chinese():
    assert {check.name for check in CHECKS} == set(chinese.SENTENCES)
    found = set(given("advice", "description")) - {"--repair"}
    assert len(found) > 15
    assert [text for text in found if not chinese.phrase(text)] == []
    assert chinese.phrase("send it again, to orders only") == "再次发送，只发给 orders"
    assert chinese.phrase("release its stock") == "释放它占用的库存"


def outcome(*findings, **known):
    check = Check(name="stock.levels", sentence="nothing is lost", run=lambda _: ())
    return Outcome(check, checked=70, findings=list(findings), seconds=0.25, **known)


def found(about="sku 1", **known):
    return Finding(check="stock.levels", about=about, detail="lost", **known)


def stored(*outcomes):
    """The report as users reads it."""
    report = storing.document(Report(list(outcomes), datetime.now(UTC), 1.5), 60.0)
    return shapes.load(StoreAuditReport, json.loads(json.dumps(shapes.dump(report))))


def test_a_report_is_read_as_it_was_sent():
    repair = Repair(method="orders.release_orphan", request={"checkout_id": 7}, description="release its stock")
    report = stored(outcome(found(repair=repair, facts={"on_hand": 3}), incremental=True))
    assert (report.milliseconds, report.every) == (1500, 60)
    (check,) = report.checks
    assert (check.checked, check.number, check.milliseconds, check.incremental) == (70, 1, 250, True)
    (finding,) = check.findings
    assert (json.loads(finding.facts), finding.repair.request) == ({"on_hand": 3}, {"checkout_id": "7"})
    assert finding.repair.description.zh == "释放它占用的库存"


def test_a_report_stays_within_its_bounds_and_says_how_many_findings_there_are():
    many = [found(f"sku {number}", facts={"long": "x" * 60_000}) for number in range(MOST_FINDINGS + 5)]
    (check,) = stored(outcome(*many, blind="y" * 9000)).checks
    assert (check.number, len(check.findings), len(check.blind)) == (MOST_FINDINGS + 5, MOST_FINDINGS, 2000)
    assert json.loads(check.findings[0].facts) == {"omitted": "too long"}


@pytest.mark.parametrize("failure", [AuditIncomplete("users does not answer")])
def test_a_report_that_cannot_be_stored_is_logged_and_fails_no_audit(failure, monkeypatch):
    class Silent:
        def call(self, method, request):
            raise failure

    log = CapturingLogger()  # a logger that was used before cannot be captured
    monkeypatch.setattr(storing.observe, "log", log)
    storing.store(Report([outcome()], datetime.now(UTC)), Silent(), 60)
    assert [(call.args, call.kwargs) for call in log.calls] == [(("report not stored",), {"reason": str(failure)})]
