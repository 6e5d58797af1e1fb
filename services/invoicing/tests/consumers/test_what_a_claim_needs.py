"""What a claim (X12 837D) needs is in the event that an invoice was issued, whoever issues it (`INS-2`)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import START
from contracts.addresses import PostalAddress
from contracts.claims import Coverage, Subscriber
from contracts.clinics import ClinicConfigured
from contracts.invoicing import InvoiceIssued
from contracts.patients import PatientChanged, PatientRegistered

NPI = "1234567893"
OF_LINE = {
    "place_of_service": "11",
    "prior_authorization": "PA-55120",
    "oral_cavity_area": "30",
    "provider_npi": "1987654328",
    "prosthesis": "replacement",
    "prior_placement_on": date(2011, 5, 2),
    "appliance_placed_on": date(2026, 1, 15),
    "orthodontic_months": 24,
    "orthodontic_months_left": 0,
}
TYPED = {name: value.isoformat() if isinstance(value, date) else value for name, value in OF_LINE.items()}
"""As it is typed in, and shown."""
HOME = PostalAddress(lines=("12 Harbor Street",), city="Springfield", region="MA", postal_code="01103", country="US")
FIRST = Coverage(
    payer_id=new_id(),
    payer_name="Harbor Dental Mutual",
    payer_identifier="66001",
    subscriber_id="W1180027741",
    group_number="GRP-4471",
    relationship="19",
    group_name="Springfield Schools",
    filing_indicator="CI",
    subscriber=Subscriber(
        given_name="Ngozi", family_name="Okafor", birth_date=date(1961, 8, 30), gender="F", address=HOME
    ),
)
SECOND = Coverage(payer_id=new_id(), payer_sequence="secondary", subscriber_id="S-2")
PATIENT: dict[str, Any] = {"gender": "F", "birth_date": date(1987, 4, 9), "coverages": (SECOND, FIRST), "address": HOME}


def known(clinic: Any, version: int = 1, **said: Any) -> Any:
    contract = PatientRegistered if version == 1 else PatientChanged
    names = {"given_name": "Amara", "family_name": "Okafor"}
    told = {"clinic_id": clinic.id, "occurred_at": START, "patient_id": clinic.patient_id, "version": version}
    return contract(**(told | names | said))


def of_line(line: Any) -> dict[str, Any]:
    return {name: getattr(line, name) for name in OF_LINE}


def of_patient(issued: Any) -> tuple[Any, ...]:
    return issued.patient_gender, issued.patient_birth_date, issued.coverages


KNOWN = ("F", date(1987, 4, 9), (FIRST, SECOND))
UNKNOWN = (None, None, ())


async def treat(clinic: Any, policy: str, *, auto_issue: bool) -> None:
    """A patient who is insured, one act of which the clinical system says all, and the visit's end."""
    await clinic.configure(npi=NPI, billing_policy=policy, auto_issue=auto_issue)
    visit = new_id()
    await clinic.harness.deliver(known(clinic, **PATIENT))
    await clinic.harness.deliver(clinic.completed(visit, **OF_LINE), clinic.closed(visit))


async def issue_draft(clinic: Any) -> None:
    (draft,) = await clinic.listed(status="draft")
    await clinic.post(f"/v1/invoices/{draft['id']}/issue", {}, 200)


async def issue_chosen(clinic: Any) -> None:
    (draft,) = await clinic.listed(status="draft")
    await clinic.post("/v1/invoices/issue", {"invoice_ids": [draft["id"]]}, 200)


async def invoice_by_hand(clinic: Any) -> None:
    (procedure,) = await clinic.listed("/v1/billable-procedures")
    await clinic.invoice(procedure_ids=[procedure["procedure_id"]])


@pytest.mark.rule("INS-2.1")
@pytest.mark.parametrize("policy", ["per_appointment", "per_procedure"])
async def test_an_invoice_issued_by_itself_tells_what_a_claim_needs(clinic: Any, policy: str) -> None:
    """INS-2."""
    await treat(clinic, policy, auto_issue=True)
    (issued,) = await clinic.announced(InvoiceIssued)
    assert (of_line(issued.lines[0]), of_patient(issued)) == (OF_LINE, KNOWN)
    assert issued.billing_provider_npi == NPI


