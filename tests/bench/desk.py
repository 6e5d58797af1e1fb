"""Invoicing over HTTP as a front desk uses it all day: every operation but those of plans and insurers' decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from asking import COUNT, Ask, Asking, Given, prepare, until
from chassis.identifiers import new_id
from clinic import CURRENCY, Clinic, money
from contracts.clinical import PlannedItem, ProcedureCompleted, ProcedureReverted, TreatmentPlanAccepted
from figures import Figure
from local_stack.layout import COLLEAGUE
from local_stack.practice.announcing import Announcer
from local_stack.practice.api import Api
from local_stack.practice.events import Announced
from price_lists import price_list_asks

from contracts import Amount

INVOICE, LISTED, REQUEST = "/v1/invoices/{invoice_id}", "/v1/invoices", "/v1/credit-requests/{request_id}"
OPEN = {"state": "requested"}
AT_ONCE = 5
FEE = Amount(amount="95.00", currency=CURRENCY)
DRAFTED, CHANGED, ISSUED = "draft of 3 lines created", "draft changed", "draft issued"
CREDITED, DEBITED, CONFIGURED = "credit note", "debit note", "clinic configured"


@dataclass(slots=True)
class Desk:
    """What the requests are about: invoices of several kinds, procedures that were done and taken back, plans."""

    asking: Asking
    other: Api | None = None
    patients: list[UUID] = field(default_factory=list)
    open: list[UUID] = field(default_factory=list)
    void: list[UUID] = field(default_factory=list)
    marked: list[UUID] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    plans: list[UUID] = field(default_factory=list)
    cursor: str = ""
    settings: Any = None
    version: str = ""


async def desk(asking: Asking) -> list[Figure]:
    """Prepare what the requests are about, and ask."""
    there, clinic = Desk(asking), asking.clinic
    there.patients = await clinic.open(COUNT)
    await _by_hand(there)
    there.open = await prepare(COUNT, lambda n: clinic.issue_invoice(there.patients[n]))
    there.void = await prepare(COUNT, lambda n: clinic.issue_invoice(there.patients[n]))
    there.drafts = await prepare(COUNT * AT_ONCE, lambda n: _draft(clinic, there.patients[n % COUNT]))
    async with Announcer(clinic.addresses.kafka_bootstrap) as announcer:
        await _marked(there, announcer)
        there.plans = [new_id() for _ in range(COUNT)]
        await announcer.announce(_accepted(there, number) for number in range(COUNT))
    await until(lambda: _listed(clinic, "/v1/treatment-plans", COUNT), "treatment plans known")
    there.cursor = (await clinic.api.get("invoicing", clinic.id, LISTED, limit=50)).body["next"]
    async with Api(asking.stack.layout.addresses(COLLEAGUE)) as there.other:
        return await asking.all(asks(there))


def asks(there: Desk) -> list[Ask]:
    """What is measured, in this order."""
    lists = price_list_asks(there.asking if there is not None else None)
    return [*writes(there), *reads(there), *of_the_clinic(there), *of_requests(there), *lists]


def writes(there: Desk) -> list[Ask]:
    """What changes invoices, and the dry runs of it."""
    made = there.asking.body if there is not None else None
    etag = there.asking.etag if there is not None else None
    reason = {"reason": "bench"}
    credit = {"kind": "courtesy", "amount": money(500)} | reason
    debit = {"kind": "late_fee", "amount": money(500)} | reason

    def of(name: str, body: Any = None) -> Any:
        return lambda n: Given({"invoice_id": made(name, n)["id"]}, body)

    def opened(body: Any = None) -> Any:
        return lambda n: Given({"invoice_id": there.open[n]}, body)

    return [
        Ask(DRAFTED, "invoicing", f"POST {LISTED}", lambda n: Given(body=_wanted(there.patients[n]))),
        Ask("3 lines previewed", "invoicing", f"POST {LISTED}/preview", lambda _: Given(body={"lines": _lines()})),
        Ask(
            CHANGED,
            "invoicing",
            f"PUT {INVOICE}",
            lambda n: Given({"invoice_id": made(DRAFTED, n)["id"]}, {"lines": _lines()[:2]}, version=etag(DRAFTED, n)),
        ),
        Ask(ISSUED, "invoicing", f"POST {INVOICE}/issue", of(DRAFTED)),
        Ask(
            f"{AT_ONCE - 1} drafts issued in one request",
            "invoicing",
            f"POST {LISTED}/issue",
            lambda n: Given(body={"invoice_ids": there.drafts[n * AT_ONCE + 1 : (n + 1) * AT_ONCE]}),
        ),
        Ask(
            "draft deleted",
            "invoicing",
            f"DELETE {INVOICE}",
            lambda n: Given({"invoice_id": there.drafts[n * AT_ONCE]}, version='"1"'),
        ),
        Ask("credit note previewed", "invoicing", f"POST {INVOICE}/credit-notes/preview", opened(credit)),
        Ask(CREDITED, "invoicing", f"POST {INVOICE}/credit-notes", opened(credit)),
        Ask(
            "credit note undone",
            "invoicing",
            "POST /v1/credit-notes/{note_id}/undo",
            lambda n: Given({"note_id": made(CREDITED, n)["id"]}, reason),
        ),
        Ask("debit note previewed", "invoicing", f"POST {INVOICE}/debit-notes/preview", opened(debit)),
        Ask(DEBITED, "invoicing", f"POST {INVOICE}/debit-notes", opened(debit)),
        Ask(
            "debit note undone",
            "invoicing",
            "POST /v1/debit-notes/{note_id}/undo",
            lambda n: Given({"note_id": made(DEBITED, n)["id"]}, reason),
        ),
        Ask(
            "invoice voided",
            "invoicing",
            f"POST {INVOICE}/void",
            lambda n: Given({"invoice_id": there.void[n]}, reason),
        ),
        Ask(
            "invoice reviewed",
            "invoicing",
            f"POST {INVOICE}/review",
            lambda n: Given({"invoice_id": there.marked[n]}, reason),
        ),
    ]


def reads(there: Desk) -> list[Ask]:
    """Invoices, lists of them without a patient, plans and procedures."""
    today = str(datetime.now(UTC).date())

    def listing(name: str, **query: str) -> Ask:
        return Ask(f"invoices {name}", "invoicing", f"GET {LISTED}", lambda _: Given(query=query))

    return [
        Ask("invoice read", "invoicing", f"GET {INVOICE}", lambda n: Given({"invoice_id": there.open[n]})),
        Ask("story of an invoice", "invoicing", f"GET {INVOICE}/story", lambda n: Given({"invoice_id": there.open[n]})),
        listing("of the clinic"),
        Ask("invoices, page by cursor", "invoicing", f"GET {LISTED}", lambda _: Given(query={"cursor": there.cursor})),
        listing("by status", status="issued"),
        listing("that are overdue", overdue="true"),
        listing("by date", **{"from": today, "to": today}),
        listing("by text", text="prophylaxis"),
        Ask(
            "invoices by number",
            "invoicing",
            f"GET {LISTED}",
            lambda n: Given(query={"number": there.asking.body(ISSUED, n)["number"]}),
        ),
        Ask("treatment plans listed", "invoicing", "GET /v1/treatment-plans"),
        Ask(
            "treatment plan",
            "invoicing",
            "GET /v1/treatment-plans/{treatment_plan_id}",
            lambda n: Given({"treatment_plan_id": there.plans[n]}),
        ),
        *(
            Ask(f"report of {name}{ending}", "invoicing", f"GET /v1/reports/{name}{ending}")
            for name in ("tax", "ageing", "collections", "write-offs")
            for ending in ("", ".csv")
        ),
        Ask("invoices searched", "invoicing", f"POST {LISTED}/search", lambda _: Given(body={"text": "ana"})),
        Ask("patients searched", "invoicing", "POST /v1/patients/search", lambda _: Given(body={"text": "ana"})),
        Ask(
            "patient read",
            "invoicing",
            "GET /v1/patients/{patient_id}",
            lambda n: Given({"patient_id": there.patients[n]}),
        ),
        Ask("unregistered patients", "invoicing", "GET /v1/unregistered-patients"),
        Ask("billable procedures", "invoicing", "GET /v1/billable-procedures"),
        Ask("invoices to review", "invoicing", "GET /v1/invoice-reviews"),
        Ask("what waits for somebody", "invoicing", "GET /v1/waiting"),
    ]


def of_the_clinic(there: Desk) -> list[Ask]:
    """Settings, sums and what the operators ask; the settings by one client, for a change names the version before."""
    return [
        Ask("outstanding by patient", "invoicing", "GET /v1/outstanding"),
        Ask("proof of invoicing", "invoicing", "GET /v1/prove"),
        Ask("position of invoicing", "invoicing", "GET /v1/position"),
        Ask("tally of invoices", "invoicing", "GET /v1/tallies/{name}", lambda _: Given({"name": "invoices"})),
        Ask("clinic read", "invoicing", "GET /v1/clinic"),
        Ask("versions of a clinic's settings", "invoicing", "GET /v1/clinic/versions"),
        Ask(
            "clinic read as it was",
            "invoicing",
            "GET /v1/clinic/versions/{version}",
            lambda _: Given({"version": "1"}),
        ),
        Ask(CONFIGURED, "invoicing", "PUT /v1/clinic", lambda n: _configured(there, n), clients=1),
    ]


def of_requests(there: Desk) -> list[Ask]:
    """What is credited above the limit that the clinic has by now, and the second person's decision (`PAY-15`)."""
    made = there.asking.body if there is not None else None
    other = there.other if there is not None else None
    credit = {"kind": "courtesy", "amount": money(500), "reason": "bench"}

    def wanted(kind: str) -> Ask:
        given = lambda n: Given({"invoice_id": there.open[n]}, credit)  # noqa: E731 - a request in a line
        return Ask(f"credit requested, to be {kind}", "invoicing", f"POST {INVOICE}/credit-notes", given)

    def decided(kind: str, operation: str, body: Any, by: Api | None) -> Ask:
        name = f"credit requested, to be {kind}"
        given = lambda n: Given({"request_id": made(name, n)["id"]}, body)  # noqa: E731 - a request in a line
        return Ask(f"credit request {kind}", "invoicing", f"POST {REQUEST}/{operation}", given, by=by)

    return [
        *(wanted(kind) for kind in ("approved", "rejected", "withdrawn")),
        Ask("credit requests that are open", "invoicing", "GET /v1/credit-requests", lambda _: Given(query=OPEN)),
        Ask(
            "credit request read",
            "invoicing",
            f"GET {REQUEST}",
            lambda n: Given({"request_id": made("credit requested, to be approved", n)["id"]}),
        ),
        decided("approved", "approval", None, other),
        decided("rejected", "rejection", {"reason": "bench"}, other),
        decided("withdrawn", "withdrawal", {"reason": "bench"}, None),
    ]


