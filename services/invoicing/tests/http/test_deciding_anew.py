"""Who is refused because of a figure that payments moves may wait for it, and is decided anew then (`PAY-11`)."""

from __future__ import annotations

import asyncio
from typing import Any

from contracts.payments import PaymentCancelled, PaymentRefunded, RefundCancelled


async def started(clinic: Any, path: str, body: dict[str, Any]) -> asyncio.Task[Any]:
    """A request that is refused as things are, and waits."""
    waiting = asyncio.ensure_future(clinic.api.post(path, json=body))
    done, _ = await asyncio.wait([waiting], timeout=0.3)
    assert not done, "answered before anything has arrived"
    return waiting


async def test_voiding_right_after_a_cancellation_waits_for_it(clinic: Any) -> None:
    """INV-8."""
    made = await clinic.invoice(clinic.custom("100.00"))
    payment = await clinic.settle(made, "100.00")
    with clinic.harness.patient(60.0):
        voiding = await started(clinic, f"/v1/invoices/{made['id']}/void", {"reason": "wrong patient"})
        of_payment = payment.settlements[0].payment_id
        await clinic.settle(made, "-100.00", PaymentCancelled, of_payment=of_payment)
        answer = await voiding
    assert (answer.status_code, answer.json()["status"]) == (200, "void")


async def test_crediting_right_after_a_refund_was_cancelled_waits_for_it(clinic: Any) -> None:
    """PAY-20: what the refund's credit note had taken is left to credit again."""
    made = await clinic.invoice(clinic.custom("100.00"))
    payment = await clinic.settle(made, "100.00")
    of_payment = payment.settlements[0].payment_id
    refund = await clinic.settle(made, "-100.00", PaymentRefunded, credited="100.00", of_payment=of_payment)
    body = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("60.00")}
    with clinic.harness.patient(60.0):
        crediting = await started(clinic, f"/v1/invoices/{made['id']}/credit-notes", body)
        undone = {"credited": "-100.00", "of_payment": of_payment, "refund_id": refund.transaction_id}
        await clinic.settle(made, "100.00", RefundCancelled, **undone)
        answer = await crediting
    assert (answer.status_code, answer.json()["total"]) == (201, clinic.usd("60.00"))


async def test_what_does_not_move_is_refused_with_what_is_known_and_when_to_try_again(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    body = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("160.00")}
    with clinic.harness.patient(0.05):
        answer = await clinic.api.post(f"/v1/invoices/{made['id']}/credit-notes", json=body)
    assert (answer.status_code, answer.headers["Retry-After"]) == (422, "1")
    assert answer.json()["left"] == clinic.usd("100.00")