@pytest.mark.rule("INS-2.1")
@pytest.mark.parametrize(
    ("policy", "issue"),
    [("per_appointment", issue_draft), ("per_procedure", issue_chosen), ("manual", invoice_by_hand)],
)
async def test_an_invoice_issued_by_hand_tells_the_same(clinic: Any, policy: str, issue: Any) -> None:
    """INS-2."""
    await treat(clinic, policy, auto_issue=False)
    await issue(clinic)
    (issued,) = await clinic.announced(InvoiceIssued)
    assert (of_line(issued.lines[0]), of_patient(issued)) == (OF_LINE, KNOWN)
    assert issued.billing_provider_npi == NPI


async def test_a_typed_line_says_it_itself_and_before_its_procedure(clinic: Any) -> None:
    """INS-2."""
    procedure = clinic.completed(None, **OF_LINE)
    await clinic.harness.deliver(procedure)
    bills = {"kind": "procedure", "procedure_id": str(procedure.procedure_id), "place_of_service": "22"}
    made = await clinic.invoice(clinic.custom("10.00", **TYPED), bills, clinic.custom("1.00"))
    (issued,) = await clinic.announced(InvoiceIssued)
    said = [OF_LINE, OF_LINE | {"place_of_service": "22"}, dict.fromkeys(OF_LINE)]
    assert [of_line(line) for line in issued.lines] == said
    shown = (await clinic.read(made["id"]))["lines"]
    typed = [TYPED, TYPED | {"place_of_service": "22"}, dict.fromkeys(OF_LINE)]
    assert [{name: line[name] for name in OF_LINE} for line in shown] == typed


async def test_coverage_that_changes_later_changes_nothing_that_was_issued(clinic: Any) -> None:
    """INS-2: the next invoice has what is known by then, an older version that comes late is not it."""
    first, last = known(clinic, **PATIENT), known(clinic, 3, coverages=(SECOND,))
    await clinic.harness.deliver(first)
    await clinic.invoice(clinic.custom("1.00"))
    await clinic.harness.deliver(last)
    await clinic.harness.deliver(known(clinic, 2, **PATIENT))
    await clinic.invoice(clinic.custom("2.00"))
    issued = {one.totals.total.amount: of_patient(one) for one in await clinic.announced(InvoiceIssued)}
    assert issued == {"1.00": KNOWN, "2.00": (None, None, (SECOND,))}


async def test_another_clinics_patient_of_the_same_id_is_nobody_here(clinic: Any) -> None:
    """ALL-4, INS-2: also where events of both come in one batch."""
    elsewhere = known(clinic, **PATIENT).model_copy(update={"clinic_id": new_id()})
    await clinic.harness.deliver(elsewhere)
    visit, there = new_id(), {"clinic_id": elsewhere.clinic_id}
    await clinic.harness.deliver(
        clinic.completed(visit), clinic.completed(visit, **there), clinic.closed(visit), clinic.closed(visit, **there)
    )
    (issued,) = await clinic.announced(InvoiceIssued)
    assert of_patient(issued) == UNKNOWN
    assert of_line(issued.lines[0]) == dict.fromkeys(OF_LINE)


async def test_a_procedure_completed_anew_says_what_it_says_now(clinic: Any) -> None:
    await clinic.configure(billing_policy="manual")
    procedure = clinic.completed(None, **OF_LINE)
    again = procedure.model_copy(update={"place_of_service": "02", "prior_authorization": None})
    told = [clinic.message(procedure, 1), clinic.message(clinic.reverted(procedure), 2), clinic.message(again, 3)]
    for message in told:
        await clinic.harness.deliver(message)
    await invoice_by_hand(clinic)
    (issued,) = await clinic.announced(InvoiceIssued)
    assert of_line(issued.lines[0]) == OF_LINE | {"place_of_service": "02", "prior_authorization": None}


