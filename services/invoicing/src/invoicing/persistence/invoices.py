"""The invoices: found with their lines and notes, locked in one order, added and changed in sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from chassis.database import Work
from chassis.database.driver import Statement
from chassis.database.rows import Record, Rows, record_of
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.errors import NotFound
from invoicing.domain.invoice import Invoice, IssuedInvoice, VoidInvoice
from invoicing.domain.note import Note, NoteLine
from invoicing.persistence import adjustments, mapping
from invoicing.persistence.mapping import INVOICE_ROWS, LINE_ROWS, StoredLine
from invoicing.persistence.tables.invoices import INVOICE_LINES, INVOICES, NOTE_LINES, NOTES

_NOTE_ROWS = Rows(NOTES)
_NOTE_LINE_ROWS = Rows(NOTE_LINES)
_FROZEN = Rows(
    INVOICES,
    [
        "id",
        "version",
        "payer_id",
        "payer_name",
        "number",
        "series_number",
        "issue_date",
        "due_date",
        "issued_at",
        "issued_by",
        "net_minor",
        "discount_minor",
        "tax_minor",
        "cash_rounding_minor",
        "total_minor",
        "taxes",
        "charges",
    ],
)
_FROZEN_LINES = Rows(
    INVOICE_LINES,
    ["id", "amount_minor", "own_discount_minor", "document_discount_minor", "net_minor", "charge_minor"],
)
_ADD_INVOICES = Statement(INVOICE_ROWS.inserting())
_ADD_LINES = Statement(LINE_ROWS.inserting())
_ADD = Statement(f"WITH added AS ({INVOICE_ROWS.inserting('i_')}) {LINE_ROWS.inserting('l_')}")
_ROWS = f"SELECT i.*, {mapping.PATIENT_NAME} FROM invoices i WHERE i.id = ANY(CAST(:ids AS uuid[])) ORDER BY i.id"  # noqa: S608
_FIND = text(_ROWS)
_LOCK = text(f"{_ROWS} FOR UPDATE")
_LOCK_ONLY = text("SELECT id FROM invoices WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE")
_LINES = text("SELECT * FROM invoice_lines WHERE invoice_id = ANY(CAST(:ids AS uuid[])) ORDER BY invoice_id, position")
_NOTES = text(
    """
    SELECT n.*, u.id AS undone_by_id FROM notes n LEFT JOIN notes u ON u.undoes_id = n.id
     WHERE n.invoice_id = ANY(CAST(:ids AS uuid[])) ORDER BY n.id
    """
)
_NOTE_LINES = text("SELECT * FROM note_lines WHERE note_id = ANY(CAST(:ids AS uuid[])) ORDER BY note_id, position")
_FREEZE = text(
    f"""
    WITH frozen AS (
        UPDATE invoices i SET status = 'issued', changed_at = :now, {_FROZEN.setting("f", "id")}
          FROM {_FROZEN.given("i_", "f")} WHERE i.id = f.id)
    UPDATE invoice_lines l SET {_FROZEN_LINES.setting("f", "id")}
      FROM {_FROZEN_LINES.given("l_", "f")} WHERE l.id = f.id
    """  # noqa: S608 - constants
)
_REPLACE = text(
    """
    UPDATE invoices
       SET version = :version, changed_at = :now, appointment_id = :appointment_id, next_position = :next_position,
           document_discount_percent = :percent, document_discount_minor = :minor,
           document_discount_reason = :reason, document_discount_author = :author,
           document_discount_tax_code = :tax_code, discounts = CAST(:discounts AS jsonb),
           charges = CAST(:charges AS jsonb), note = :note,
           asked_due_date = :due_date, payer_id = :payer_id, payer_name = :payer_name,
           price_list_id = :price_list_id, membership = :membership
     WHERE id = :id
    """
)
_DELETE_LINES = text("DELETE FROM invoice_lines WHERE invoice_id = :id")
_DELETE = text("DELETE FROM invoices WHERE id = ANY(CAST(:ids AS uuid[]))")
_VOID = text(
    """
    UPDATE invoices SET status = 'void', version = :version, changed_at = :now, voided_on = :on, voided_at = :now,
           voided_by = :by, void_reason = :reason
     WHERE id = :id
    """
)
_TOUCHED = Rows(INVOICES, ["id", "version"])
_TOUCH = text(
    f"""
    UPDATE invoices i SET version = t.version, changed_at = :now
      FROM {_TOUCHED.given(alias="t")} WHERE i.id = t.id
    """  # noqa: S608 - constants
)
_ANY = text("SELECT EXISTS (SELECT 1 FROM invoices)")
_ANY_LIVE = text("SELECT EXISTS (SELECT 1 FROM invoices WHERE status <> 'void')")
_OF_NOTE = text("SELECT invoice_id FROM notes WHERE id = :note_id AND side = :side")
_WITH_BAD_DEBT = text(
    "SELECT id FROM invoices WHERE id = ANY(CAST(:ids AS uuid[])) AND (bad_debt_minor > 0 OR recovered_minor > 0)"
)
_AMOUNTS = ("net", "tax", "cash_rounding", "total")
_SUMS = ("credited", "debited", "forgiven", "contractual", "bad_debt", "recovered")
_SUM_ROWS = Rows(INVOICES, ["id", "version", *(f"{name}_minor" for name in _SUMS)])
_ADD_NOTES = text(
    f"""
    WITH added AS ({_NOTE_ROWS.inserting("n_")}), lines AS ({_NOTE_LINE_ROWS.inserting("l_")})
    UPDATE invoices i SET changed_at = :now, {_SUM_ROWS.setting("c", "id")} FROM {_SUM_ROWS.given("i_", "c")}
     WHERE i.id = c.id
    """  # noqa: S608 - constants
)


async def find(connection: AsyncConnection, invoice_id: UUID, *, lock: bool = False, notes: bool = False) -> Invoice:
    """One invoice with its lines, perhaps locked, perhaps with its notes. Raises NotFound."""
    found = await find_many(connection, [invoice_id], lock=lock, notes=notes)
    if not found:
        raise NotFound("invoice", invoice_id)
    return found[0]


async def lock(connection: AsyncConnection, ids: Iterable[UUID]) -> None:
    """Lock these invoices, in the order of their ids."""
    await connection.execute(_LOCK_ONLY, {"ids": sorted(set(ids))})


async def find_many(
    connection: AsyncConnection, ids: Iterable[UUID], *, lock: bool = False, notes: bool = False
) -> list[Invoice]:
    """These invoices with their lines, in the order of their ids, and locked in that order: no two wait in a ring."""
    wanted = {"ids": sorted(set(ids))}
    rows = (await connection.execute(_LOCK if lock else _FIND, wanted)).all()
    lines = await lines_of(connection, wanted["ids"])
    invoices = [mapping.invoice_of(row, lines[row.id]) for row in rows]
    if notes:
        of_invoices = await notes_of(connection, wanted["ids"])
        for invoice in invoices:
            invoice.notes = of_invoices.get(invoice.id, [])
    return invoices


async def lines_of(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, list[StoredLine]]:
    """The lines of these invoices, in order."""
    lines: dict[UUID, list[StoredLine]] = defaultdict(list)
    for row in await connection.execute(_LINES, {"ids": ids}):
        lines[row.invoice_id].append(mapping.line_of(row))
    return lines


async def notes_of(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, list[Note]]:
    """The notes of these invoices, oldest first."""
    rows = (await connection.execute(_NOTES, {"ids": ids})).all()
    lines: dict[UUID, list[NoteLine]] = defaultdict(list)
    if rows:
        for line in await connection.execute(_NOTE_LINES, {"ids": [row.id for row in rows]}):
            lines[line.note_id].append(mapping.note_line_of(line))
    notes: dict[UUID, list[Note]] = defaultdict(list)
    for row in rows:
        notes[row.invoice_id].append(mapping.note_of(row, lines[row.id]))
    return notes


async def add(connection: AsyncConnection, invoices: Sequence[Invoice], now: datetime) -> None:
    """Add invoices with their lines, drafts or issued ones, in one round trip."""
    lines = [row for invoice in invoices for row in mapping.line_rows(invoice)]
    rows = [mapping.invoice_row(invoice, now) for invoice in invoices]
    await _ADD.rows(connection, INVOICE_ROWS.arrays(rows, "i_") | LINE_ROWS.arrays(lines, "l_"))


def add_at_the_end(work: Work, invoice: Invoice) -> None:
    """Add an invoice with its lines just before the commit: nothing else of its transaction is to read it.

    It takes no round trip of its own, during which others would wait for the clinic's next number.
    """
    work.write_at_the_end(_ADD_INVOICES, INVOICE_ROWS.arrays([mapping.invoice_row(invoice, work.now)]))
    work.write_at_the_end(_ADD_LINES, LINE_ROWS.arrays(mapping.line_rows(invoice)))


async def replace(connection: AsyncConnection, invoice: Invoice, now: datetime) -> None:
    """Write a draft's new content over its old one."""
    content, discount, payer = invoice.content, invoice.content.document_discount, invoice.content.payer
    await connection.execute(_DELETE_LINES, {"id": invoice.id})
    await connection.execute(
        _REPLACE,
        {
            "id": invoice.id,
            "version": invoice.version,
            "now": now,
            "appointment_id": content.appointment_id,
            "next_position": len(content.lines) + 1,
            "percent": discount.percent if discount else None,
            "minor": discount.minor if discount else None,
            "reason": discount.reason if discount else None,
            "author": discount.author if discount else None,
            "tax_code": discount.tax_code if discount else None,
            "discounts": adjustments.discounts_json(content.discounts),
            "charges": adjustments.document_charges_json(content.charges),
            "note": content.note,
            "due_date": content.due_date,
            "payer_id": payer.id if payer else None,
            "payer_name": payer.name if payer else None,
            "price_list_id": content.price_list_id,
            "membership": content.membership,
        },
    )
    await LINE_ROWS.insert(connection, mapping.line_rows(invoice))


