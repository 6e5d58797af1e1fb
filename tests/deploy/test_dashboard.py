"""Dashboard and alarms ask for figures that the services measure, by the names that Prometheus knows them by."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ALARMS = ROOT / "deploy" / "otel" / "alarms.yaml"
DASHBOARD = ROOT / "deploy" / "grafana" / "dashboards" / "billing.json"
MADE = re.compile(r"create_(?:observable_)?(counter|gauge|histogram)\(\s*\"([\w.]+)\",\s*unit=\"([^\"]+)\"")
SHOWN = re.compile(r"\b((?:http|messaging|dental)_\w+)")


def measured() -> set[str]:
    """The names after the collector's translation: dots become underscores, units and kinds become endings."""
    names = set()
    for source in (*ROOT.glob("chassis/src/**/*.py"), *ROOT.glob("services/*/src/**/*.py")):
        for kind, name, unit in MADE.findall(source.read_text(encoding="utf-8")):
            seconds = "_seconds" if unit == "s" else ""
            endings = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_count", "_sum"]}[kind]
            names |= {name.replace(".", "_") + seconds + ending for ending in endings}
    return names


def test_every_figure_that_is_shown_is_measured() -> None:
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    shown = {
        name for panel in dashboard["panels"] for target in panel["targets"] for name in SHOWN.findall(target["expr"])
    }
    assert len(shown) >= 7
    assert shown <= measured()


def alarms() -> list[Any]:
    """Every rule of every group."""
    return [rule for group in yaml.safe_load(ALARMS.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]


@pytest.mark.parametrize("alarm", alarms(), ids=lambda alarm: alarm["alert"])
def test_every_alarm_is_about_a_figure_that_is_measured_and_says_what_it_is(alarm: Any) -> None:
    """A rule about a name that nobody measures never tells anybody anything."""
    asked = set(SHOWN.findall(alarm["expr"]))
    assert asked
    assert asked <= measured()
    assert alarm["labels"]["severity"] in ("page", "ticket")
    assert alarm["annotations"]["summary"]


def test_prometheus_is_given_the_alarms() -> None:
    wanted = yaml.safe_load((ROOT / "deploy" / "otel" / "prometheus.yaml").read_text(encoding="utf-8"))["rule_files"]
    composed = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    mounted = [volume.split(":") for volume in composed["services"]["prometheus"]["volumes"]]
    there = {inside: outside for outside, inside, *_ in mounted}
    assert [ROOT / there[name] for name in wanted] == [ALARMS]