@pytest.mark.parametrize("npi", ["1234567890", "123456789", "12345678930", "١٢٣٤٥٦٧٨٩٣", "123456789X", ""])
async def test_a_mistyped_npi_is_refused_naming_the_field(clinic: Any, npi: str) -> None:
    """INS-2: ten digits, the last of which checks the others."""
    before = await clinic.api.get("/v1/clinic")
    changed = {name: before.json()[name] for name in ("name", "currency", "time_zone", "language")}
    body = changed | {"npi": npi, "reason": "as agreed"}
    refused = await clinic.api.put("/v1/clinic", json=body, headers={"If-Match": before.headers["etag"]})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "npi")
    assert (await clinic.api.get("/v1/clinic")).json() == before.json()
    line = await clinic.invoice(clinic.custom("1.00", provider_npi=npi), status=422)
    assert line["errors"][0]["field"] == "lines[0].provider_npi"


async def test_the_clinics_npi_is_shown_and_told(clinic: Any) -> None:
    shown = await clinic.configure(npi=NPI)
    told = max(await clinic.announced(ClinicConfigured), key=lambda one: one.version)
    assert (shown["npi"], told.npi) == (NPI, NPI)
    assert (await clinic.configure())["npi"] is None


@pytest.mark.rule("ALL-6.4")
async def test_nothing_personal_is_in_the_key_or_a_header(clinic: Any) -> None:
    """ALL-6."""
    await treat(clinic, "per_appointment", auto_issue=True)
    (message,) = await clinic.harness.announced(InvoiceIssued, clinic_id=clinic.id)
    beside = repr([getattr(message, name) for name in message.__dataclass_fields__ if name != "raw"])
    for personal in (FIRST.subscriber_id, FIRST.group_number, "1987-04-09", OF_LINE["prior_authorization"], NPI):
        assert str(personal).encode() in message.raw
        assert str(personal) not in beside


@pytest.mark.rule("INS-2.1")
async def test_an_invoice_names_patient_and_clinic_as_a_claim_has_to(clinic: Any) -> None:
    """INS-2: 837D loops 2010AA, 2010BA and 2010CA; the insured where the patient is somebody else's dependant."""
    address = {"lines": ["4 Maple Street"], "city": "Springfield", "region": "MA", "postal_code": "01105"}
    told = {
        "legal_name": "Maple Street Dental PLLC",
        "tax_number": "04-1234567",
        "address": address | {"country": "US"},
    }
    await clinic.configure(npi=NPI, **told)
    await clinic.harness.deliver(known(clinic, **PATIENT))
    await clinic.invoice(clinic.custom("1.00"))
    (issued,) = await clinic.announced(InvoiceIssued)
    assert (issued.billing_provider_name, issued.billing_provider_tax_number) == (
        told["legal_name"],
        told["tax_number"],
    )
    assert issued.billing_provider_address == PostalAddress(**(address | {"country": "US"}))
    assert (issued.patient_given_name, issued.patient_family_name, issued.patient_address) == ("Amara", "Okafor", HOME)
    assert issued.coverages[0].subscriber == FIRST.subscriber


async def test_a_patient_whom_the_register_has_not_told_of_is_nameless_in_the_event(clinic: Any) -> None:
    await clinic.invoice(clinic.custom("1.00"))
    (issued,) = await clinic.announced(InvoiceIssued)
    assert (issued.patient_given_name, issued.patient_family_name, issued.patient_address) == (None, None, None)
    assert issued.billing_provider_name == (await clinic.api.get("/v1/clinic")).json()["name"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("orthodontic_months", -1),
        ("orthodontic_months_left", 241),
        ("prosthesis", "second"),
        ("prior_placement_on", "1"),
    ],
)
async def test_what_no_claim_can_say_is_refused_naming_the_field(clinic: Any, field: str, value: Any) -> None:
    refused = await clinic.invoice(clinic.custom("1.00", **{field: value}), status=422)
    assert refused["errors"][0]["field"] == f"lines[0].{field}"
