"""Freeze what an issued invoice's PDF will say, with the letterhead and address of the day (`INV-6`, `RCP-4`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from chassis.database import Work

from receipts.documents.catalogs import choose_language
from receipts.documents.content.frozen import invoice_as_json
from receipts.documents.content.invoice import freeze_invoice
from receipts.domain.errors import FactsMissing
from receipts.domain.issued_invoice import IssuedInvoice
from receipts.domain.people import PatientKey
from receipts.persistence import document_settings, invoices, people


async def keep_issued_invoices(
    work: Work, issued: Sequence[IssuedInvoice], anyway: Collection[PatientKey] = ()
) -> None:
    """Keep them. Raises FactsMissing, by invoice, where a clinic or a patient has not arrived yet.

    The patients of `anyway` are waited for no longer (`ALL-11`).
    """
    clinic_ids = {one.clinic_id for one in issued}
    clinics = await people.newest_clinics(work.connection, clinic_ids)
    patients = await people.patients_of(work.connection, {(one.clinic_id, one.patient_id) for one in issued}, anyway)
    missing = {
        one.invoice_id: f"clinic {one.clinic_id} is not known yet" for one in issued if one.clinic_id not in clinics
    }
    missing |= {
        one.invoice_id: f"patient {one.patient_id} is not known yet"
        for one in issued
        if (one.clinic_id, one.patient_id) not in patients
    }
    if missing:
        raise FactsMissing(missing)
    settings = await document_settings.settings_of(work.connection, clinic_ids)
    contents = {}
    for one in issued:
        clinic, patient = clinics[one.clinic_id], patients[one.clinic_id, one.patient_id]
        language = choose_language(patient.language, clinic.language)
        content = freeze_invoice(
            one, language=language, clinic=clinic, patient=patient, settings=settings[one.clinic_id]
        )
        contents[one.invoice_id] = invoice_as_json(content)
    await invoices.add(work.connection, contents, issued)
