"""The catalogue says who listens and who announces; the services' own declarations and code agree."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
import yaml
from chassis.service import Service
from contracts.event import EVENTS
from contracts.participants import ANNOUNCES, LISTENS, PARTITIONS, SERVICES, events_of, retention_ms

ROOT = Path(__file__).parents[2]


def declared(service: str) -> Service:
    found: Service = importlib.import_module(f"{service}.app").service
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_listens_to_what_the_catalogue_says(service: str) -> None:
    heard = {event_type for subscription in declared(service).subscriptions for event_type in subscription.handlers}
    assert heard == {event.event_type for event in LISTENS[service]}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_takes_each_event_from_its_own_topic(service: str) -> None:
    for subscription in declared(service).subscriptions:
        assert {EVENTS[event_type].topic for event_type in subscription.handlers} == {subscription.topic}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_announces_every_event_of_its_topics_and_no_other(service: str) -> None:
    """Announcements name the event classes: an event that is in the catalogue and nowhere else would be a promise."""
    source = ROOT / "services" / service / "src" / service
    files = [source / "announcements.py", *(source / "announcements").rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files if path.exists())
    built = {event.event_type for event in EVENTS.values() if re.search(rf"\b{event.__name__}\b", text)}
    owned = {event.event_type for topic, owner in ANNOUNCES.items() if owner == service for event in events_of(topic)}
    assert built == owned


def test_the_topics_that_are_created_are_those_of_the_contracts() -> None:
    created = yaml.safe_load((ROOT / "deploy/kafka/topics.yaml").read_text(encoding="utf-8"))
    assert [topic["name"] for topic in created["topics"]] == list(ANNOUNCES)
    assert created["partitions"] == PARTITIONS
    for topic in created["topics"]:
        kept = (created["config"] | topic.get("config", {}))["retention.ms"]
        assert int(kept) == retention_ms(topic["name"]), topic["name"]
