"""Invoicing as an importer of remittances sees it, and the file that most tests are about."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from contracts.insurance import ClaimAdjudicated
from remittances.imported import Imported
from remittances.importing import import_file
from remittances.invoices import Invoices

FILE = Path(__file__).parent / "files" / "two-remittances.835"
CLINIC, DELTA = UUID(int=7), UUID(int=9)
NUMBERS = ("000117", "000118", "000101", "000120", "000121")


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def line(position: int, code: str, amount: str, discount: str = "0.00") -> dict[str, Any]:
    return {
        "id": str(UUID(int=int(Decimal(amount) * 100) + position)),
        "position": position,
        "code": code,
        "amount": usd(amount),
        "discount_amount": usd(discount),
        "document_discount_amount": usd("0.00"),
        "estimates": [],
    }


LINES = {
    "000117": [line(1, "D0120", "62.50"), line(2, "D2392", "215.00", "21.50"), line(3, "SKU-1", "29.80")],
    "000118": [line(1, "D1110", "100.00")],
    "000101": [line(1, "D1110", "95.00")],
    "000120": [line(1, "D1110", "60.00"), line(2, "D0140", "30.00")],
    "000121": [line(1, "D0140", "50.00")],
}


class Invoicing:
    """Invoicing's API as a claim sees it: invoices by number, and what is decided already."""

    def __init__(self, **changes: Any) -> None:
        self.decided: list[ClaimAdjudicated] = []
        self.aside: list[ClaimAdjudicated] = []
        self.numbers = NUMBERS
        self.closed: dict[str, Any] | None = None
        """Who dismissed what is set aside, when and why."""
        self.insurance: dict[str, Any] | None = None
        self.status = "issued"
        self.down = False
        self.__dict__.update(changes)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("refused")
        path, query = request.url.path, request.url.params
        if path == "/v1/insurance-decisions":
            return httpx.Response(200, json=page([listed(one) for one in self.decided if is_wanted(one, query)]))
        if path == "/v1/set-aside-decisions":
            found = [aside(one, self.closed) for one in self.aside if is_wanted(one, query)]
            return httpx.Response(200, json=page(found))
        if path == "/v1/invoices/search":
            return self.searched(json.loads(request.content)["number"])
        number = f"{UUID(path.rpartition('/')[2]).int:06}"
        return httpx.Response(200, json=self.invoice(number)) if number in self.numbers else httpx.Response(404)

    def searched(self, number: str) -> httpx.Response:
        """Invoices by their number, in capitals or not; none where a number cannot be so."""
        if not number.isascii():
            return httpx.Response(422)
        short = number.upper().removeprefix("INV-2026-")
        found = [{"id": str(UUID(int=int(short))), "number": number.upper()}] if short in self.numbers else []
        return httpx.Response(200, json=page(found))

    def invoice(self, number: str) -> dict[str, Any]:
        return {
            "id": str(UUID(int=int(number))),
            "number": f"INV-2026-{number}",
            "patient_id": str(UUID(int=1000 + int(number))),
            "status": self.status,
            "lines": LINES[number],
            "totals": {"total": usd("100.00")},
            "primary_payer": {"id": str(DELTA), "name": "HARBOR Dental Mutual"},
            "insurance": self.insurance,
        }


FILTERS = ("remittance_id", "invoice_id", "remittance_reference")


def is_wanted(one: ClaimAdjudicated, query: Any) -> bool:
    return all(str(getattr(one, name)) == query[name] for name in FILTERS if name in query)


def listed(one: ClaimAdjudicated) -> dict[str, Any]:
    """An applied decision as invoicing lists it."""
    shown = one.model_dump(mode="json") | {"decided_at": one.occurred_at.isoformat()}
    shown["invoice_number"] = f"INV-2026-{one.invoice_id.int:06}"
    return shown | {"lines": [each | {"line_id": each["invoice_line_id"]} for each in shown["lines"]]}


def aside(one: ClaimAdjudicated, closed: dict[str, Any] | None = None) -> dict[str, Any]:
    """A decision that was set aside as invoicing lists it, dismissed where it says by whom."""
    state = "open" if closed is None else "dismissed"
    return listed(one) | {"state": state, "detail": "line 1: no", "stated": listed(one)} | (closed or {})


def page(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"items": items, "next": None}


class Published(list[ClaimAdjudicated]):
    async def publish(self, decisions: Any) -> None:
        self.extend(decisions)


async def imported(
    invoicing: Invoicing, path: Path = FILE, payer: UUID | None = None
) -> tuple[list[Imported], Published]:
    published = Published()
    async with Invoices("http://test", "token", httpx.MockTransport(invoicing.answer)) as invoices:
        return await import_file(path, CLINIC, invoices, published, payer), published


def sent(folder: Path, *changes: tuple[str, str]) -> Path:
    """The file with something in it changed."""
    given, path = FILE.read_text(), folder / "sent.835"
    for was, becomes in changes:
        assert was in given
        given = given.replace(was, becomes)
    path.write_text(given)
    return path
