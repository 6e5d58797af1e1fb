"""A practice with something to show: a patient with invoices of every kind, a plan, payments by group, products."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from local_stack.practice.events import of_visit
from local_stack.practice.front_desk import money
from local_stack.practice.story import Story, until

GROUPS = (("Front office", "#2563eb"), ("Orthodontics", "#7c3aed"), ("Shop", "#ea580c"), ("Emergency", "#dc2626"))
PRODUCTS = (
    ("BR-01", "Sonic toothbrush", 8_990),
    ("GEL-2", "Whitening gel", 3_450),
    ("FL-10", "Interdental set", 1_290),
)

FEES = (
    ("D0150", "Comprehensive examination", (9_800, 10_200)),
    ("D1110", "Prophylaxis, adult", (11_000, 11_500)),
    ("D2740", "Ceramic crown", (118_000, 121_000)),
)


@dataclass(frozen=True)
class Shown:
    """What the screens are of."""

    patient: str
    invoice: str
    draft: str
    planned: str
    payment: str
    price_list: str
    webhook: str


class Practice:
    """The desk of one story, which makes what is shown."""

    def __init__(self, story: Story, new_key: Callable[[], UUID]) -> None:
        self._story, self._key = story, new_key
        self.patient = str(story.scene.patient.id)

    async def post(self, service: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A change, under a key of its own."""
        made = await self._story.api.post(service, self._story.clinic_id, path, body, self._key())
        return dict(made.body)

    async def invoice(self, *lines: tuple[str, int], issue: bool = True, **more: Any) -> dict[str, Any]:
        """An invoice of extra procedures, by what they are called and cost."""
        told = [
            {"kind": "extra_procedure", "description": name, "code_system": "CDT", "code": f"D{2_000 + place * 391}",
             "tooth": str(11 + place * 3), "unit_price": money(cents)}
            for place, (name, cents) in enumerate(lines)
        ]  # fmt: skip
        return await self.post(
            "invoicing", "/v1/invoices", {"patient_id": self.patient, "lines": told, "issue": issue} | more
        )

    async def pay(self, invoice: dict[str, Any], cents: int, method: str, group: str, note: str = "") -> dict[str, Any]:
        """A payment of an invoice."""
        body: dict[str, Any] = {"patient_id": self.patient, "amount": money(cents), "method": method, "group_id": group}
        body |= {"allocations": [{"invoice_id": invoice["id"]}], "note": note or None}
        return await self.post("payments", "/v1/payments", body)

    async def fees(self) -> str:
        """A price list for members, with fees that change with the year; its id."""
        made = await self.post("invoicing", "/v1/price-lists", {"name": "Smile members", "reason": "a new offer"})
        entries = [
            {"code_system": "CDT", "code": code, "description": name, "valid_from": day, "unit_price": money(cents)}
            for code, name, prices in FEES
            for day, cents in zip((None, "2027-01-01"), prices, strict=True)
        ]
        headers = {"Idempotency-Key": str(self._key()), "If-Match": '"1"'}
        body = {"entries": entries, "reason": "the fees of members"}
        operation = f"POST /v1/price-lists/{made['id']}/entries"
        await self._story.api.send("invoicing", self._story.clinic_id, operation, body=body, headers=headers)
        return str(made["id"])


async def show_practice(story: Story, new_key: Callable[[], UUID]) -> Shown:
    """Have it happen, and wait until both services know of it."""
    desk = Practice(story, new_key)
    await until(lambda: _configured(story), "the clinic bills by hand")
    groups = [
        (await desk.post("payments", "/v1/payment-groups", {"name": name, "color": color, "position": place}))["id"]
        for place, (name, color) in enumerate(GROUPS)
    ]
    products = [{"sku": sku, "description": name, "unit_price": money(cents)} for sku, name, cents in PRODUCTS]
    await desk.post("invoicing", "/v1/products", {"products": products, "reason": "the shelf"})
    first = await desk.invoice(("Comprehensive examination", 9_800), ("Panoramic X-ray", 12_500), ("Cleaning", 11_000))
    await desk.pay(first, 20_000, "bank_card", groups[0], "by the window")
    paid = await desk.pay(first, 13_300, "cash", groups[0])
    body = {"amount": money(4_000), "reason_code": "goodwill", "reason": "long wait"}
    await desk.post("payments", f"/v1/payments/{paid['id']}/refunds", body)
    fees = await desk.fees()
    crown = await desk.invoice(("Ceramic crown", 118_000), ("Core build-up", 24_500), ("Local anesthesia", 3_500))
    await desk.pay(crown, 30_000, "bank_transfer", groups[1])
    first_due = story.scene.day + timedelta(days=20)
    aligners = await desk.invoice(("Aligner treatment, upper and lower", 284_000))
    await desk.pay(aligners, 34_000, "bank_card", groups[1], "down payment")
    plan = {"count": 6, "first_due_date": first_due.isoformat(), "every": 1, "unit": "months"}
    await desk.post("invoicing", f"/v1/invoices/{aligners['id']}/installment-plan", plan)
    gel = {"lines": [{"kind": "product", "sku": "GEL-2"}], "patient_id": desk.patient, "issue": True}
    shop = await desk.post("invoicing", "/v1/invoices", gel)
    await desk.pay(shop, 3_450, "cash", groups[2])
    discount = [{"percent": "10", "reason": "Family"}]
    draft = await desk.invoice(("Composite filling, two surfaces", 21_500), issue=False, discounts=discount)
    await story.announcer.announce(list(of_visit(story.visit(8_628, 14_250, 6_400))))
    await until(lambda: _billable(story), "procedures wait to be billed")
    hook = {"url": "https://books.example/hooks", "event_types": ["billing.payment.recorded.v1"], "reason": "the books"}
    webhook = await desk.post("notifications", "/v1/webhook-endpoints", hook)
    return Shown(desk.patient, crown["id"], draft["id"], aligners["id"], paid["id"], fees, webhook["id"])


async def _configured(story: Story) -> bool:
    found = await story.api.get("invoicing", story.clinic_id, "/v1/clinic")
    wanted = {name: value for name, value in found.body.items() if name not in ("clinic_id", "version")}
    if wanted["billing_policy"] != "manual":
        wanted |= {"name": "Harbor Street Dental", "billing_policy": "manual", "auto_issue": False, "reason": "by hand"}
        await story.api.put("invoicing", story.clinic_id, "/v1/clinic", wanted, found.etag)
    return True


async def _billable(story: Story) -> bool:
    path = "/v1/billable-procedures"
    found = await story.api.get(
        "invoicing", story.clinic_id, path, patient_id=str(story.scene.patient.id), state="billable"
    )
    return len(found.body["items"]) >= 3
