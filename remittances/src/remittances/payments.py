"""Payments' API, as far as transfers need it: what has a reference already, and recording one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self
from uuid import UUID

import httpx

from remittances.patience import TOO_MUCH, patiently
from remittances.problems import Unreachable

Json = dict[str, Any]
ERRORS_SHOWN = 5


class Refused(Exception):
    """Payments does not record a transfer, and says why."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What payments answered: whether it was recorded before, by the same request, and the payments of it."""

    before: bool
    payments: list[Json] = field(default_factory=list)


class Payments:
    """The payments of the token's clinic; of a service's token, of the one that is named."""

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
            base_url=base_url, headers={"Authorization": f"Bearer {token}"} | named, timeout=60.0, transport=transport
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def referenced(self, reference: str) -> list[Json]:
        """All payments that carry a reference. Raises Unreachable."""
        return [item async for item in self._pages("/v1/payments", external_reference=reference)]

    async def of_patient(self, patient_id: str) -> list[Json]:
        """All payments for a patient. Raises Unreachable."""
        return [item async for item in self._pages("/v1/payments", patient_id=patient_id)]

    async def taken_back(self, patient_id: str) -> list[Json]:
        """What insurers took back of what they paid for a patient, and was not a mistake. Raises Unreachable."""
        path = f"/v1/patients/{patient_id}/account"
        undone = set()
        async for line in self._pages(path, kind="take_back_cancellation"):
            undone.add((await self._one(f"/v1/transactions/{line['id']}"))["reverses_id"])
        return [line async for line in self._pages(path, kind="take_back") if line["id"] not in undone]

    async def reference_of(self, transaction_id: str) -> str | None:
        """The reference of the transfer that a transaction came with. Raises Unreachable."""
        reference: str | None = (await self._one(f"/v1/transactions/{transaction_id}"))["external_reference"]
        return reference

    async def record(self, body: Json, key: str) -> Recorded:
        """Record a transfer. Raises Refused, Unreachable.

        Payments may not have heard of an invoice yet: it says when to ask again, and is asked for a while.
        """
        try:
            headers = {"Idempotency-Key": key}
            answer = await patiently(lambda: self._client.post("/v1/remittances", json=body, headers=headers))
            if 400 <= answer.status_code < 500:  # noqa: PLR2004 - what the request is at fault for
                raise Refused(_said(answer))
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        return Recorded(answer.headers.get("Idempotency-Replayed") == "true", answer.json().get("payments", []))

    async def _pages(self, path: str, **query: str) -> AsyncIterator[Json]:
        cursor: dict[str, str] = {}
        while True:
            try:
                asked = partial(self._client.get, path, params={"limit": "200", **query, **cursor})
                answer = await patiently(asked, TOO_MUCH)
                answer.raise_for_status()
            except httpx.HTTPError as error:
                raise self._unreachable(error) from error
            page = answer.json()
            for item in page["items"]:
                yield item
            if page["next"] is None:
                return
            cursor = {"cursor": page["next"]}

    async def _one(self, path: str) -> Json:
        try:
            answer = await patiently(partial(self._client.get, path), TOO_MUCH)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        found: Json = answer.json()
        return found

    def _unreachable(self, error: httpx.HTTPError) -> Unreachable:
        return Unreachable(f"payments at {self._client.base_url} does not answer as it should: {error}")


def _said(answer: httpx.Response) -> str:
    """A problem document in one line."""
    try:
        problem = answer.json()
        parts = [str(problem["title"]), *([str(problem["detail"])] if problem.get("detail") else [])]
        parts += [f"{one['field']}: {one['detail']}" for one in problem.get("errors", ())[:ERRORS_SHOWN]]
        said = "; ".join(dict.fromkeys(parts))
    except (ValueError, KeyError, TypeError):
        said = answer.text[:200]
    return f"payments refuses it ({answer.status_code}): {said}"
