"""Invoicing's API, as far as claims need it: invoices by number or id, and the decisions that are known already."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any, Self
from uuid import UUID

import httpx

from remittances.contents import Known
from remittances.matching import Invoice
from remittances.patience import TOO_MUCH, patiently
from remittances.problems import Unreachable

NOTHING = (404, 422)
"""There is no such thing: nothing has this id, or a number that nothing can have."""


class Invoices:
    """The invoices of the token's clinic; of a service's token, of the one that is named."""

    def __init__(
        self,
        base_url: str,
        token: str,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        clinic_id: UUID | None = None,
    ) -> None:
        named = {} if clinic_id is None else {"Clinic-Id": str(clinic_id)}
        self._client = httpx.AsyncClient(
            base_url=base_url, headers={"Authorization": f"Bearer {token}"} | named, timeout=30.0, transport=transport
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def find(self, number_or_id: str) -> Invoice | None:
        """The issued invoice that a claim was sent with (CLP01), in capitals or not. Raises Unreachable."""
        told = number_or_id.strip()
        invoice_id = _as_id(told) or await self._numbered(told)
        found = await self._get(f"/v1/invoices/{invoice_id}") if invoice_id else None
        return found if found and found["status"] != "draft" else None

    async def _numbered(self, number: str) -> UUID | None:
        """As it is written goes first. It is asked for in a body: payers write names behind numbers (`ALL-6`)."""
        asked = partial(self._client.post, "/v1/invoices/search", json={"number": number})
        listed = (await self._answer(asked) or {"items": []})["items"] if number else []
        found = sorted(listed, key=lambda one: bool(one["number"] != number))
        return UUID(found[0]["id"]) if found else None

    async def known(self, remittance_id: UUID) -> dict[UUID, Known]:
        """The decisions of a remittance that invoicing has applied or set aside. Raises Unreachable.

        One that was set aside and applied in the end is applied; one that was dismissed and came again is open.
        """
        found: dict[UUID, Known] = {}
        async for item in self._pages("/v1/set-aside-decisions", remittance_id=str(remittance_id)):
            one = Known.set_aside(item)
            if one.state == "open" or one.decision_id not in found:
                found[one.decision_id] = one
        async for item in self._pages("/v1/insurance-decisions", remittance_id=str(remittance_id)):
            found[UUID(item["decision_id"])] = Known.applied(item)
        return found

    async def decided(self, invoice_id: UUID) -> list[dict[str, Any]]:
        """All decisions on an invoice, whoever told of them. Raises Unreachable."""
        return [item async for item in self._pages("/v1/insurance-decisions", invoice_id=str(invoice_id))]

    async def referenced(self, reference: str) -> list[dict[str, Any]]:
        """All decisions that were told of under a trace number, by whomever. Raises Unreachable."""
        return [item async for item in self._pages("/v1/insurance-decisions", remittance_reference=reference)]

    async def _pages(self, path: str, **query: str) -> AsyncIterator[dict[str, Any]]:
        cursor: dict[str, str] = {}
        while True:
            page = await self._get(path, limit="200", **query, **cursor) or {"items": [], "next": None}
            for item in page["items"]:
                yield item
            if page["next"] is None:
                return
            cursor = {"cursor": page["next"]}

    async def _get(self, path: str, **query: str) -> dict[str, Any] | None:
        return await self._answer(partial(self._client.get, path, params=query))

    async def _answer(self, ask: Callable[[], Awaitable[httpx.Response]]) -> dict[str, Any] | None:
        try:
            answer = await patiently(ask, TOO_MUCH)
            if answer.status_code in NOTHING:
                return None
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise Unreachable(f"invoicing at {self._client.base_url} does not answer as it should: {error}") from error
        found: dict[str, Any] = answer.json()
        return found


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
