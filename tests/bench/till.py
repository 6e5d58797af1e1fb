"""Payments over HTTP, what changes them: payments, refunds and their requests, selections, patients' credit, groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from asking import COUNT, Ask, Asking, Given, prepare, until
from clinic import money
from figures import Figure
from local_stack.layout import COLLEAGUE
from local_stack.practice.api import Api

PAYMENT, REQUEST, GROUP = "/v1/payments/{payment_id}", "/v1/refund-requests/{request_id}", "/v1/payment-groups"
CREDIT = "/v1/patients/{patient_id}/credit"
SELECTED = 3
KINDS = ("labelled", "refunded", "moved", "cancelled", "bounced", "approved", "rejected", "withdrawn")
REASON = {"reason": "bench"}
REFUNDED, LIMITED, GROUPED, REGROUPED = "payment refunded", "refund limit set", "group created", "group changed"
APPLIED, TRANSFERRED = "credit applied", "credit transferred"
DECIDED = ("approved", "rejected", "withdrawn")


@dataclass(slots=True)
class Till:
    """A patient with an invoice for each request, a payment for each that can be undone once, and credit."""

    asking: Asking
    other: Api | None = None
    patients: list[UUID] = field(default_factory=list)
    invoices: list[UUID] = field(default_factory=list)
    paid: dict[str, list[Any]] = field(default_factory=dict)
    proposed: list[str] = field(default_factory=list)


async def till(asking: Asking) -> list[Figure]:
    """Prepare invoices and payments, and ask."""
    there = await filled(asking)
    async with Api(asking.stack.layout.addresses(COLLEAGUE)) as there.other:
        return await asking.all(asks(there))


async def filled(asking: Asking) -> Till:
    """Invoices, the payments on them, and a deposit of each patient."""
    there, clinic = Till(asking), asking.clinic
    there.patients = await clinic.open(COUNT)
    there.invoices = await prepare(COUNT, lambda n: clinic.issue_invoice(there.patients[n], price_minor=1_000_000))
    for kind in KINDS:
        there.paid[kind] = await prepare(COUNT, lambda n: _paid(there, n))
    for kind in ("selected", "chosen"):
        there.paid[kind] = await prepare(COUNT * SELECTED, lambda n: _paid(there, n % COUNT))
    await prepare(COUNT, lambda n: clinic.api.post("payments", clinic.id, "/v1/payments", _deposit(there, n), uuid4()))
    there.proposed = await prepare(COUNT * 2, lambda n: _bounced(there, n % COUNT))
    await until(lambda: _listed(there), "debit notes proposed")
    return there


def asks(there: Till) -> list[Ask]:
    """What is measured, in this order."""
    return [*of_payments(there), *of_credit(there), *of_proposals(there), *of_groups(there), *of_requests(there)]


def of_payments(there: Till) -> list[Ask]:
    """Payments recorded, labelled and undone."""

    def of(kind: str, body: Any) -> Callable[[int], Given]:
        return lambda n: Given({"payment_id": there.paid[kind][n]["id"]}, body)

    refund = {"amount": money(50), "reason_code": "goodwill"} | REASON
    return [
        Ask("payment recorded", "payments", "POST /v1/payments", lambda n: Given(body=_payment(there, n))),
        Ask(
            "payment labelled",
            "payments",
            f"PATCH {PAYMENT}",
            lambda n: Given({"payment_id": there.paid["labelled"][n]["id"]}, {"note": "bench"}, version='"1"'),
        ),
        Ask(REFUNDED, "payments", f"POST {PAYMENT}/refunds", of("refunded", refund)),
        Ask(
            "refund cancelled",
            "payments",
            "POST /v1/refunds/{refund_id}/cancellation",
            lambda n: Given({"refund_id": there.asking.body(REFUNDED, n)["id"]}, REASON),
        ),
        Ask(
            "allocation moved to credit",
            "payments",
            f"POST {PAYMENT}/moves",
            lambda n: Given({"payment_id": there.paid["moved"][n]["id"]}, _move(there, n)),
        ),
        Ask("payment cancelled", "payments", f"POST {PAYMENT}/cancellation", of("cancelled", REASON)),
        Ask("payment charged back", "payments", f"POST {PAYMENT}/chargeback", of("bounced", REASON)),
        Ask(
            f"{SELECTED} selected transactions cancelled",
            "payments",
            "POST /v1/transactions/cancellations",
            lambda n: Given(body={"transaction_ids": _chosen(there, "selected", n)} | REASON),
        ),
        Ask(
            f"{SELECTED} selected payments refunded",
            "payments",
            "POST /v1/transactions/refunds",
            lambda n: Given(body=_refunds(there, n)),
        ),
    ]


def of_credit(there: Till) -> list[Ask]:
    """A patient's credit used, moved, taken back from both, and given back."""

    def of(more: Callable[[int], dict[str, Any]]) -> Callable[[int], Given]:
        return lambda n: Given({"patient_id": there.patients[n]}, {"amount": money(100)} | REASON | more(n))

    def undone(name: str, applied: str, transaction: Callable[[Any], Any]) -> Ask:
        given = lambda n: Given({"transaction_id": transaction(there.asking.body(applied, n))["id"]}, REASON)  # noqa: E731
        return Ask(name, "payments", "POST /v1/transactions/{transaction_id}/cancellation", given)

    return [
        Ask(
            APPLIED,
            "payments",
            f"POST {CREDIT}/applications",
            of(lambda n: {"allocations": [{"invoice_id": str(there.invoices[n])}]}),
        ),
        Ask(
            TRANSFERRED,
            "payments",
            f"POST {CREDIT}/transfers",
            of(lambda _: {"to_patient_id": str(uuid4())}),  # who uses nothing of it, so that it can be taken back
        ),
        undone("application of credit cancelled", APPLIED, lambda body: body),
        undone("transfer of credit cancelled", TRANSFERRED, lambda body: body["out"]),
        Ask("credit withdrawn", "payments", f"POST {CREDIT}/withdrawals", of(lambda _: {})),
    ]


