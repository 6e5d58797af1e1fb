"""The dashboard shows figures that the services measure, by the names that Prometheus knows them by."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "deploy" / "grafana" / "dashboards" / "billing.json"
MADE = re.compile(r"create_(counter|gauge|histogram)\(\s*\"([\w.]+)\",\s*unit=\"([^\"]+)\"")
SHOWN = re.compile(r"\b((?:http|messaging|dental)_\w+)")


def measured() -> set[str]:
    """The names after the collector's translation: dots become underscores, units and kinds become endings."""
    names = set()
    for source in (ROOT / "chassis" / "src").rglob("*.py"):
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
