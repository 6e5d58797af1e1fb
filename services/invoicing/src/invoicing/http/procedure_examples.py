"""An example of a completed procedure, of the story of `examples.py`."""

from __future__ import annotations

from typing import Any

from invoicing.http.examples import INVOICE, ITEM, NUMBER, PATIENT, PLAN, PROCEDURE, TODAY, VISIT, usd

PROCEDURE_EXAMPLE: dict[str, Any] = {
    "procedure_id": PROCEDURE,
    "state": "invoiced",
    "patient_id": PATIENT,
    "appointment_id": VISIT,
    "provider_id": None,
    "provider_name": "Dr. Calderón",
    "code_system": "CDT",
    "code": "D2740",
    "description": "Crown, porcelain",
    "tooth": "30",
    "surface": None,
    "date_of_service": TODAY,
    "fee": usd("1000.00"),
    "fee_in_other_currency": False,
    "treatment_plan_id": PLAN,
    "treatment_plan_item_id": ITEM,
    "invoice_id": INVOICE,
    "invoice_number": NUMBER,
    "invoiced_ahead": False,
}
