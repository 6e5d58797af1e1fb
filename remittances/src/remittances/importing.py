"""Import a remittance file: checked as a whole first, then announced claim by claim, each once (`INS-3`, `INS-6`)."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from contracts.insurance import ClaimAdjudicated

from remittances.comparing import AT_ONCE, require_same
from remittances.contents import content_of
from remittances.identity import name_key
from remittances.imported import Imported
from remittances.invoices import Invoices
from remittances.matching import Invoice, Told, decision_of
from remittances.posting import Entry
from remittances.publishing import Publisher
from remittances.remittance import PREDETERMINATION
from remittances.surveying import Survey

Counted = Counter[tuple[UUID, str, str]]


async def import_file(
    path: Path, clinic_id: UUID, invoices: Invoices, publisher: Publisher, payer_id: UUID | None = None
) -> list[Imported]:
    """Announce what a file decides. Raises NotImported; where the file is at fault, nothing was announced.

    The file is read several times, a segment at a time: to see that all of it is well formed and adds up, to see that
    what is known of it is the same, and then to announce. Ids are derived from what the transfer is, so an import that
    was cut off is finished by doing it again.
    """
    survey = Survey(path, clinic_id)
    known = {one.id: await invoices.known(one.id) for one in survey.remittances if not one.repeats}
    await require_same(survey, known, invoices, payer_id)
    found = [Imported.of(one, known.get(one.id, {})) for one in survey.remittances]
    importing = _Importing({one.remittance_id: one for one in found if not one.repeats}, invoices, payer_id)
    reading = survey.claims()
    while some := list(islice(reading, AT_ONCE)):
        await publisher.publish(await importing.decide(some))
    return found


@dataclass(slots=True)
class _Importing:
    """An import on its way: what is found of each remittance, and what of it was told of before under another id."""

    found: dict[UUID, Imported]
    invoices: Invoices
    payer_id: UUID | None
    _told_before: Counted = field(default_factory=Counter)

    async def decide(self, some: list[Told]) -> list[ClaimAdjudicated]:
        """The decisions of some claims that are not known yet; what became of each is counted."""
        fresh = [told for told in some if self._is_open(told)]
        matched = await asyncio.gather(*(self._look_up(told) for told in fresh))
        decided = [self._decision(told, *one) for told, one in zip(fresh, matched, strict=True)]
        return [one for one in decided if one is not None]

    def _is_open(self, told: Told) -> bool:
        """Whether a claim is to be looked at; one that was applied, or decides nothing, is counted and passed over."""
        imported = self.found[told.remittance_id]
        if told.claim.status == PREDETERMINATION:
            imported.predeterminations += 1
            return False
        one = imported.known.get(told.decision_id)
        if one is None or one.state != "applied":
            return True
        imported.imported_before += 1
        payer = (one.payer_id, one.payer_name)
        entry = Entry(one.invoice_id, one.patient_id, *payer, Decimal(one.paid), one.currency)
        imported.posting.entries[one.decision_id] = entry
        return False

    async def _look_up(self, told: Told) -> tuple[Invoice | None, list[dict[str, Any]]]:
        """The invoice of a claim, and what is decided on it already."""
        invoice = await self.invoices.find(told.claim.patient_control_number)
        if invoice is None or not (invoice["insurance"] or {}).get("payers"):
            return invoice, []
        return invoice, await self.invoices.decided(UUID(invoice["id"]))

    def _decision(self, told: Told, invoice: Invoice | None, decided: list[dict[str, Any]]) -> ClaimAdjudicated | None:
        """The decision that a claim tells of, if it is new, or repaired after it was set aside."""
        imported = self.found[told.remittance_id]
        if invoice is None:
            imported.miss(told)
            return None
        decision = decision_of(told, invoice, self.payer_id)
        payer = (decision.payer_id, decision.payer_name)
        paid = Decimal(decision.paid.amount)
        entry = Entry(decision.invoice_id, decision.patient_id, *payer, paid, decision.paid.currency)
        imported.posting.entries[decision.decision_id] = entry
        one = imported.known.get(told.decision_id)
        if (one is not None and one.content == content_of(decision)) or self._was_told(decision, decided):
            imported.imported_before += 1
            return None
        imported.count(told, decision)
        return decision

    def _was_told(self, decision: ClaimAdjudicated, decided: list[dict[str, Any]]) -> bool:
        """Whether an invoice has this decision by the same transfer under another id.

        As by a file that left out the insurer's identifier, by another system, or by a version of this command that
        knew transfers by their envelope. Of several equal decisions each stands for one.
        """
        same = [one for one in decided if _is_same(decision, one)]
        key = (decision.invoice_id, decision.charge.amount, decision.paid.amount)
        self._told_before[key] += 1
        return self._told_before[key] <= len(same)


def _is_same(decision: ClaimAdjudicated, listed: dict[str, Any]) -> bool:
    """Whether what was applied is by the same insurer, under the same reference, of the same day and amounts."""
    by_payer = listed["payer_id"] == str(decision.payer_id) or name_key(listed["payer_name"]) == name_key(
        decision.payer_name
    )
    return (
        by_payer
        and listed["remittance_id"] != str(decision.remittance_id)
        and listed["remittance_reference"] == decision.remittance_reference
        and listed["decided_at"][:10] == f"{decision.occurred_at:%Y-%m-%d}"
        and Decimal(listed["charge"]["amount"]) == Decimal(decision.charge.amount)
        and Decimal(listed["paid"]["amount"]) == Decimal(decision.paid.amount)
    )