async def freeze(connection: AsyncConnection, invoices: Sequence[IssuedInvoice], now: datetime) -> None:
    """Write what issuing froze, of any number of invoices, in one round trip."""
    rows = [
        {
            "id": invoice.id,
            "version": invoice.version,
            "payer_id": invoice.content.payer.id if invoice.content.payer else None,
            "payer_name": invoice.content.payer.name if invoice.content.payer else None,
            **mapping.issue_columns(invoice),
        }
        for invoice in invoices
    ]
    lines = [
        {"id": line.id, **adjustments.amount_columns(own)}
        for invoice in invoices
        for line, own in zip(invoice.lines, invoice.totals.lines, strict=True)
    ]
    await connection.execute(_FREEZE, {"now": now} | _FROZEN.arrays(rows, "i_") | _FROZEN_LINES.arrays(lines, "l_"))


async def delete(connection: AsyncConnection, ids: Sequence[UUID]) -> None:
    """Delete drafts with their lines; the database refuses it for issued ones."""
    await connection.execute(_DELETE, {"ids": ids})


async def any_of_clinic(connection: AsyncConnection) -> bool:
    """Whether the transaction's clinic has any invoice."""
    return bool(await connection.scalar(_ANY))


async def any_live_of_clinic(connection: AsyncConnection) -> bool:
    """Whether the transaction's clinic has any draft, or any invoice that is not void."""
    return bool(await connection.scalar(_ANY_LIVE))


