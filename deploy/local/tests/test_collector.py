"""The collector: what a real OpenTelemetry exporter sends becomes JSON lines in a bounded file."""

from __future__ import annotations

from pathlib import Path

import httpx
import orjson
from local_stack.edge.app import edge_app
from local_stack.edge.collector import LineFile
from local_stack.edge.settings import EdgeSettings
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


def two_spans() -> tuple[ReadableSpan, ...]:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    tracer = provider.get_tracer("test")
    with tracer.start_as_current_span("POST /v1/payments", attributes={"http.response.status_code": 201}):
        tracer.start_span("send billing.payments.v1").end()
    return kept.get_finished_spans()


async def test_spans_of_a_trace_are_kept_with_parent_and_attributes(tmp_path: Path) -> None:
    settings = EdgeSettings(tmp_path, http_port=1, smtp_port=1, issuer="http://edge.test", clients={})
    child, parent = two_spans()
    transport = httpx.ASGITransport(edge_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://edge.test") as client:
        sent = await client.post("/v1/traces", content=encode_spans([child, parent]).SerializeToString())
        trace = (await client.get(f"/traces/{parent.context.trace_id:032x}")).json()["spans"]
    assert sent.status_code == 200
    assert [span["name"] for span in trace] == ["POST /v1/payments", "send billing.payments.v1"]
    assert trace[1]["parent_span_id"] == trace[0]["span_id"]
    assert trace[0]["attributes"] == {"http.response.status_code": 201}


async def test_what_is_no_protobuf_is_refused(tmp_path: Path) -> None:
    settings = EdgeSettings(tmp_path, http_port=1, smtp_port=1, issuer="http://edge.test", clients={})
    transport = httpx.ASGITransport(edge_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://edge.test") as client:
        assert (await client.post("/v1/traces", content=b"{}")).status_code == 400


def test_file_never_grows_beyond_twice_its_bound(tmp_path: Path) -> None:
    lines = LineFile(tmp_path / "spans.jsonl", bytes_max=1_000)
    for number in range(1_000):
        lines.append([{"number": number}])
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 2_100
    assert orjson.loads(list(lines.lines())[-1]) == {"number": 999}
