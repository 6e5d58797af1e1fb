"""Examples of the accountant's reports; each adds up."""

from __future__ import annotations

from typing import Any

from chassis.ages import AGES

from invoicing.http.examples import usd

PATIENT = "0190f3a1-6c00-7000-8000-000000000002"
INSURER = "0190f3a1-6c00-7000-8000-00000000000b"
PROVIDER = "0190f3a1-6c00-7000-8000-000000000003"
PERIOD = {"from": "2026-11-01", "to": "2026-11-30"}


def _ages(*amounts: str, total: str) -> dict[str, Any]:
    return {name: usd(amount) for name, amount in zip(AGES, amounts, strict=True)} | {"total": usd(total)}


def _documents(kind: str | None, documents: int, *amounts: str) -> dict[str, Any]:
    sums = {name: usd(one) for name, one in zip(("net", "tax", "cash_rounding", "total"), amounts, strict=True)}
    return sums if kind is None else {"kind": kind, "documents": documents} | sums


def _part(category: str, rate: str, kind: str, documents: int, base: str, tax: str) -> dict[str, Any]:
    said = {"tax_category": category, "tax_rate": rate, "kind": kind, "documents": documents}
    return said | {"base": usd(base), "tax": usd(tax)}


TAX: dict[str, Any] = PERIOD | {
    "currency": "USD",
    "items": [
        _part("E", "0", "credit_note", 1, "-50.00", "0.00"),
        _part("E", "0", "invoice", 2, "1000.00", "0.00"),
        _part("S", "22", "invoice", 1, "100.00", "22.00"),
    ],
    "documents": [
        _documents("credit_note", 1, "-50.00", "0.00", "0.00", "-50.00"),
        _documents("invoice", 2, "1100.00", "22.00", "0.00", "1122.00"),
    ],
    "totals": _documents(None, 0, "1050.00", "22.00", "0.00", "1072.00"),
}
AGEING: dict[str, Any] = {
    "as_of": "2026-11-30",
    "currency": "USD",
    "patients": _ages("120.00", "80.00", "0.00", "0.00", "40.00", total="240.00"),
    "insurers": _ages("450.00", "0.00", "0.00", "0.00", "0.00", total="450.00"),
    "expected_write_off": usd("80.00"),
    "total": usd("690.00"),
    "items": [
        {"debtor": "patient", "id": PATIENT, "name": "Amara Okafor", "expected_write_off": usd("0.00")}
        | _ages("120.00", "80.00", "0.00", "0.00", "40.00", total="240.00"),
        {"debtor": "insurer", "id": INSURER, "name": "Harbor Dental Plan", "expected_write_off": usd("80.00")}
        | _ages("450.00", "0.00", "0.00", "0.00", "0.00", total="450.00"),
    ],
    "next": None,
}
_WHO = {"provider_id": PROVIDER, "provider_name": "Dr. Lin"}
COLLECTIONS: dict[str, Any] = PERIOD | {
    "currency": "USD",
    "total": usd("350.00"),
    "providers": [_WHO | {"collected": usd("350.00")}],
    "items": [
        _WHO
        | {
            "kind": "procedure",
            "code_system": "CDT",
            "code": "D1110",
            "description": "Prophylaxis",
            "collected": usd("350.00"),
        }
    ],
    "next": None,
}
_GIVEN_UP = {
    "kind": "write_off",
    "notes": 2,
    "given_up": usd("60.00"),
    "taken_back": usd("20.00"),
    "net": usd("40.00"),
    "tax": usd("0.00"),
    "total": usd("40.00"),
}
WRITE_OFFS: dict[str, Any] = PERIOD | {
    "currency": "USD",
    "total": usd("40.00"),
    "kinds": [_GIVEN_UP],
    "items": [_GIVEN_UP | {"reason": "small balance"}],
    "next": None,
}
CSV_TAX = "tax_category,tax_rate,kind,documents,base,tax,currency\r\nS,22,invoice,1,100.00,22.00,USD\r\n"
CSV_AGEING = (
    "debtor,id,name,not_due,days_1_30,days_31_60,days_61_90,over_90_days,total,currency,expected_write_off\r\n"
    f"patient,{PATIENT},Amara Okafor,120.00,80.00,0.00,0.00,40.00,240.00,USD,0.00\r\n"
)
CSV_COLLECTIONS = (
    "provider_id,provider_name,kind,code_system,code,description,collected,currency\r\n"
    f"{PROVIDER},Dr. Lin,procedure,CDT,D1110,Prophylaxis,350.00,USD\r\n"
)
CSV_WRITE_OFFS = (
    "kind,reason,notes,given_up,taken_back,net,tax,total,currency\r\n"
    "write_off,small balance,2,60.00,20.00,40.00,0.00,40.00,USD\r\n"
)
