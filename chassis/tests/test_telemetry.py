"""One trace runs through, whether or not anything is exported."""

from __future__ import annotations

import pytest
from opentelemetry import trace

from chassis import telemetry

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
NONE = (None, None)


def test_span_continues_the_trace_that_it_was_given() -> None:
    with telemetry.span("work", parent=telemetry.extracted(PARENT, "vendor=1")):
        parent, state = telemetry.inject()
    assert parent is not None
    version, trace_id, span_id, flags = parent.split("-")
    assert (version, trace_id, flags, state) == ("00", "0af7651916cd43dd8448eb211c80319c", "01", "vendor=1")
    assert span_id != "b7ad6b7169203331"
    assert telemetry.inject() == NONE


def test_span_without_a_parent_begins_a_trace_and_inner_ones_stay_in_it() -> None:
    with telemetry.span("outer"):
        outer = telemetry.trace_id()
        with telemetry.span("inner"):
            assert telemetry.trace_id() == outer
        assert telemetry.trace_headers()["traceparent"].split("-")[1] == outer
    assert outer is not None
    assert telemetry.trace_id() is None


@pytest.mark.parametrize("broken", ["", "x", "00-0-0-0", "00-" + "0" * 32 + "-" + "0" * 16 + "-00"])
def test_broken_trace_is_none(broken: str) -> None:
    assert not trace.get_current_span(telemetry.extracted(broken)).get_span_context().is_valid
    assert telemetry.linked(broken) is None


def test_error_leaves_the_span_and_the_context_as_they_were() -> None:
    with pytest.raises(KeyError), telemetry.span("work"):
        raise KeyError("Miller")
    assert telemetry.trace_id() is None


def test_without_an_endpoint_nothing_is_set_up() -> None:
    exporting = telemetry.start_telemetry(service="payments", version="1", endpoint=None)
    assert (exporting.traces, exporting.metrics) == NONE
    exporting.close()
