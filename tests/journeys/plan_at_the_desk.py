"""An installment plan as the front desk has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from local_stack.practice.api import Api
from local_stack.practice.front_desk import money
from local_stack.practice.story import Story, until


class Plan:
    """The plan of a story's invoice, seen through the APIs."""

    def __init__(self, story: Story, api: Api) -> None:
        self.story = story
        self.api = api
        self.path = f"/v1/invoices/{story.scene.invoice_id}/installment-plan"

    async def agree(self, count: int) -> list[str]:
        """As many installments, monthly from tomorrow on; their ids."""
        first = (datetime.now(UTC) + timedelta(days=2)).date()
        body = {"count": count, "first_due_date": str(first)}
        answer = await self.api.post("invoicing", self.story.clinic_id, self.path, body, uuid4())
        return [installment["id"] for installment in answer.body["installments"]]

    async def pay(self, cents: int, installment: str) -> str:
        """A payment that names an installment."""
        body = {
            "patient_id": str(self.story.scene.patient.id),
            "amount": money(cents),
            "method": "cash",
            "allocations": [{"invoice_id": self.story.scene.invoice_id, "installment_id": installment}],
        }
        answer = await self.api.post("payments", self.story.clinic_id, "/v1/payments", body, uuid4())
        return str(answer.body["id"])

    async def remains(self, *cents: int) -> dict[str, Any]:
        """Wait until so much remains of each installment."""
        wanted = [money(cent) for cent in cents]

        async def so() -> dict[str, Any]:
            found: dict[str, Any] = (await self.api.get("invoicing", self.story.clinic_id, self.path)).body
            return found if [installment["remaining"] for installment in found["installments"]] == wanted else {}

        return await until(so, f"{cents} remain of the installments")
