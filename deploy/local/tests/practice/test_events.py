"""The practice's events: keyed by patient, the same at every play, nothing personal in their headers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from contracts.clinical import AppointmentClosed, ProcedureCompleted
from contracts.patients import PatientRegistered
from local_stack.practice.announcing import headers_of
from local_stack.practice.events import ZONE, email_of, of_visit, registration
from local_stack.practice.extract import Extract
from local_stack.practice.ledger import Clinic, Patient, Visit
from local_stack.practice.player import on_day

TRACE = f"00-{'a' * 32}-{'b' * 16}-01"


@pytest.fixture
def visits(clinic_day: Path) -> list[Visit]:
    with Extract(clinic_day) as extract:
        return list(extract.visits())


@pytest.fixture
def registrations(clinic_day: Path) -> list[tuple[Clinic, Patient]]:
    with Extract(clinic_day) as extract:
        return list(extract.registrations())


def test_a_visit_announces_each_procedure_with_its_charge_and_then_that_it_is_over(visits: list[Visit]) -> None:
    for visit in visits:
        *completed, closed = (announced.event for announced in of_visit(visit))
        fees = [event.fee.amount for event in completed if isinstance(event, ProcedureCompleted) and event.fee]
        assert fees == [f"{procedure.fee // 100}.{procedure.fee % 100:02}" for procedure in visit.procedures]
        assert isinstance(closed, AppointmentClosed)
        assert closed.primary_payer_name == (visit.insurer.name if visit.insurer else None)
        assert {event.partition_key for event in (*completed, closed)} == {str(visit.patient_id)}


def test_playing_twice_announces_the_same_ids(visits: list[Visit], registrations: list[tuple[Clinic, Patient]]) -> None:
    def ids() -> list[UUID]:
        of_visits = [announced.id for visit in visits for announced in of_visit(visit)]
        return of_visits + [registration(*pair).id for pair in registrations]

    assert ids() == ids()
    assert len(set(ids())) == len(ids())


def test_headers_are_those_of_the_binding_and_hold_nothing_personal(visits: list[Visit]) -> None:
    announced = next(of_visit(visits[0]))
    headers = dict(headers_of(announced, TRACE))
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_type"] == b"dental.procedure.completed.v1"
    assert headers["traceparent"] == TRACE.encode()
    text = b" ".join(headers.values()).decode()
    assert visits[0].procedures[0].description not in text


def test_a_patient_is_registered_with_each_clinic_visited(
    visits: list[Visit], registrations: list[tuple[Clinic, Patient]]
) -> None:
    pairs = {(visit.clinic_id, visit.patient_id) for visit in visits}
    assert {(clinic.id, patient.id) for clinic, patient in registrations} == pairs
    assert len(registrations) == len(pairs)


def test_emails_are_ascii_at_a_domain_that_receives_none(registrations: list[tuple[Clinic, Patient]]) -> None:
    assert any(not patient.family_name.isascii() for _, patient in registrations)
    for _, patient in registrations:
        assert re.fullmatch(r"[a-z0-9.-]+@example\.org", email_of(patient))


def test_a_name_of_another_script_gets_an_address_too(registrations: list[tuple[Clinic, Patient]]) -> None:
    patient = replace(registrations[0][1], given_name="رنا", family_name="حداد")
    assert email_of(patient) == f"{patient.id.hex[:12]}@example.org"


def test_most_patients_want_documents_some_do_not_and_some_gave_no_address(
    registrations: list[tuple[Clinic, Patient]],
) -> None:
    points = []
    for pair in registrations:
        event = registration(*pair).event
        assert isinstance(event, PatientRegistered)
        points.append(event.contact_points)
    willing = sum(any("documents" in point.consents for point in one) for one in points)
    assert len(points) / 2 < willing < len(points)
    assert () in points
    assert any(one and not one[0].consents for one in points)


def test_a_visit_moved_to_a_day_ends_on_it_and_keeps_its_times_of_day_and_ids(visits: list[Visit]) -> None:
    """One that ran past midnight began the evening before: nothing is paid today that is done tomorrow."""
    for visit in visits:
        moved = on_day(visit, date(2026, 7, 1))
        acts = [procedure.start for procedure in moved.procedures]
        assert max([moved.start, moved.stop, *acts]).astimezone(ZONE).date() == date(2026, 7, 1)
        assert moved.start.timetz() == visit.start.timetz()
        assert moved.id == visit.id
        assert [procedure.id for procedure in moved.procedures] == [procedure.id for procedure in visit.procedures]
