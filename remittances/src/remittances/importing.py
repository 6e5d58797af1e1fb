"""Import a remittance file: checked as a whole first, then announced claim by claim, each once (`INS-3`, `INS-6`)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from uuid import UUID

from contracts.insurance import ClaimAdjudicated

from remittances.comparing import AT_ONCE, ToldBefore, find_told_before, require_same
from remittances.contents import Known, content_of
from remittances.imported import Imported
from remittances.invoices import Invoices
from remittances.matching import Invoice, Told, decision_of
from remittances.posting import Entry
from remittances.publishing import Publisher
from remittances.putting_off import PutOff
from remittances.surveying import Survey


async def import_file(
    path: Path,
    clinic_id: UUID,
    invoices: Invoices,
    publisher: Publisher,
    payer_id: UUID | None = None,
    *,
    is_another: bool = False,
) -> list[Imported]:
    """Announce what a file decides. Raises NotImported; where the file is at fault, nothing was announced.

    The file is read several times, a segment at a time: to see that all of it is well formed and adds up, to see that
    what is known of it is the same, and then to announce. Ids are derived from what the transfer is, so an import that
    was cut off is finished by doing it again. `is_another` says that what is known under the same references, days and
    other amounts are other transfers.
    """
    survey = Survey(path, clinic_id)
    before = await find_told_before(survey, invoices, is_another=is_another)
    await require_same(survey, before, invoices, payer_id)
    found = [Imported.of(remittance, before.known.get(remittance.id, {})) for remittance in survey.remittances]
    own = {one.remittance_id: one for one in found if not one.repeats}
    put_off = {one.id: PutOff(one.remittance.provider_adjustments) for one in survey.remittances}
    importing = _Importing(own, before, invoices, payer_id, put_off)
    reading = survey.claims()
    while some := list(islice(reading, AT_ONCE)):
        await publisher.publish(await importing.decide(some))
    return found


@dataclass(slots=True)
class _Importing:
    """An import on its way: what is found of each remittance, and what of it was told of before."""

    found: dict[UUID, Imported]
    before: ToldBefore
    invoices: Invoices
    payer_id: UUID | None
    put_off: dict[UUID, PutOff]

    async def decide(self, some: list[Told]) -> list[ClaimAdjudicated]:
        """The decisions of some claims that are not known yet; what became of each is counted."""
        fresh = [told for told in some if self._is_open(told)]
        numbers = [told.claim.patient_control_number for told in fresh]
        matched = await asyncio.gather(*(self.invoices.find(number) for number in numbers))
        invoices = {told.decision_id: invoice for told, invoice in zip(fresh, matched, strict=True)}
        put_off = {told.decision_id: self._put_off(told, invoices.get(told.decision_id)) for told in some}
        decided = [self._decision(told, invoices[told.decision_id], put_off[told.decision_id]) for told in fresh]
        return [one for one in decided if one is not None]

    def _put_off(self, told: Told, invoice: Invoice | None) -> Decimal | None:
        """What of a claim is put off: the same whatever of its file was told before."""
        if not told.claim.decides:
            return None
        if invoice is not None:
            return self.put_off[told.remittance_id].of(UUID(invoice["id"]), invoice["number"], told.claim.paid)
        if (known := self._known(told)) is not None:
            return self.put_off[told.remittance_id].of(known.invoice_id, known.invoice_number, told.claim.paid)
        return None

    def _is_open(self, told: Told) -> bool:
        """Whether a claim is to be looked at; one that was applied, or decides nothing, is counted and passed over."""
        imported = self.found[told.remittance_id]
        if not told.claim.decides:
            imported.pass_over(told)
            return False
        if one := self._known(told):
            imported.imported_before += 1
            imported.posting.entries[told.decision_id] = _entry_of(one)
            return False
        return True

    def _known(self, told: Told) -> Known | None:
        """A claim's decision as it was applied, under its own id or another."""
        known = self.found[told.remittance_id].known.get(told.decision_id)
        applied = known if known and known.state == "applied" else None
        return applied or self.before.same.get((told.remittance_id, told.decision_id))

    def _decision(self, told: Told, invoice: Invoice | None, put_off: Decimal | None) -> ClaimAdjudicated | None:
        """The decision that a claim tells of, if it is new, or repaired after it was set aside."""
        imported = self.found[told.remittance_id]
        if invoice is None:
            imported.miss(told)
            return None
        decision = decision_of(told, invoice, self.payer_id, put_off)
        imported.posting.entries[told.decision_id] = _entry(decision)
        one = imported.known.get(told.decision_id)
        if one is not None and one.content == content_of(decision):
            imported.find_again(told, one)
            return None
        imported.count(told, decision)
        return decision


def _entry(decision: ClaimAdjudicated) -> Entry:
    paid, payer = decision.paid, (decision.payer_id, decision.payer_name)
    return Entry(decision.invoice_id, decision.patient_id, *payer, Decimal(paid.amount), paid.currency)


def _entry_of(one: Known) -> Entry:
    payer = (one.payer_id, one.payer_name)
    return Entry(one.invoice_id, one.patient_id, *payer, Decimal(one.paid), one.currency)
