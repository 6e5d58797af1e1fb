"""Examples of treatment plans, of the story of `examples.py`."""

from __future__ import annotations

from typing import Any

from invoicing.http.examples import INVOICE, ITEM, NOW, NUMBER, PATIENT, PLAN, PROCEDURE, usd

_SHARES = {"invoiced": usd("900.00"), "credited": usd("50.00"), "paid": usd("350.00"), "outstanding": usd("500.00")}
_PLAN = {"treatment_plan_id": PLAN, "patient_id": PATIENT, "name": "Crown on 30", "accepted_at": NOW}
PLAN_SUMMARY_EXAMPLE: dict[str, Any] = _PLAN | {
    "items": 1,
    "invoiced_items": 1,
    "done_items": 1,
    "planned": usd("1000.00"),
}
PLAN_EXAMPLE: dict[str, Any] = _PLAN | {
    "totals": _SHARES | {"planned": usd("1000.00")},
    "items": [
        _SHARES
        | {
            "item_id": ITEM,
            "position": 1,
            "state": "invoiced",
            "done": True,
            "code_system": "CDT",
            "code": "D2740",
            "description": "Crown, porcelain",
            "tooth": "30",
            "surface": None,
            "planned": usd("1000.00"),
            "invoice_id": INVOICE,
            "invoice_number": NUMBER,
            "procedure_id": PROCEDURE,
        }
    ],
    "other_lines": [],
}
