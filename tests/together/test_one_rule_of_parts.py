"""What of a patient's invoices is the patient's and what insurers': statement and ageing of one moment say the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from insurers_cases import DENIED, FIRST, REVERSAL, SECOND, Decided, Forgiven, Paid
from office import NAMES, TURNS, Office, good, office_of, usd

Estimated = Sequence[tuple[int, int, int]]
"""By insurer in turn: what it is expected to pay, to have written off, and to leave to the patient."""
BOTH: Estimated = [(50, 10, 40), (20, 0, 20)]
PENDING = Decided(0, 0, [("CO", "16", 100)])
PARTLY = Decided(0, 50, [("CO", "45", 10), ("OA", "100", 15), ("PR", "2", 25)])
Step = Decided | Paid | Forgiven
CASES: dict[str, tuple[Estimated, Sequence[Step], tuple[str, str]]] = {
    "nobody is insured": ([], [Paid(30)], ("70.00", "0.00")),
    "none has decided": (BOTH, [], ("20.00", "80.00")),
    "none has decided, and the patient's part is paid": (BOTH, [Paid(20)], ("0.00", "80.00")),
    "none has decided, and one pays": (BOTH, [Paid(50, 0)], ("20.00", "30.00")),
    "none has decided, and some is forgiven": (BOTH, [Forgiven(30)], ("0.00", "70.00")),
    "the primary has decided": (BOTH, [FIRST], ("20.00", "70.00")),
    "the primary has decided and paid": (BOTH, [FIRST, Paid(50, 0)], ("20.00", "20.00")),
    "both have decided, the second pays": (BOTH, [FIRST, SECOND, Paid(20, 1)], ("20.00", "50.00")),
    "without an estimate, decided": ([], [FIRST], ("40.00", "50.00")),
    "a document is missing": (BOTH[:1], [PENDING], ("0.00", "100.00")),
    "a document is missing, without an estimate": ([], [PENDING], ("0.00", "100.00")),
    "some is left undecided": ([], [PARTLY], ("25.00", "65.00")),
    "some is left undecided, and paid": ([], [PARTLY, Paid(50, 0), Paid(10)], ("15.00", "15.00")),
    "denied": ([], [DENIED], ("0.00", "0.00")),
    "decided and reversed": (BOTH[:1], [FIRST, REVERSAL], ("0.00", "100.00")),
    "paid too much by all": (BOTH, [FIRST, Paid(100), Paid(50, 0)], ("0.00", "0.00")),
}


async def insured(office: Office, estimated: Estimated) -> dict[str, Any]:
    estimates = [
        {
            "payer_id": str(office.insurers[by]),
            "payer_name": NAMES[by],
            "payer_sequence": TURNS[by],
            "expected": usd(expected),
            "write_off": usd(write_off),
            "patient_part": usd(patient_part),
        }
        for by, (expected, write_off, patient_part) in enumerate(estimated)
    ]
    line: dict[str, Any] = {"kind": "custom", "description": "Crown", "unit_price": usd(100)}
    line |= {"estimates": estimates} if estimates else {}
    body = {"patient_id": str(new_id()), "issue": True, "lines": [line]}
    invoice: dict[str, Any] = good(await office.bills.post("/v1/invoices", json=body), 201)
    return invoice


async def by_statement(office: Office, patient: str) -> tuple[str, str]:
    """What is asked of the patient, own credit left aside as the ageing leaves it, and what is left to insurers."""
    found = good(await office.till.get(f"/v1/patients/{patient}/statement"))
    credit = good(await office.till.get(f"/v1/patients/{patient}/credit"))["balance"]["amount"]
    theirs = found["insurers_to_pay"]["amount"]
    patients = float(found["closing_balance"]["amount"]) + float(credit) - float(theirs)
    due = found["next_due"]["amount"]["amount"] if found["next_due"] else "0.00"
    assert due == f"{patients:.2f}", "the whole of one invoice is due next"
    return due, theirs


async def by_ageing(office: Office) -> dict[str, str]:
    """What each debtor owes."""
    found = good(await office.bills.get("/v1/reports/ageing"))["items"]
    return {one["id"]: one["total"]["amount"] for one in found}


@pytest.mark.rule("INS-4.8")
@pytest.mark.parametrize("case", CASES)
async def test_statement_and_ageing_of_one_moment_agree_to_the_cent(
    services: tuple[ServiceHarness, ServiceHarness], case: str
) -> None:
    """INS-1, INS-4, PAY-9, PAY-16: before any decision, after each, with what is undecided, with money of each."""
    estimated, steps, expected = CASES[case]
    async with office_of(services) as office:
        invoice = await insured(office, estimated)
        await office.listen()
        for step in (None, *steps):
            if isinstance(step, Decided):
                await office.decide([(invoice, step)])
            elif isinstance(step, Paid):
                await office.pay([(invoice, step)])
            elif isinstance(step, Forgiven):
                await office.forgive([(invoice, step)])
            await office.listen()
            aged = await by_ageing(office)
            patients = aged.pop(invoice["patient_id"], "0.00")
            insurers = f"{sum(map(float, aged.values())):.2f}"
            assert await by_statement(office, invoice["patient_id"]) == (patients, insurers)
            assert aged.keys() <= {str(one) for one in office.insurers}
        assert (patients, insurers) == expected
        await office.prove()
