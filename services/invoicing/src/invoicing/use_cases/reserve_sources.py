"""Reserve what an invoice bills, procedures and plan items, for it alone, and load what its lines need (`INV-3`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from chassis.database import Work
from chassis.database.merged_records import records_of
from chassis.identifiers import new_id

from invoicing.domain.billable_procedure import BillableProcedure
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.draft_line import DraftContent, Sources
from invoicing.domain.errors import (
    Invalid,
    NotFound,
    PlanItemAlreadyInvoiced,
    ProcedureAlreadyInvoiced,
    ProcedureNotBillable,
)
from invoicing.domain.treatment_plan import PlanItem
from invoicing.persistence import billable_procedures, treatment_plans
from invoicing.use_cases.look_up_prices import prices_of


async def lock_sources(work: Work, invoice_id: UUID, wanted: DraftContent | None = None) -> None:
    """Lock what an invoice bills and what it is to bill, before the invoice itself is locked.

    Everybody locks in this order: procedures, plan items, invoices, number series, each by id. The events of the
    practice begin with a procedure and cannot know its invoice before, so the desk goes their way, and no two wait in
    a ring.
    """
    procedure_ids = wanted.all_procedure_ids if wanted else []
    planned = await billable_procedures.lock_of(work.connection, work.clinic_id, invoice_id, procedure_ids)
    items = [*planned, *(wanted.plan_item_ids if wanted else ())]
    keys = ((work.clinic_id, item_id) for item_id in items)
    await treatment_plans.lock(work.connection, keys=keys, invoices=[invoice_id])


async def reserve_sources(
    work: Work, invoice_id: UUID, patient_id: UUID, wanted: DraftContent, settings: ClinicSettings
) -> Sources:
    """Reserve procedures and plan items for an invoice, under any race for it alone.

    Raises ProcedureAlreadyInvoiced, PlanItemAlreadyInvoiced, ProcedureNotBillable, NotFound, Invalid.
    """
    if not (wanted.all_procedure_ids or wanted.plan_item_ids):
        return await _sources(work, settings, wanted, (), ())
    procedures = await _reserve_procedures(work, invoice_id, wanted)
    patient = await records_of(work.connection, work.clinic_id, patient_id)
    for procedure in procedures:
        require_billable_for(procedure, patient, wanted)
    planned = [procedure for procedure in procedures if procedure.treatment_plan_item_id]
    named = [
        *wanted.plan_item_ids,
        *(procedure.treatment_plan_item_id for procedure in planned if procedure.treatment_plan_item_id),
    ]
    if named:
        await treatment_plans.lock(work.connection, keys=((work.clinic_id, item_id) for item_id in named))
    items = await _reserve_items(work, invoice_id, patient, wanted)
    await treatment_plans.bill(
        work.connection,
        [
            (procedure.clinic_id, procedure.treatment_plan_item_id, procedure.procedure_id)
            for procedure in planned
            if procedure.treatment_plan_item_id
        ],
        [invoice_id] * len(planned),
    )
    return await _sources(work, settings, wanted, procedures, items)


async def _sources(
    work: Work,
    settings: ClinicSettings,
    wanted: DraftContent,
    procedures: Sequence[BillableProcedure],
    items: Sequence[PlanItem],
) -> Sources:
    codes = [*(procedure.code for procedure in procedures), *(item.code for item in items)]
    return Sources(
        prices=await prices_of(work.connection, settings, settings.today(work.now), wanted, codes),
        procedures={procedure.procedure_id: procedure for procedure in procedures},
        plan_items={item.item_id: item for item in items},
        author=work.actor,
        new_id=new_id,
    )


async def _reserve_procedures(work: Work, invoice_id: UUID, wanted: DraftContent) -> list[BillableProcedure]:
    asked = wanted.all_procedure_ids
    if not asked:
        return []
    reserved = await billable_procedures.reserve(work.connection, work.clinic_id, asked, invoice_id)
    missed = _without(asked, (procedure.procedure_id for procedure in reserved))
    if missed:
        await _explain(work, wanted, missed)
    return reserved


async def _explain(work: Work, wanted: DraftContent, missed: Sequence[UUID]) -> None:
    rows = {
        row.procedure_id: row for row in await billable_procedures.states_of(work.connection, work.clinic_id, missed)
    }
    for procedure_id in missed:
        row = rows.get(procedure_id)
        if row is not None and row.reverted_at is not None:
            raise ProcedureNotBillable(wanted.field_of(procedure_id), procedure_id, "was reverted")
        if row is not None and row.invoice_id is not None:
            raise ProcedureAlreadyInvoiced(wanted.field_of(procedure_id), procedure_id, row.invoice_id, row.number)
    raise NotFound("billable procedure", missed[0], wanted.field_of(missed[0]))


def require_billable_for(procedure: BillableProcedure, patient: Collection[UUID], wanted: DraftContent) -> None:
    """See that it is of the patient who has these records in the register, and of the invoice's appointment.

    Raises ProcedureNotBillable.
    """
    id_ = procedure.procedure_id
    if procedure.patient_id not in patient:
        raise ProcedureNotBillable(wanted.field_of(id_), id_, "is another patient's")
    if wanted.appointment_id not in (None, procedure.appointment_id):
        raise ProcedureNotBillable(wanted.field_of(id_), id_, "is of another appointment")


async def _reserve_items(
    work: Work, invoice_id: UUID, patient: Collection[UUID], wanted: DraftContent
) -> list[PlanItem]:
    asked = wanted.plan_item_ids
    if not asked:
        return []
    reserved = await treatment_plans.reserve(work.connection, work.clinic_id, asked, invoice_id)
    missed = _without(asked, (one.item_id for one in reserved))
    if missed:
        known = await treatment_plans.find_items(work.connection, work.clinic_id, missed)
        for item_id in missed:
            item = known.get(item_id)
            if item is not None and item.invoice_id is not None:
                raise PlanItemAlreadyInvoiced(wanted.field_of(item_id), item_id, item.invoice_id, item.number)
        raise NotFound("treatment plan item", missed[0], wanted.field_of(missed[0]))
    for one in reserved:
        if one.patient_id not in patient:
            raise Invalid(wanted.field_of(one.item_id), "the treatment plan item is another patient's")
    return reserved


def _without(wanted: Sequence[UUID], got: Iterable[UUID]) -> list[UUID]:
    have = set(got)
    return [id_ for id_ in wanted if id_ not in have]
