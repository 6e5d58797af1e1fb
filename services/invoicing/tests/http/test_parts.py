"""An invoice shows one part of the patient and one of the insurers: decided where decided, else estimated (`INS-1`)."""

from __future__ import annotations

from typing import Any

import pytest
from invoicing_insurers import Insurer

Json = dict[str, Any]
Shown = tuple[str, str, str, bool]


def of(invoice: Json) -> Shown:
    parts = invoice["parts"]
    amounts = [parts[name]["amount"] for name in ("patient", "insurers", "expected_write_off")]
    asked = sum(float(amount) for amount in amounts)
    due = sum(
        sign * float(amount["amount"])
        for sign, amount in ((1, invoice["totals"]["total"]), (1, invoice["debited"]), (-1, invoice["credited"]))
    )
    assert round(asked - due, 2) == 0, "they are what it asks for in all"
    return amounts[0], amounts[1], amounts[2], parts["decided"]


async def shown(clinic: Any, invoice: Json) -> Shown:
    """As it is read, which is as it is listed."""
    (listed,) = [one for one in await clinic.listed() if one["id"] == invoice["id"]]
    found = of(await clinic.read(invoice["id"]))
    assert of(listed) == found
    return found


@pytest.mark.rule("INS-1.3")
async def test_parts_are_decided_where_decided_and_estimated_where_not(clinic: Any) -> None:
    insurer = Insurer()
    lines = (
        clinic.custom("100.00", estimates=[insurer.estimate("70.00", "20.00", "10.00")]),
        clinic.custom("50.00", estimates=[insurer.estimate("30.00", patient="20.00")]),
        clinic.custom("10.00"),
    )
    draft = await clinic.invoice(*lines, issue=False)
    assert of(draft) == await shown(clinic, draft) == ("40.00", "100.00", "20.00", False)
    invoice = await clinic.post(f"/v1/invoices/{draft['id']}/issue", status=200)
    assert of(invoice) == await shown(clinic, invoice) == ("40.00", "100.00", "20.00", False)
    first = invoice["lines"][0]
    decided = insurer.line(first, "60.00", CO="25.00", PR="10.00", OA="5.00")
    await clinic.harness.deliver(insurer.decides(invoice, [decided], clinic_id=clinic.id))
    assert await shown(clinic, invoice) == ("40.00", "95.00", "0.00", True), "what is undecided is the insurers'"
    await clinic.settle(invoice, "30.00")
    assert await shown(clinic, invoice) == ("40.00", "95.00", "0.00", True), "whoever has paid of it"
    body = {"kind": "courtesy", "reason": "long wait", "amount": clinic.usd("5.00")}
    await clinic.post(f"/v1/invoices/{invoice['id']}/credit-notes", body)
    assert await shown(clinic, invoice) == ("35.00", "95.00", "0.00", True)
    taken_back = insurer.line(first, "60.00", negative=True, CO="25.00", PR="10.00", OA="5.00")
    await clinic.harness.deliver(insurer.decides(invoice, [taken_back], clinic_id=clinic.id))
    assert await shown(clinic, invoice) == ("35.00", "100.00", "20.00", False), "taken back, it is as estimated"


@pytest.mark.rule("INS-1.3")
async def test_an_invoice_without_insurers_is_the_patients_and_a_void_one_nobodys(clinic: Any) -> None:
    insurer = Insurer()
    plain = await clinic.invoice(clinic.custom("100.00"))
    insured = await clinic.invoice(clinic.custom("100.00", estimates=[insurer.estimate("70.00")]))
    assert await shown(clinic, plain) == ("100.00", "0.00", "0.00", False)
    assert await shown(clinic, insured) == ("30.00", "70.00", "0.00", False)
    void = await clinic.post(f"/v1/invoices/{insured['id']}/void", {"reason": "wrong patient"}, 200)
    assert [void["parts"][name]["amount"] for name in ("patient", "insurers")] == ["0.00", "0.00"]


async def test_a_decision_without_an_estimate_is_shown_too(clinic: Any) -> None:
    """The payer is known from the invoice, the line had no estimate."""
    insurer = Insurer()
    payer = {"id": str(insurer.id), "name": insurer.name}
    invoice = await clinic.invoice(clinic.custom("100.00"), primary_payer=payer)
    decided = insurer.line(invoice["lines"][0], "80.00", PR="20.00")
    await clinic.harness.deliver(insurer.decides(invoice, [decided], clinic_id=clinic.id))
    assert await shown(clinic, invoice) == ("20.00", "80.00", "0.00", True)