def of_proposals(there: Till) -> list[Ask]:
    """Debit notes proposed where a bank took back what had been refunded in part (`PAY-6`)."""

    def of(place: int) -> Callable[[int], Given]:
        return lambda n: Given({"proposal_id": there.proposed[2 * n + place]}, REASON)

    proposal = "POST /v1/debit-proposals/{proposal_id}"
    return [
        Ask("proposed debit notes", "invoicing", "GET /v1/debit-proposals", lambda _: Given(query={"state": "open"})),
        Ask("proposed debit note made", "invoicing", f"{proposal}/debit-note", of(0)),
        Ask("proposed debit note dismissed", "invoicing", f"{proposal}/dismissal", of(1)),
    ]


def of_groups(there: Till) -> list[Ask]:
    """Payment groups; the clinic's groups are changed one after the other."""
    made = there.asking.body if there is not None else None
    etag = there.asking.etag if there is not None else None

    def of(name: str) -> Callable[[int], Given]:
        return lambda n: Given({"group_id": made(name, n)["id"]})

    return [
        Ask(GROUPED, "payments", f"POST {GROUP}", lambda n: Given(body={"name": f"Group {n}"})),
        Ask(
            REGROUPED,
            "payments",
            f"PUT {GROUP}/{{group_id}}",
            lambda n: Given({"group_id": made(GROUPED, n)["id"]}, {"name": f"Class {n}"}, version=etag(GROUPED, n)),
        ),
        Ask(
            f"{COUNT} groups put in order",
            "payments",
            f"POST {GROUP}/order",
            lambda n: Given(body={"group_ids": [made(GROUPED, (n + place) % COUNT)["id"] for place in range(COUNT)]}),
        ),
        Ask("groups listed", "payments", f"GET {GROUP}"),
        Ask("group read", "payments", f"GET {GROUP}/{{group_id}}", of(GROUPED)),
        Ask("changes of a group", "payments", f"GET {GROUP}/{{group_id}}/changes", of(GROUPED)),
        Ask("group deleted", "payments", f"DELETE {GROUP}/{{group_id}}", of(GROUPED)),
    ]


