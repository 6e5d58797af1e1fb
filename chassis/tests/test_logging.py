"""Nothing personal gets into a log line, whoever logs it and however (`ALL-6`)."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from chassis.logging import REPEATED_AFTER_SECONDS, Repeated, configure_logging

from chassis import telemetry

NAME = "Mrs. Miller"


@pytest.fixture
def lines() -> Iterator[Any]:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configure_logging(service="payments", level="INFO", stream=stream)
    try:
        yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    finally:
        root.handlers = handlers
        root.setLevel(level)
        structlog.reset_defaults()


@pytest.mark.rule("ALL-6.1")
def test_only_harmless_keys_are_kept_and_the_others_named(lines: Any) -> None:
    structlog.get_logger("payments").info("recorded", payment_id="p1", attempts=2, patient_name=NAME)
    (line,) = lines()
    assert line["event"] == "recorded"
    assert (line["payment_id"], line["attempts"], line["service"]) == ("p1", 2, "payments")
    assert line["dropped"] == ["patient_name"]
    assert NAME not in json.dumps(line)


@pytest.mark.rule("ALL-6.1")
def test_exception_is_reduced_to_its_type_and_places(lines: Any) -> None:
    def fail() -> None:
        try:
            raise ValueError(f"duplicate key: (name)=({NAME})")
        except ValueError as error:
            raise RuntimeError(f"for {NAME}") from error

    try:
        fail()
    except RuntimeError:
        structlog.get_logger("payments").exception("failed")
        logging.getLogger("payments.http").exception("failed for %s", "x")
    own, standard = lines()
    for line in (own, standard):
        assert NAME not in json.dumps(line)
        assert line["error_type"] == "RuntimeError"
        assert line["error_chain"] == ["RuntimeError", "ValueError"]
        assert line["frames"][-1].endswith(" fail")


def test_of_a_group_of_exceptions_those_in_it_are_named(lines: Any) -> None:
    """A loop's tasks end in a group: by itself that says nothing of why."""

    def fail() -> None:
        raise ValueError(NAME)

    try:
        try:
            fail()
        except ValueError as error:
            raise ExceptionGroup("of tasks", [ExceptionGroup("of more", [error]), KeyError(NAME)]) from None
    except ExceptionGroup:
        structlog.get_logger("payments").exception("failed")
    (line,) = lines()
    assert line["error_chain"] == ["ExceptionGroup", "ExceptionGroup", "KeyError", "ValueError"]
    assert line["frames"][-1].endswith(" fail")
    assert NAME not in json.dumps(line)


def test_of_others_records_only_the_unfilled_template_is_kept(lines: Any) -> None:
    logging.getLogger("somebody.else").warning("no row for %s\n%s", NAME, "more")
    logging.getLogger("somebody.else").warning("Task failed\nfuture: <Task " + NAME + ">")  # noqa: G003
    logging.getLogger("payments.jobs").warning("job failed", extra={"job": "due", "error": "NotYet", "name_of": NAME})
    first, second, own = lines()
    assert (first["event"], second["event"]) == ("no row for %s", "Task failed")
    assert (own["job"], own["error"], own["dropped"]) == ("due", "NotYet", ["name_of"])
    assert NAME not in json.dumps([first, second, own])


def test_line_names_the_trace_it_belongs_to(lines: Any) -> None:
    with telemetry.span("work"):
        structlog.get_logger("payments").info("within")
        expected = telemetry.trace_id()
    structlog.get_logger("payments").info("without")
    within, without = lines()
    assert within["trace_id"] == expected
    assert "trace_id" not in without


def said(name: str, text: str, at: float, *filled: str) -> None:
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, text, filled, None)
    record.created = at
    logging.getLogger(name).handle(record)


def test_what_a_library_says_again_and_again_is_said_once_in_a_while_with_how_often(lines: Any) -> None:
    """A broker that was away for a minute left 4,000 lines in the log of each process."""
    for tenth in range(100):
        said("aiokafka", "Unable connect to node with id %s", 1_000.0 + tenth / 10, "broker")
        said("aiokafka", "Unable to update metadata from %s", 1_000.0 + tenth / 10, "broker")
    said("aiokafka", "Unable connect to node with id %s", 1_000.0 + REPEATED_AFTER_SECONDS, "broker")
    found = [(line["event"], line.get("left_out_count")) for line in lines()]
    assert found == [
        ("Unable connect to node with id %s", None),
        ("Unable to update metadata from %s", None),
        ("Unable connect to node with id %s", 99),
    ]


def test_what_is_ours_is_never_left_out(lines: Any) -> None:
    for _ in range(3):
        said("chassis.messaging.relay", "relay interrupted", 1_000.0)
    assert len(lines()) == 3


def test_texts_that_differ_each_time_take_no_more_memory(lines: Any) -> None:
    repeated = Repeated()
    for number in range(2_000):
        record = logging.LogRecord("a library", logging.ERROR, __file__, 1, f"text {number}", (), None)
        assert repeated.filter(record)
    assert len(repeated._since) <= 500
