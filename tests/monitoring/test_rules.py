"""The rules of deploy/monitoring, tested with promtool: each alert fires in its cases, and only there."""

import importlib
import json
import pkgutil
import re
import subprocess
from pathlib import Path

import prometheus_client
import pytest
import yaml

from local import monitoring, packages
from shared import manifest

ROOT = Path(__file__).parents[2]
FILES = ROOT / "deploy" / "monitoring"
RULES = yaml.safe_load((FILES / "rules" / "jishi.rules.yml").read_text())
CASES = yaml.safe_load((Path(__file__).parent / "cases.yml").read_text())
ALERTS = {rule["alert"]: rule for group in RULES["groups"] for rule in group["rules"] if "alert" in rule}
RECORDED = {rule["record"] for group in RULES["groups"] for rule in group["rules"] if "record" in rule}
PAGE = (ROOT / "docs" / "monitoring.md").read_text()
EVALUATED_AT = "2h"


def promtool(*arguments):
    tool = packages.program("promtool", "prometheus")
    done = subprocess.run([tool, *map(str, arguments)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def expected(case, kind):
    if kind == "quiet":
        return []
    return [{"exp_labels": case["labels"], "exp_annotations": ALERTS[case["alert"]]["annotations"]}]


def one_test(case, kind):
    return {
        "name": f"{case['alert']} {kind}",
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in case[kind].items()],
        "alert_rule_test": [
            {"eval_time": EVALUATED_AT, "alertname": case["alert"], "exp_alerts": expected(case, kind)}
        ],
    }


def run(tmp_path, tests):
    """Run promtool on the cases, in its own format, with the annotations of the rules."""
    file = tmp_path / "tests.yml"
    rules = [str(FILES / "rules" / "jishi.rules.yml")]
    file.write_text(yaml.safe_dump({"rule_files": rules, "evaluation_interval": "1m", "tests": tests}))
    promtool("test", "rules", file)


def test_vs_02_prometheus_accepts_the_rules_and_the_configuration(tmp_path):
    promtool("check", "rules", FILES / "rules" / "jishi.rules.yml")
    promtool("check", "config", FILES / "prometheus.yml")
    cluster = yaml.safe_load((FILES / "kubernetes.yml").read_text())
    for scrape in cluster["scrape_configs"]:  # Debian's promtool does not know kubernetes_sd_configs
        (found,) = scrape.pop("kubernetes_sd_configs")
        assert found["role"] == "pod"
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(cluster))
    promtool("check", "config", "--syntax-only", tmp_path / "prometheus.yml")


def test_vs_02_every_alert_fires_in_its_cases(tmp_path):
    run(tmp_path, [one_test(case, "fires") for case in CASES])


def test_vs_02_no_alert_fires_in_its_quiet_cases(tmp_path):
    run(tmp_path, [one_test(case, "quiet") for case in CASES])


def test_a_case_that_does_not_fire_is_detected(tmp_path):
    wrong = {**CASES[0], "fires": CASES[0]["quiet"]}
    with pytest.raises(AssertionError, match="JishiOutboxLag"):
        run(tmp_path, [one_test(wrong, "fires")])


def test_vs_02_every_alert_has_cases_a_severity_both_languages_and_a_runbook():
    assert {case["alert"] for case in CASES} == set(ALERTS)
    for name, alert in ALERTS.items():
        assert alert["labels"]["severity"] in {"critical", "warning"}
        assert {"summary", "summary_zh", "runbook_url"} == set(alert["annotations"])
        assert re.search("[一-鿿]", alert["annotations"]["summary_zh"])
        assert alert["annotations"]["runbook_url"] == f"docs/monitoring.md#{name.lower()}"
        assert f"\n### {name}\n" in PAGE


def modules():
    """The modules that may declare metrics."""
    yield from ("sandbox.metrics",)
    for package in ("shared", "gateway", "auditor", *manifest.get().service_names):
        found = importlib.import_module(package)
        for one in pkgutil.walk_packages(found.__path__, f"{package}."):
            # shared.run patches the whole process for eventlet
            if (
                not one.name.endswith(("__main__", "shared.run"))
                and ".testing" not in one.name
                and ".tests" not in one.name
            ):
                yield one.name


@pytest.fixture(scope="module")
def exported():
    """The names of all samples that the processes can export."""
    for name in modules():
        importlib.import_module(name)
    registered = prometheus_client.REGISTRY._names_to_collectors
    return {name for name in registered if name.startswith(("jishi_", "sandbox_"))} | {"up"}


def names(expression):
    """The metrics of an expression: names before a selector, a range or a bracket that are no functions."""
    bare = re.sub(r'"[^"]*"', "", expression)
    return set(re.findall(r"\b(?:jishi|sandbox)[\w:]*|\bup\b", re.sub(r"\$\w+", "", bare)))


def test_vs_02_every_metric_of_the_rules_is_exported_by_a_process(exported):
    for group in RULES["groups"]:
        for rule in group["rules"]:
            assert names(rule["expr"]) - RECORDED <= exported, rule


def test_vs_02_every_metric_of_the_dashboard_is_exported_by_a_process(exported):
    for expression in expressions():
        assert names(expression) - RECORDED <= exported, expression


def dashboard():
    return json.loads((FILES / "grafana" / "jishi.json").read_text())


def panels():
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def expressions():
    return [target["expr"] for panel in panels() for target in panel["targets"]]


def test_vs_02_prometheus_can_read_every_expression_of_the_dashboard(tmp_path):
    requested = [text.replace("$__rate_interval", "5m").replace("$service", ".*") for text in expressions()]
    rules = [{"record": f"dashboard:expression:{n}", "expr": text} for n, text in enumerate(requested)]
    file = tmp_path / "dashboard.rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    promtool("check", "rules", file)


def test_every_process_of_the_containers_is_a_target_of_prometheus():
    listed = json.loads((FILES / "targets.json").read_text())
    assert listed == monitoring.targets_in_containers(manifest.get())
    labels = {"process": "catalog-import", "service": "catalog"}
    assert {"targets": ["catalog-import:8090"], "labels": labels} in listed