def of_requests(there: Till) -> list[Ask]:
    """A limit for refunds, what is asked for above it, and the second person's decision (`ALL-5`)."""
    made = there.asking.body if there is not None else None
    other = there.other if there is not None else None
    refund = {"amount": money(60), "reason_code": "goodwill"} | REASON

    def wanted(kind: str) -> Ask:
        given = lambda n: Given({"payment_id": there.paid[kind][n]["id"]}, refund)  # noqa: E731 - a request in a line
        return Ask(f"refund requested, to be {kind}", "payments", f"POST {PAYMENT}/refunds", given)

    def decided(kind: str, operation: str, body: Any, by: Api | None) -> Ask:
        name = f"refund requested, to be {kind}"
        given = lambda n: Given({"request_id": made(name, n)["id"]}, body)  # noqa: E731 - a request in a line
        return Ask(f"refund request {kind}", "payments", f"POST {REQUEST}/{operation}", given, by=by)

    return [
        Ask(LIMITED, "payments", "PUT /v1/settings", lambda n: _limited(there, n), clients=1),
        Ask("settings read", "payments", "GET /v1/settings"),
        Ask("versions of the settings", "payments", "GET /v1/settings/versions"),
        *(wanted(kind) for kind in DECIDED),
        Ask(
            "refund requests that are open",
            "payments",
            "GET /v1/refund-requests",
            lambda _: Given(query={"state": "requested"}),
        ),
        Ask(
            "refund request read",
            "payments",
            f"GET {REQUEST}",
            lambda n: Given({"request_id": made("refund requested, to be approved", n)["id"]}),
        ),
        decided("approved", "approval", None, other),
        decided("rejected", "rejection", REASON, other),
        decided("withdrawn", "withdrawal", REASON, None),
    ]


def _limited(there: Till, number: int) -> Given:
    version = there.asking.etag(LIMITED, number - 1) if number else '"0"'
    return Given(body={"refund_limit": money(10 + number % 2)} | REASON, version=version)


async def _paid(there: Till, number: int) -> Any:
    clinic = there.asking.clinic
    return (await clinic.api.post("payments", clinic.id, "/v1/payments", _payment(there, number), uuid4())).body


def _payment(there: Till, number: int) -> dict[str, Any]:
    on = [{"invoice_id": str(there.invoices[number])}]
    return _deposit(there, number) | {"amount": money(100), "allocations": on}


def _deposit(there: Till, number: int) -> dict[str, Any]:
    return {"patient_id": str(there.patients[number]), "amount": money(5_000), "method": "bank_card"}


def _chosen(there: Till, kind: str, number: int) -> list[str]:
    return [there.paid[kind][number + place * COUNT]["id"] for place in range(SELECTED)]


async def _bounced(there: Till, number: int) -> str:
    """A check of which half was handed out before it bounced; what is proposed has the chargeback's id."""
    clinic, paid = there.asking.clinic, await _paid(there, number)
    refund = {"amount": money(50), "reason_code": "goodwill"}
    await clinic.api.post("payments", clinic.id, f"/v1/payments/{paid['id']}/refunds", refund, uuid4())
    made = await clinic.api.post("payments", clinic.id, f"/v1/payments/{paid['id']}/chargeback", REASON, uuid4())
    found: str = made.body["id"]
    return found


async def _listed(there: Till) -> bool:
    clinic = there.asking.clinic
    listed = {
        page["id"] async for page in clinic.api.pages("invoicing", clinic.id, "/v1/debit-proposals", state="open")
    }
    return listed >= set(there.proposed)


def _move(there: Till, number: int) -> dict[str, Any]:
    return {"from": {"invoice_id": str(there.invoices[number])}, "to": None, "amount": money(50)} | REASON


def _refunds(there: Till, number: int) -> dict[str, Any]:
    refunds = [{"payment_id": one, "amount": money(50)} for one in _chosen(there, "chosen", number)]
    return {"refunds": refunds, "reason_code": "goodwill"} | REASON