async def invoice_of_note(connection: AsyncConnection, note_id: UUID, side: str) -> UUID | None:
    """The invoice that a note is on; None for no such note of that side."""
    found: UUID | None = await connection.scalar(_OF_NOTE, {"note_id": note_id, "side": side})
    return found


async def with_bad_debt(connection: AsyncConnection, ids: Iterable[UUID]) -> list[UUID]:
    """Those of these invoices of which something is bad debt, or was and is recovered."""
    return list((await connection.execute(_WITH_BAD_DEBT, {"ids": sorted(set(ids))})).scalars())


async def touch(connection: AsyncConnection, invoices: Sequence[Invoice], now: datetime) -> None:
    """Write that something about these locked invoices changed: their versions."""
    keys = [(invoice.id, invoice.version) for invoice in invoices]
    await connection.execute(_TOUCH, _TOUCHED.keyed(keys) | {"now": now})


async def void(connection: AsyncConnection, invoice: VoidInvoice, now: datetime) -> None:
    """Write that an invoice became void."""
    await connection.execute(
        _VOID,
        {
            "id": invoice.id,
            "version": invoice.version,
            "now": now,
            "on": invoice.voided_on,
            "by": invoice.voided_by,
            "reason": invoice.void_reason,
        },
    )


async def add_notes(
    connection: AsyncConnection, invoices: Sequence[Invoice], notes: Sequence[Note], now: datetime
) -> None:
    """Add notes, and write the sums of their invoices, in one round trip. Each invoice is given once."""
    rows = [record_of(note, **{f"{name}_minor": getattr(note.amounts, name) for name in _AMOUNTS}) for note in notes]
    sums = [
        {"id": invoice.id, "version": invoice.version, **{f"{name}_minor": getattr(invoice, name) for name in _SUMS}}
        for invoice in invoices
    ]
    await connection.execute(
        _ADD_NOTES,
        _NOTE_ROWS.arrays(rows, "n_")
        | _NOTE_LINE_ROWS.arrays(_note_line_rows(notes), "l_")
        | _SUM_ROWS.arrays(sums, "i_")
        | {"now": now},
    )


def _note_line_rows(notes: Sequence[Note]) -> list[Record]:
    return [
        {
            "clinic_id": note.clinic_id,
            "note_id": note.id,
            "position": position,
            "invoice_line_id": line.invoice_line_id,
            "debit_note_id": line.debit_note_id,
            "description": line.description,
            "net_minor": line.net,
            "tax_minor": line.tax_amount,
            "tax_category": line.tax.category,
            "tax_rate": line.tax.rate,
            "exemption_reason": line.tax.exemption_reason,
        }
        for note in notes
        for position, line in enumerate(note.amounts.lines, start=1)
    ]
