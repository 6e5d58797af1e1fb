"""What a clinic day has besides its visits: extras and products, discounts, surpluses, mistakes, refunds, a void."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from local_stack.practice.api import Api
from local_stack.practice.events import contact_points
from local_stack.practice.extract import Extract
from local_stack.practice.front_desk import money
from local_stack.practice.ledger import Clinic, Patient, as_amount, derived_id, in_cents


@dataclass
class Scene:
    """One story at the front desk: whose it is, what happened, and what its invoice must ask for in the end."""

    name: str
    clinic: Clinic
    patient: Patient
    day: date
    told: list[str] = field(default_factory=list)
    invoice_id: str = ""
    outstanding: int = 0
    transactions: list[str] = field(default_factory=list)


class FrontDesk:
    """Requests of one scene. Their keys follow from the scene and its steps: the same day played twice is one day."""

    def __init__(self, api: Api, scene: Scene) -> None:
        self._api = api
        self._scene = scene
        self._steps = 0

    async def invoice(self, lines: Iterable[dict[str, Any]], **more: Any) -> int:
        """Make and issue an invoice by hand (`INV-3`); returns its total in cents."""
        body = {"patient_id": str(self._scene.patient.id), "lines": list(lines), "issue": True, **more}
        made = await self._post("invoicing", "/v1/invoices", body)
        self._scene.invoice_id = made["id"]
        total = in_cents(made["totals"]["total"]["amount"])
        self._scene.told.append(f"invoice {made['number']} over {as_amount(total)}")
        return total

    async def pay(self, cents: int, method: str, **more: Any) -> str:
        """Enter a patient's payment on the invoice (`PAY-1`)."""
        body = {
            "patient_id": str(self._scene.patient.id),
            "payer": {"kind": "patient"},
            "amount": money(cents),
            "method": method,
            "allocations": [{"invoice_id": self._scene.invoice_id}],
            **more,
        }
        paid = await self._post("payments", "/v1/payments", body)
        self._scene.transactions.append(paid["id"])
        self._scene.told.append(f"{as_amount(cents)} paid by {method.replace('_', ' ')}")
        return str(paid["id"])

    async def refund(self, payment_id: str, cents: int, code: str, reason: str) -> str:
        """Give money of a payment back (`PAY-4`)."""
        body = {"amount": money(cents), "reason_code": code, "reason": reason}
        refund = await self._post("payments", f"/v1/payments/{payment_id}/refunds", body)
        self._scene.transactions.append(refund["id"])
        self._scene.told.append(f"{as_amount(cents)} refunded ({reason})")
        return str(refund["id"])

    async def cancel(self, payment_id: str, reason: str) -> None:
        """Reverse a payment that was recorded by mistake (`PAY-5`)."""
        await self._post("payments", f"/v1/payments/{payment_id}/cancellation", {"reason": reason})
        self._scene.told.append(f"cancelled ({reason})")

    async def void(self, reason: str) -> None:
        """Void the invoice, with nothing paid on it (`INV-8`)."""
        await self._post("invoicing", f"/v1/invoices/{self._scene.invoice_id}/void", {"reason": reason})
        self._scene.told.append(f"void ({reason})")

    async def _post(self, service: str, path: str, body: dict[str, Any]) -> Any:
        self._steps += 1
        scene = self._scene
        key = derived_id("scene", scene.day, scene.name, scene.clinic.id, scene.patient.id, self._steps)
        return (await self._api.post(service, scene.clinic.id, path, body, key)).body


def scenes_of(extract: Extract, day: date) -> list[Scene]:
    """The day's stories, each with another patient of those who want their documents by email."""
    willing = {
        patient.id: (clinic, patient)
        for clinic, patient in extract.registrations()
        if any("documents" in point.consents for point in contact_points(patient))
    }
    return [Scene(name, *pair, day) for name, pair in zip(STORIES, willing.values(), strict=False)]


async def play_scene(api: Api, scene: Scene) -> None:
    """Let one story happen. Raises PlayError."""
    await STORIES[scene.name](FrontDesk(api, scene), scene)


async def _sold_with_a_discount(desk: FrontDesk, scene: Scene) -> None:
    """An extra procedure with a discount and products on one invoice, paid in part."""
    examination = procedure(
        "Emergency examination", 9_500, tooth="14", discount={"percent": "10", "reason": "courtesy"}
    )
    total = await desk.invoice([examination, product("BRUSH-SOFT", "Toothbrush, soft", "2", 450)])
    await desk.pay(6_000, "bank_card")
    scene.outstanding = total - 6_000


async def _paid_too_much(desk: FrontDesk, _: Scene) -> None:
    """The surplus is kept as the patient's credit, then given back (`PAY-2`, `PAY-3`)."""
    total = await desk.invoice([procedure("Denture adjustment", 12_000)])
    payment = await desk.pay(total + 3_000, "cash", allow_overpayment=True)
    await desk.refund(payment, 3_000, "overpayment", "paid 30.00 too much")


async def _typed_wrong(desk: FrontDesk, _: Scene) -> None:
    """A payment recorded by mistake is cancelled, and recorded right."""
    total = await desk.invoice([procedure("Fluoride varnish", 8_400)])
    wrong = await desk.pay(4_800, "check")
    await desk.cancel(wrong, "typed 48.00 for 84.00")
    await desk.pay(total, "check")


async def _made_good(desk: FrontDesk, _: Scene) -> None:
    """Part of a payment is given back for a reason: a credit note keeps the invoice as settled as it was (`PAY-4`)."""
    total = await desk.invoice([procedure("Crown, recemented", 20_000, tooth="30")])
    payment = await desk.pay(total, "bank_card")
    await desk.refund(payment, 5_000, "complaint", "crown came loose again")


async def _wrong_patient(desk: FrontDesk, _: Scene) -> None:
    """An invoice for somebody else is voided; its number stays its own (`INV-7`, `INV-8`)."""
    await desk.invoice([procedure("Panoramic radiograph", 7_500)])
    await desk.void("meant for another patient")


STORIES = {
    "extra procedure, products and a discount": _sold_with_a_discount,
    "paid too much, and given back": _paid_too_much,
    "recorded by mistake, and recorded right": _typed_wrong,
    "refunded with a reason": _made_good,
    "issued to the wrong patient": _wrong_patient,
}


def procedure(description: str, cents: int, **more: Any) -> dict[str, Any]:
    """A line of an extra procedure, typed in."""
    return {
        "kind": "extra_procedure",
        "code_system": "clinic",
        "code": derived_id("code", description).hex[:6].upper(),
        "description": description,
        "quantity": "1",
        "unit_price": money(cents),
        **more,
    }


def product(sku: str, description: str, quantity: str, cents: int) -> dict[str, Any]:
    """A line of a product from the inventory."""
    return {
        "kind": "product",
        "sku": sku,
        "description": description,
        "quantity": quantity,
        "unit_price": money(cents),
    }


def invoices_of(scenes: Iterable[Scene]) -> dict[UUID, Scene]:
    """The scenes by their invoice."""
    return {UUID(scene.invoice_id): scene for scene in scenes}
