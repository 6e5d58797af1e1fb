"""A collector of OpenTelemetry signals over OTLP/HTTP: spans and measurements become JSON lines in bounded files."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

FILE_BYTES_MAX = 64_000_000
"""A file that has grown beyond this is kept once as `.1` and begun anew."""

_KINDS = ("unspecified", "internal", "server", "client", "producer", "consumer")
_STATUSES = ("unset", "ok", "error")


class LineFile:
    """Appends JSON documents, one a line, to a file that never grows beyond twice its bound."""

    def __init__(self, file: Path, bytes_max: int = FILE_BYTES_MAX) -> None:
        self.file = file
        self._bytes_max = bytes_max
        file.parent.mkdir(parents=True, exist_ok=True)

    def append(self, documents: Iterable[dict[str, Any]]) -> None:
        """Write the documents and make them visible to readers of the file."""
        with self.file.open("ab") as output:
            output.writelines(orjson.dumps(document) + b"\n" for document in documents)
            size = output.tell()
        if size > self._bytes_max:
            self.file.replace(self.file.with_suffix(self.file.suffix + ".1"))

    def lines(self) -> Iterator[bytes]:
        """What is kept, oldest first."""
        for file in (self.file.with_suffix(self.file.suffix + ".1"), self.file):
            if file.exists():
                with file.open("rb") as opened:
                    yield from opened


@dataclass(frozen=True)
class Measured:
    """One figure of one process, as it was told: of whom, with which attributes."""

    instance: str
    attributes: dict[str, Any]
    value: float


def measured(measurements: LineFile, name: str) -> list[Measured]:
    """What was told of a gauge, oldest first."""
    found = []
    for line in measurements.lines():
        told = orjson.loads(line)
        instance = _attributes(told["resource"]).get("service.instance.id", "")
        for metric in (one for scope in told.get("scopeMetrics", []) for one in scope.get("metrics", [])):
            points = metric.get("gauge", {}).get("dataPoints", []) if metric["name"] == name else []
            found += [Measured(instance, _attributes(point), _number(point)) for point in points]
    return found


def _attributes(holder: dict[str, Any]) -> dict[str, Any]:
    return {one["key"]: next(iter(one["value"].values()), None) for one in holder.get("attributes", [])}


def _number(point: dict[str, Any]) -> float:
    return float(point.get("asDouble", point.get("asInt", 0)))


def collector_routes(traces: LineFile, measurements: LineFile) -> list[Route]:
    """`POST /v1/traces`, `/v1/metrics` for exporters; `GET /traces/{trace_id}` for people and tests."""

    async def take_spans(request: Request) -> Response:
        told = ExportTraceServiceRequest()
        _parse(told, await _content(request))
        traces.append(spans_of(told))
        return Response(b"", media_type="application/x-protobuf")

    async def take_measurements(request: Request) -> Response:
        told = ExportMetricsServiceRequest()
        _parse(told, await _content(request))
        measurements.append([MessageToDict(resource) for resource in told.resource_metrics])
        return Response(b"", media_type="application/x-protobuf")

    async def trace(request: Request) -> Response:
        wanted = f'"trace_id":"{request.path_params["trace_id"]}"'.encode()
        spans = [orjson.loads(line) for line in traces.lines() if wanted in line]
        return JSONResponse({"spans": sorted(spans, key=lambda span: int(span["started_ns"]))})

    return [
        Route("/v1/traces", take_spans, methods=["POST"]),
        Route("/v1/metrics", take_measurements, methods=["POST"]),
        Route("/traces/{trace_id}", trace),
    ]


def spans_of(told: ExportTraceServiceRequest) -> Iterator[dict[str, Any]]:
    """The spans of one export, flat: identifiers in hex, times in nanoseconds since 1970."""
    for resource in told.resource_spans:
        service = next((a.value.string_value for a in resource.resource.attributes if a.key == "service.name"), "")
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield {
                    "trace_id": span.trace_id.hex(),
                    "span_id": span.span_id.hex(),
                    "parent_span_id": span.parent_span_id.hex(),
                    "service": service,
                    "name": span.name,
                    "kind": _KINDS[span.kind],
                    "started_ns": span.start_time_unix_nano,
                    "took_ms": (span.end_time_unix_nano - span.start_time_unix_nano) / 1e6,
                    "status": _STATUSES[span.status.code],
                    "attributes": {a.key: _value(a.value) for a in span.attributes},
                    "links": [{"trace_id": e.trace_id.hex(), "span_id": e.span_id.hex()} for e in span.links],
                    "events": [event.name for event in span.events],
                }


def _value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind in ("array_value", "kvlist_value"):
        return MessageToDict(value)
    return None if kind is None else getattr(value, kind)


async def _content(request: Request) -> bytes:
    content = await request.body()
    coding = request.headers.get("content-encoding")
    try:
        if coding == "gzip":
            return gzip.decompress(content)
        return zlib.decompress(content) if coding == "deflate" else content
    except (OSError, zlib.error) as error:
        raise HTTPException(400, "the content is not coded as it says") from error


def _parse(told: Any, content: bytes) -> None:
    try:
        told.ParseFromString(content)
    except DecodeError as error:
        raise HTTPException(400, "only protobuf is understood") from error
