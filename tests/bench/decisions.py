"""Insurers' decisions over HTTP: until they are seen, listed, set aside; transfers (`INS-3`, `INS-4`)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from asking import CLIENTS, COUNT, TIMES, Ask, Asking, Given, prepare, until
from chassis.identifiers import new_id
from clinic import closed_loop, money
from figures import Figure, percentile
from insurers import decided
from local_stack.practice.announcing import Announcer

LISTED, ASIDE = "/v1/insurance-decisions", "/v1/set-aside-decisions"
OF_A_TRANSFER, PART = 10, 100


@dataclass(slots=True)
class Claims:
    """Invoices as they were shown, and the decisions on them that do not balance."""

    asking: Asking
    insurer: UUID = field(default_factory=new_id)
    invoices: list[Any] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)


async def decisions(asking: Asking) -> list[Figure]:
    """Announce decisions, see them, and work with those that were set aside."""
    there = Claims(asking)
    clinic = asking.clinic
    patients = await clinic.open(COUNT)
    issued = await prepare(COUNT, lambda n: clinic.issue_invoice(patients[n]))
    there.invoices = await prepare(COUNT, lambda n: clinic.api.get("invoicing", clinic.id, f"/v1/invoices/{issued[n]}"))
    there.invoices = [answer.body for answer in there.invoices]
    async with Announcer(clinic.addresses.kafka_bootstrap) as announcer:
        seen = await _seen(there, announcer)
        wrong = [decided(clinic.id, there.insurer, one, unbalanced=True) for one in there.invoices * 2]
        await announcer.announce(wrong)
    await until(lambda: _set_aside(there, len(wrong)), "decisions set aside")
    return [seen, *await asking.all(asks(there))]


def asks(there: Claims) -> list[Ask]:
    """What is measured, in this order."""
    by_insurer = lambda _: Given(query={"payer_id": str(there.insurer)})  # noqa: E731 - a request in a line
    return [
        Ask("insurers' decisions of the clinic", "invoicing", f"GET {LISTED}"),
        Ask("decisions of an insurer", "invoicing", f"GET {LISTED}", by_insurer),
        Ask(
            "decisions on an invoice",
            "invoicing",
            f"GET {LISTED}",
            lambda n: Given(query={"invoice_id": there.invoices[n]["id"]}),
        ),
        Ask("decisions set aside and open", "invoicing", f"GET {ASIDE}", lambda _: Given(query={"state": "open"})),
        Ask("set aside of an insurer", "invoicing", f"GET {ASIDE}", by_insurer),
        Ask(
            "set aside, tried again in vain",
            "invoicing",
            f"POST {ASIDE}/{{set_aside_id}}/retry",
            lambda n: Given({"set_aside_id": there.aside[n]}),
        ),
        Ask(
            "set aside, dismissed",
            "invoicing",
            f"POST {ASIDE}/{{set_aside_id}}/dismiss",
            lambda n: Given({"set_aside_id": there.aside[COUNT + n]}, {"reason": "bench"}),
        ),
        Ask(
            f"transfer for {OF_A_TRANSFER} patients",
            "payments",
            "POST /v1/remittances",
            lambda n: Given(body=_transfer(there, n)),
        ),
    ]


async def _seen(there: Claims, announcer: Announcer) -> Figure:
    """Each client announces a decision and asks until it is listed; the floor is Kafka's acknowledgement alone."""
    clinic = there.asking.clinic

    async def listed(number: int) -> None:
        event = decided(clinic.id, there.insurer, there.invoices[number % COUNT])
        await announcer.announce([event])
        query = {"decision_id": str(event.event.decision_id)}
        while not (await clinic.api.get("invoicing", clinic.id, LISTED, **query)).body["items"]:  # noqa: ASYNC110 - as a client asks
            await asyncio.sleep(0.005)

    async def acknowledged(number: int) -> None:
        await announcer.announce([decided(clinic.id, there.insurer, there.invoices[number % COUNT])])

    await closed_loop(CLIENTS, CLIENTS, listed)
    rate, seconds = await closed_loop(CLIENTS, TIMES, listed)
    floor, _ = await closed_loop(CLIENTS, TIMES, acknowledged)
    p50, p99 = percentile(seconds, 0.5) * 1000, percentile(seconds, 0.99) * 1000
    told = f"p50 {p50:.1f} ms, p99 {p99:.1f} ms of {TIMES}"
    what = f"decision from Kafka until it is listed, {CLIENTS} clients"
    return Figure(what, rate, "/s", floor=floor, floor_of="acknowledged by Kafka", detail=told)


async def _set_aside(there: Claims, wanted: int) -> bool:
    clinic = there.asking.clinic
    there.aside = [page["id"] async for page in clinic.api.pages("invoicing", clinic.id, ASIDE, state="open")]
    return len(there.aside) >= wanted


def _transfer(there: Claims, number: int) -> dict[str, Any]:
    chosen = [there.invoices[(number + place) % COUNT] for place in range(OF_A_TRANSFER)]
    return {
        "insurer": {"payer_id": str(there.insurer), "name": "Bench Dental Plans"},
        "amount": money(PART * OF_A_TRANSFER),
        "external_reference": f"ERA {number}",
        "payments": [
            {"patient_id": one["patient_id"], "amount": money(PART), "allocations": [{"invoice_id": one["id"]}]}
            for one in chosen
        ],
    }