def _configured(there: Desk, number: int) -> Given:
    version = there.asking.etag(CONFIGURED, number - 1) if number else there.version
    changed = {"name": f"Bench Dental {number}", "credit_limit": "0.00"}
    return Given(body=there.settings | changed, version=version)


async def _by_hand(there: Desk) -> None:
    """Invoices are made by hand only, so that the procedures of this part go where it says."""
    clinic = there.asking.clinic
    read = await clinic.api.get("invoicing", clinic.id, "/v1/clinic")
    there.settings = {
        "name": "Bench Dental",
        "currency": CURRENCY,
        "time_zone": "America/New_York",
        "language": "en-US",
        "billing_policy": "manual",
        "reason": "billed by hand",
    }
    there.version = str((await clinic.api.put("invoicing", clinic.id, "/v1/clinic", there.settings, read.etag)).etag)


async def _marked(there: Desk, announcer: Announcer) -> None:
    """Procedures that are billed and then taken back: their invoices are marked for review (`INV-1`)."""
    clinic = there.asking.clinic
    done = [_completed(clinic, patient) for patient in there.patients]
    await announcer.announce(done)
    await until(lambda: _listed(clinic, "/v1/billable-procedures", COUNT), "procedures known")

    async def billed(number: int) -> UUID:
        body = {"patient_id": str(there.patients[number]), "procedure_ids": [str(done[number].subject)], "issue": True}
        return UUID((await clinic.api.post("invoicing", clinic.id, LISTED, body, uuid4())).body["id"])

    there.marked = await prepare(COUNT, billed)
    await announcer.announce(_reverted(clinic, one) for one in done)
    await until(lambda: _listed(clinic, "/v1/invoice-reviews", COUNT), "invoices marked")


