"""Decide what refunds get credited on invoices, make or undo their notes, and say where it is not what they wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id

from invoicing.announcements.refund_adjustments import DecidedAdjustment, announce_refund_adjustment_decided
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.invoice import FrozenInvoice
from invoicing.domain.note import Note, NoteAmounts, Side
from invoicing.domain.refund_adjustment import NamedLines, Refunds
from invoicing.domain.settlement import Settlement
from invoicing.persistence import clinics, invoices, settlements
from invoicing.use_cases.adjust_installment_plans import NewNote
from invoicing.use_cases.save_notes import save_notes


@dataclass(slots=True)
class Credited:
    """Entries with what is credited for each, the notes of that, and the decisions that differ from what was wanted."""

    entries: Sequence[Settlement]
    notes: list[NewNote] = field(default_factory=list)
    differing: list[DecidedAdjustment] = field(default_factory=list)

    async def save(self, work: Work) -> None:
        """Write the notes down, after the entries, and announce what differs."""
        if self.notes:
            await save_notes(work, self.notes)
        for one in self.differing:
            announce_refund_adjustment_decided(work, one)


@dataclass(slots=True)
class _Standing:
    """An invoice as it stands with the entries that are about to be counted, its clinic, and its refunds."""

    invoice: FrozenInvoice
    clinic: ClinicSettings
    refunds: Refunds


async def credit_refunds(work: Work, entries: Sequence[Settlement]) -> Credited:
    """Decide on new entries, whose invoices are locked, in their order. Raises AdjustmentUnknown (`PAY-20`)."""
    standing = await _standing(work, entries)
    found = Credited(entries)
    decided: dict[tuple[str, int], int] = {}
    for own in _by_refund(entries):
        on, named = standing[own[0].invoice_id], _named(own)
        note = _decide(work, on, own, named)
        _count(found, on, own, named, note)
        decided |= _spread(own, 0 if note is None else note.amounts.total * (1 if note.side == "credit" else -1))
    found.entries = [replace(entry, decided=decided.get((entry.event_id, entry.ordinal))) for entry in entries]
    return found


async def _standing(work: Work, entries: Sequence[Settlement]) -> dict[UUID, _Standing]:
    wanted = {entry.invoice_id for entry in entries if entry.credited}
    locked = await invoices.find_many(work.connection, wanted, lock=True, notes=True)
    found = [one.require_frozen("credited") for one in locked]
    of_clinics = await clinics.find_many(work.connection, {one.clinic_id for one in found})
    refunds = await settlements.refunds_of(work.connection, wanted)
    for invoice in found:
        own = [entry for entry in entries if entry.invoice_id == invoice.id]
        invoice.settled += sum(settlement.change for settlement in own)
        invoice.version += 1  # that of the entries; notes come after them
        for settlement in own:
            refunds[invoice.id].follow(settlement.place)
    return {one.id: _Standing(one, of_clinics[one.clinic_id], refunds[one.id]) for one in found}


def _by_refund(entries: Sequence[Settlement]) -> Iterator[list[Settlement]]:
    """All that a refund, or its cancellation, changed on an invoice, of however many installments, together."""
    found: dict[tuple[UUID, UUID], list[Settlement]] = {}
    for entry in entries:
        if entry.credited:
            found.setdefault((entry.invoice_id, entry.transaction_id), []).append(entry)
    yield from found.values()


def _named(own: Sequence[Settlement]) -> NamedLines:
    """What a refund names on an invoice: it names an invoice once, and each part of it has the same lines."""
    parts = [settlement for settlement in own if settlement.lines]
    return NamedLines(parts[0].lines, sum(part.credited for part in parts)) if parts else NamedLines()


def _decide(work: Work, on: _Standing, own: Sequence[Settlement], named: NamedLines) -> Note | None:
    wanted, first = sum(settlement.credited for settlement in own), own[0]
    if wanted > 0:
        most = wanted - named.minor + named.left(on.invoice)
        by_name = sum(settlement.credited for settlement in own if settlement.named)
        credited = on.refunds.credit(on.invoice, first.transaction_id, wanted, most, named=by_name)
        return _credit(work, on, first.transaction_id, credited, named) if credited else None
    refund_id = first.refund_id or first.transaction_id
    on.refunds.cancel(refund_id)
    return _undo(work, on, refund_id)


def _credit(work: Work, on: _Standing, refund_id: UUID, minor: int, named: NamedLines) -> Note:
    reason, of_lines = "Refund", min(minor, named.left(on.invoice))
    amounts = on.invoice.creditable_by_rule().credit_of_lines(minor, named.lines, of_lines, reason)
    return _note(work, on, "credit", "refund_adjustment", reason, amounts, refund_id)


def _undo(work: Work, on: _Standing, refund_id: UUID) -> Note | None:
    """The opposite of the note that was made for a refund; none where none was made."""
    own = [note for note in on.invoice.notes if note.refund_id == refund_id]
    made = next((note for note in own if note.side == "credit"), None)
    if made is None or any(note.side == "debit" for note in own):
        return None
    kind, reason = "undo_refund_adjustment", "Refund cancelled"
    return _note(work, on, "debit", kind, reason, made.amounts, refund_id, undoes_id=made.id)


def _count(found: Credited, on: _Standing, own: Sequence[Settlement], named: NamedLines, note: Note | None) -> None:
    wanted = sum(settlement.credited for settlement in own)
    decided = 0 if note is None else note.amounts.total * (1 if note.side == "credit" else -1)
    lines = named.credited(on.invoice, decided) if decided != wanted else []
    if note is not None:
        on.invoice.add_note(note)
        found.notes.append((on.clinic, on.invoice, note))
    if decided != wanted:
        refund_id, transaction_id = own[0].refund_id or own[0].transaction_id, own[0].transaction_id
        found.differing.append(
            DecidedAdjustment(on.invoice, on.clinic, refund_id, transaction_id, wanted, decided, note, lines)
        )


def _spread(own: Sequence[Settlement], decided: int) -> dict[tuple[str, int], int]:
    """What is credited for each of a refund's entries: the first ones get all they wanted, the last the rest."""
    parts: dict[tuple[str, int], int] = {}
    for settlement in own:
        part = min(decided, settlement.credited) if settlement.credited > 0 else max(decided, settlement.credited)
        parts[settlement.event_id, settlement.ordinal] = part
        decided -= part
    parts[own[-1].event_id, own[-1].ordinal] += decided
    return parts


def _note(
    work: Work,
    on: _Standing,
    side: Side,
    kind: str,
    reason: str,
    amounts: NoteAmounts,
    refund_id: UUID,
    *,
    undoes_id: UUID | None = None,
) -> Note:
    return Note(
        id=new_id(),
        clinic_id=on.invoice.clinic_id,
        invoice_id=on.invoice.id,
        side=side,
        kind=kind,
        reason=reason,
        author=work.actor,
        amounts=amounts,
        issue_date=on.clinic.today(work.now),
        created_at=work.now,
        refund_id=refund_id,
        undoes_id=undoes_id,
    )
