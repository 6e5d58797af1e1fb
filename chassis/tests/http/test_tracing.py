"""A request is one span and one measurement by its route; no path, query or body gets into either (`ALL-6`)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chassis.identifiers import new_id
from chassis.testing import ServiceHarness
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from chassis import telemetry

SCOPES = "books:read books:write"
TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "tracer", provider.get_tracer("test"))
    yield exporter
    provider.shutdown()


@pytest.mark.rule("ALL-6.2")
async def test_span_is_named_after_the_route_and_holds_no_identifier(
    harness: ServiceHarness, spans: InMemorySpanExporter
) -> None:
    book = new_id()
    async with harness.client(SCOPES) as client:
        await client.get(f"/v1/books/{book}", headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
        await client.get("/v1/Miller", params={"name": "Miller"})
        await client.get("/health/ready")
    found, nowhere = spans.get_finished_spans()
    assert (found.name, found.kind) == ("GET /v1/books/{book_id}", SpanKind.SERVER)
    assert format(found.context.trace_id, "032x") == TRACE
    assert dict(found.attributes or {}) == {
        "http.request.method": "GET",
        "url.scheme": "http",
        "http.route": "/v1/books/{book_id}",
        "http.response.status_code": 404,
    }
    assert nowhere.name == "GET unmatched"
    assert "Miller" not in nowhere.to_json()
    assert found.status.status_code is StatusCode.UNSET


@pytest.mark.rule("ALL-6.2")
async def test_what_a_caller_adds_to_the_trace_goes_no_further(
    harness: ServiceHarness, spans: InMemorySpanExporter
) -> None:
    """ALL-6: it would go into Kafka's headers, whatever it says."""
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "tracestate": "patient=Miller"}
    async with harness.client(SCOPES) as client:
        await client.get("/v1/books", headers=headers)
    (found,) = spans.get_finished_spans()
    assert format(found.context.trace_id, "032x") == TRACE
    assert len(found.context.trace_state) == 0


async def test_fault_marks_its_span_without_its_text(harness: ServiceHarness, spans: InMemorySpanExporter) -> None:
    async with harness.client(SCOPES) as client:
        await client.post("/v1/books", json={"title": "crash", "pages": [1]})
    (failed,) = spans.get_finished_spans()
    assert failed.status.status_code is StatusCode.ERROR
    assert "Miller" not in failed.to_json()


async def test_announced_event_carries_the_requests_trace(harness: ServiceHarness, spans: InMemorySpanExporter) -> None:
    with telemetry.span("request") as outer:
        assert telemetry.inject()[0] is not None
        async with harness.database.transaction([new_id()], "test") as work:
            trace = work.trace_of("any key")
    assert trace.traceparent is not None
    assert trace.traceparent.split("-")[1] == format(outer.get_span_context().trace_id, "032x")
