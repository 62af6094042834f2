"""The Grafana dashboard: complete, and read with Grafana's own models."""

import copy
import itertools
import json
from pathlib import Path

import jsonschema
import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

DASHBOARD = json.loads(
    (Path(__file__).parents[2] / "deploy" / "monitoring" / "grafana" / "jishi.json").read_text()
)
TEXT, WHOLE = {"type": "string", "minLength": 1}, {"type": "integer", "minimum": 0}
SIZE = {"type": "integer", "minimum": 1, "maximum": 24}
SOURCE = {
    "type": "object",
    "properties": {"type": {"const": "prometheus"}, "uid": {"const": "${datasource}"}},
    "required": ["type", "uid"],
}
PLACE = {
    "type": "object",
    "properties": {"x": WHOLE, "y": WHOLE, "w": SIZE, "h": SIZE},
    "required": ["x", "y", "w", "h"],
}
TARGET = {
    "type": "object",
    "properties": {"refId": TEXT, "expr": TEXT, "legendFormat": {"type": "string"}, "datasource": SOURCE},
    "required": ["refId", "expr", "legendFormat", "datasource"],
}
PANEL = {
    "type": "object",
    "properties": {
        "id": WHOLE,
        "title": TEXT,
        "gridPos": PLACE,
        "type": {"enum": ["row", "timeseries", "stat"]},
    },
    "required": ["id", "title", "gridPos", "type"],
    "if": {"properties": {"type": {"const": "row"}}},
    "else": {
        "properties": {"targets": {"type": "array", "minItems": 1, "items": TARGET}, "datasource": SOURCE},
        "required": ["targets", "datasource", "fieldConfig", "options"],
    },
}
SHAPE = {
    "type": "object",
    "properties": {
        "uid": TEXT,
        "title": TEXT,
        "schemaVersion": WHOLE,
        "panels": {"type": "array", "items": PANEL},
    },
    "required": ["uid", "title", "schemaVersion", "panels", "templating", "time"],
}
ROWS = ("Orders", "Delivery", "Sagas", "Money and stock", "Calls and requests", "Processes")


def as_read(data):
    """The dashboard as Grafana's models read it: unknown members are dropped."""
    return json.loads(json.dumps(Dashboard.from_json(data), cls=JSONEncoder))


def dropped(written, read, path="dashboard"):
    """The paths of members that were dropped or changed."""
    if isinstance(written, dict) and isinstance(read, dict):
        for key, value in written.items():
            yield from dropped(value, read[key], f"{path}.{key}") if key in read else [f"{path}.{key}"]
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for number, (one, other) in enumerate(zip(written, read, strict=True)):
            yield from dropped(one, other, f"{path}[{number}]")
    elif written != read:
        yield path


@pytest.fixture(scope="module", autouse=True)
def _plugins():
    register_default_plugins()


def test_vs_02_grafanas_own_models_read_all_of_the_dashboard():
    assert list(dropped(DASHBOARD, as_read(DASHBOARD))) == []


def test_members_unknown_to_grafana_are_detected():
    odd = copy.deepcopy(DASHBOARD)
    odd["panels"][1]["targets"][0]["expression"] = odd["panels"][1]["targets"][0].pop("expr")
    odd["panels"][1]["colour"] = "red"
    assert list(dropped(odd, as_read(odd))) == [
        "dashboard.panels[1].targets[0].expression",
        "dashboard.panels[1].colour",
    ]


def test_vs_02_every_panel_has_a_position_a_source_and_queries():
    jsonschema.Draft202012Validator(SHAPE).validate(DASHBOARD)
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert sorted(set(ids)) == sorted(ids)
    for panel in DASHBOARD["panels"]:
        refs = [target["refId"] for target in panel.get("targets", ())]
        assert sorted(set(refs)) == sorted(refs)


def test_vs_02_the_dashboard_has_the_expected_rows():
    titles = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]
    assert all(title.startswith(wanted) for title, wanted in zip(titles, ROWS, strict=True))


def test_no_panels_overlap():
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    for one, other in itertools.combinations(places, 2):
        assert _apart(one, other, "x", "w") or _apart(one, other, "y", "h")
    assert all(place["x"] + place["w"] <= 24 for place in places)


def _apart(one, other, at, size):
    return one[at] + one[size] <= other[at] or other[at] + other[size] <= one[at]
