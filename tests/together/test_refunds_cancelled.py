"""Money that a courtesy made credit is given back, and both were mistakes: in both services all is as it was."""

from __future__ import annotations

from itertools import permutations

import pytest
from chassis.testing.harness import ServiceHarness
from insurers_cases import FIRST, Outcome, Paid
from office import good, office_of

MONEY = (Paid(50, 0), Paid(40))
BEFORE: list[tuple[Paid | None, ...]] = list(permutations((*MONEY, None)))
"""What came before and after the courtesy, which is None; the insurer has decided by then."""
EXPECTED: Outcome = (
    "0.00",
    {"Delta": "50.00", "patient": "40.00"},
    "0.00",
    {},
    ("50.00", "10.00", "40.00", "0.00", "0.00"),
)


@pytest.mark.rule("PAY-22.1", "PAY-5.4", "INS-4.7")
@pytest.mark.parametrize("cancelled_first", [False, True], ids=["courtesy-first", "refunds-first"])
@pytest.mark.parametrize("at_once", [False, True], ids=["heard", "at-once"])
async def test_refunds_of_what_a_courtesy_set_free_are_undone_with_it_in_either_order(
    services: tuple[ServiceHarness, ServiceHarness], *, at_once: bool, cancelled_first: bool
) -> None:
    """Of 100.00 the insurer pays 50.00, the contract takes off 10.00, the patient pays 40.00."""
    async with office_of(services) as office:
        invoices = [await office.invoice() for _ in BEFORE]
        await office.listen()
        await office.decide([(invoice, FIRST) for invoice in invoices])
        await office.listen()
        notes, refunds = [], []
        for place in range(len(BEFORE[0])):
            now = [(invoice, order[place]) for invoice, order in zip(invoices, BEFORE, strict=True)]
            for invoice in (invoice for invoice, step in now if step is None):
                body = {"kind": "courtesy", "reason": "as asked"}
                note = await office.bills.post(f"/v1/invoices/{invoice['id']}/credit-notes", json=body)
                notes.append(good(note, 201)["id"])
            await office.pay([(invoice, step) for invoice, step in now if step is not None])
            await office.listen()
        for payment in good(await office.till.get("/v1/payments?limit=200"))["items"]:
            body = {"amount": payment["amount"], "reason_code": "overpayment", "reason": "as asked"}
            refund = await office.till.post(f"/v1/payments/{payment['id']}/refunds", json=body)
            refunds.append(good(refund, 201)["id"])
        assert len(refunds) == len(BEFORE) * len(MONEY)
        await office.listen()
        for refunds_now in (cancelled_first, not cancelled_first):
            if refunds_now:
                for refund_id in refunds:
                    path = f"/v1/transactions/{refund_id}/cancellation"
                    good(await office.till.post(path, json={"reason": "a mistake"}), 201)
            else:
                for note_id in notes:
                    path = f"/v1/credit-notes/{note_id}/undo"
                    good(await office.bills.post(path, json={"reason": "a mistake"}), 201)
            if not at_once:
                await office.listen()
        await office.listen()
        found = zip(BEFORE, await office.outcomes(invoices), strict=True)
        wrong = {order: outcome for order, outcome in found if outcome != EXPECTED}
        assert not wrong, f"{len(wrong)} of {len(BEFORE)} orders come to something else: {wrong}"
        await office.prove()
