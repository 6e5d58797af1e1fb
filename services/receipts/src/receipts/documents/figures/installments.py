"""What an installment asks for now, asked of invoicing with the caller's own token: to be printed, not decided by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from chassis.http.admission import stepping_out
from chassis.money import MoneyError
from chassis.telemetry import client_span, trace_headers
from pydantic import BaseModel, ValidationError

from receipts.documents.figures.answers import MoneyAnswer
from receipts.domain.errors import FiguresNotPermitted, FiguresUnavailable, InstallmentUnknown
from receipts.domain.installment_plan import AskedInstallment, Share

_ONE: Final = "/v1/installments/{id}"


class ShareAnswer(BaseModel):
    """What an installment carries of a line of its invoice."""

    description: str
    amount: MoneyAnswer


class InstallmentAnswer(BaseModel):
    """An installment as invoicing answers it; what is not printed is left out."""

    id: UUID
    patient_id: UUID
    invoice_number: str
    position: int
    installments: int
    due_date: date
    amount: MoneyAnswer
    paid: MoneyAnswer
    remaining: MoneyAnswer
    state: str
    costs: list[ShareAnswer]
    patient_part: MoneyAnswer | None = None
    patient_part_estimated: MoneyAnswer | None = None

    def installment(self, *, estimated: bool) -> AskedInstallment:
        """As the domain knows it; the patient's part by estimate too, where that is wanted. Raises MoneyError."""
        by_estimate = self.patient_part_estimated if estimated else None
        part = self.patient_part if by_estimate is None else by_estimate
        return AskedInstallment(
            installment_id=self.id,
            patient_id=self.patient_id,
            invoice_number=self.invoice_number,
            position=self.position,
            count=self.installments,
            due=self.due_date,
            amount=self.amount.money(),
            paid=self.paid.money(),
            remaining=self.remaining.money(),
            asked=self.state != "cancelled",
            shares=tuple(Share(description=cost.description, amount=cost.amount.money()) for cost in self.costs),
            patients=part.money() if part else None,
        )


class Installments:
    """What invoicing keeps of installments, over HTTP."""

    def __init__(
        self, base_url: str, *, timeout_seconds: float, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._host = urlsplit(base_url).hostname or ""
        self._client = httpx.AsyncClient(base_url=base_url, transport=transport, timeout=timeout_seconds)

    async def one(self, credentials: Mapping[str, str], installment_id: UUID, *, estimated: bool) -> AskedInstallment:
        """An installment, the patient's part perhaps by estimate.

        Raises InstallmentUnknown, FiguresUnavailable, FiguresNotPermitted.
        """
        headers = {**credentials, "Accept": "application/json"} | trace_headers()
        try:
            async with stepping_out():
                with client_span("GET", self._host, _ONE):
                    found = await self._client.get(_ONE.replace("{id}", str(installment_id)), headers=headers)
        except httpx.HTTPError as fault:
            raise FiguresUnavailable(f"invoicing cannot be reached: {type(fault).__name__}") from None
        if found.status_code == httpx.codes.NOT_FOUND:
            raise InstallmentUnknown(installment_id)
        if found.status_code == httpx.codes.FORBIDDEN:
            raise FiguresNotPermitted
        if found.status_code != httpx.codes.OK:
            raise FiguresUnavailable(f"invoicing answered {found.status_code}")
        try:
            return InstallmentAnswer.model_validate_json(found.content).installment(estimated=estimated)
        except (ValidationError, MoneyError):
            raise FiguresUnavailable("invoicing answered with something that is not understood") from None

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()