def _completed(clinic: Clinic, patient: UUID) -> Announced:
    event = ProcedureCompleted(
        clinic_id=clinic.id,
        occurred_at=datetime.now(UTC),
        procedure_id=new_id(),
        patient_id=patient,
        code_system="CDT",
        code="D1110",
        description="Prophylaxis, adult",
        date_of_service=datetime.now(UTC).date(),
        fee=FEE,
    )
    return Announced(uuid4(), "/practice/clinical", event.procedure_id, event)


def _reverted(clinic: Clinic, done: Announced) -> Announced:
    event = ProcedureReverted(
        clinic_id=clinic.id,
        occurred_at=datetime.now(UTC),
        procedure_id=done.subject,
        patient_id=done.event.patient_id,  # type: ignore[attr-defined]
    )
    return Announced(uuid4(), "/practice/clinical", done.subject, event)


def _accepted(there: Desk, number: int) -> Announced:
    items = [
        PlannedItem(item_id=new_id(), code_system="CDT", code=f"D27{place:02}", description="Crown", fee=FEE)
        for place in range(5)
    ]
    event = TreatmentPlanAccepted(
        clinic_id=there.asking.clinic.id,
        occurred_at=datetime.now(UTC),
        treatment_plan_id=there.plans[number],
        patient_id=there.patients[number],
        name="Crowns",
        items=tuple(items),
    )
    return Announced(uuid4(), "/practice/clinical", event.treatment_plan_id, event)


async def _listed(clinic: Clinic, path: str, wanted: int) -> bool:
    return len([page async for page in clinic.api.pages("invoicing", clinic.id, path)]) >= wanted


async def _draft(clinic: Clinic, patient: UUID) -> str:
    return str((await clinic.api.post("invoicing", clinic.id, LISTED, _wanted(patient), uuid4())).body["id"])


def _wanted(patient: UUID) -> dict[str, Any]:
    return {"patient_id": str(patient), "lines": _lines()}


def _lines() -> list[dict[str, Any]]:
    return [{"kind": "custom", "description": f"item {place}", "unit_price": money(2_500)} for place in range(3)]
