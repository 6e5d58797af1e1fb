"""Lists of invoices, each filter and each order from an index, so that a page costs the same among a million."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from chassis.database.rows import values_of
from sqlalchemy import Text, text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.invoice import Invoice
from invoicing.domain.invoice_filter import InvoiceFilter
from invoicing.persistence import mapping
from invoicing.persistence.invoices import lines_of
from invoicing.persistence.search import AskedWord, asked_words, span

OPEN = "i.total_minor + i.debited_minor > i.credited_minor + i.settled_minor"
_CLOSED = f"i.status = 'issued' AND NOT ({OPEN})"
_WHOLE = "i.credited_minor > 0 AND i.credited_minor >= i.total_minor + i.debited_minor"
_GIVEN_UP = f"(i.forgiven_minor > 0 OR i.contractual_minor > 0 AND {_WHOLE})"
# The conditions of the partial indexes, word for word.
_STATUS: dict[str, str] = {
    "draft": "i.status = 'draft'",
    "void": "i.status = 'void'",
    "paid": f"{_CLOSED} AND NOT ({_WHOLE}) AND i.forgiven_minor <= 0",
    "written_off": f"{_CLOSED} AND {_GIVEN_UP}",
    "credited": f"{_CLOSED} AND {_WHOLE} AND NOT {_GIVEN_UP}",
    "partially_paid": f"i.status = 'issued' AND {OPEN} AND i.settled_minor > 0",
    "issued": f"i.status = 'issued' AND {OPEN} AND i.settled_minor <= 0",
}
_OF_PLAN = (
    "i.id = ANY(ARRAY(SELECT l.invoice_id FROM invoice_lines l "
    "WHERE l.clinic_id = :clinic_id AND l.treatment_plan_id = :treatment_plan_id))"
)
_WORDS = values_of(word=Text())


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by: `columns`, and whether upwards."""

    columns: tuple[str, ...]
    kinds: tuple[type, ...]
    upwards: bool = False

    @property
    def by(self) -> str:
        """The ORDER BY."""
        direction = "ASC" if self.upwards else "DESC"
        return ", ".join(f"i.{column} {direction}" for column in self.columns)

    @property
    def after(self) -> str:
        """The condition for what comes after a row."""
        names = ", ".join(f"i.{column}" for column in self.columns)
        given = ", ".join(f":after_{column}" for column in self.columns)
        return f"({names}) {'>' if self.upwards else '<'} ({given})"

    def key(self, invoice: Invoice) -> Position:
        """Where an invoice stands in the order: what a cursor says."""
        return tuple(getattr(invoice, column) for column in self.columns)


Position = tuple[UUID] | tuple[date, UUID]
"""The values of an order's columns."""
NEWEST = Order(("id",), (UUID,))
NEWEST_DAY = Order(("issue_date", "id"), (date, UUID))
FIRST_DUE = Order(("overdue_after", "id"), (date, UUID), upwards=True)


def order_of(wanted: InvoiceFilter) -> Order:
    """The longest overdue or the first due first, by day where days are asked for, else the newest first."""
    if wanted.text is not None:
        return NEWEST
    if wanted.overdue or wanted.open:
        return FIRST_DUE
    if wanted.from_date is not None or wanted.to_date is not None:
        return NEWEST_DAY
    return NEWEST


# The invoices of patients who have a word of their names, under whichever record, that begins so: each one's newest.
_OF_PATIENTS = """
                UNION ALL
               SELECT s.id FROM (
                      SELECT DISTINCT unnest(records_of(:clinic_id, x.patient_id)) AS patient_id FROM (
                             SELECT DISTINCT x.patient_id FROM patient_words x
                              WHERE x.clinic_id = :clinic_id AND x.word >= :patient AND x.word < :patient_end) x) x
                CROSS JOIN LATERAL (
                      SELECT i.id FROM invoices i
                       WHERE i.clinic_id = :clinic_id AND i.patient_id = x.patient_id AND {where}
                       ORDER BY i.id DESC LIMIT :most) s
"""
Statement = tuple[str, dict[str, Any]]


async def list_invoices(
    connection: AsyncConnection,
    clinic_id: UUID,
    wanted: InvoiceFilter,
    today: date,
    after: Position | None,
    most: int,
) -> list[Invoice]:
    """At most so many invoices from behind `after` on; drafts with their lines, as their totals follow from them."""
    words: list[AskedWord] = []
    if wanted.text is not None:
        words = await asked_words(connection, clinic_id, wanted.text, of_patients=wanted.of_patients)
        if not words or any(word.words == [] and word.name is None for word in words):
            return []
    sql, parameters = statement(clinic_id, wanted, words, today, after, most)
    rows = (await connection.execute(text(sql), parameters)).all()
    drafts = [row.id for row in rows if row.status == "draft"]
    lines = await lines_of(connection, drafts) if drafts else {}
    return [mapping.invoice_of(row, lines.get(row.id, [])) for row in rows]


def statement(
    clinic_id: UUID,
    wanted: InvoiceFilter,
    words: list[AskedWord],
    today: date,
    after: Position | None,
    most: int,
) -> Statement:
    """The one statement that finds a page, and its parameters."""
    order = order_of(wanted)
    conditions, parameters = _conditions(wanted, today)
    parameters |= {"clinic_id": clinic_id, "most": most}
    first = words[0].words if words and not wanted.is_narrow else None
    if after is not None:
        if first is None:
            conditions.append(order.after)
        parameters |= {f"after_{column}": value for column, value in zip(order.columns, after, strict=True)}
    for number, one in enumerate(words if first is None else words[1:]):
        condition, own = one.condition(f"word_{number}")
        conditions.append(condition)
        parameters |= own
    if first is not None:
        rest, own = words[0].of_rest("first")
        name = words[0].name
        parameters |= {"word": first} | own | ({} if name is None else span("patient", name))
        return _by_words(conditions, rest, after is not None, of_patients=name is not None), parameters
    where = " AND ".join(["i.clinic_id = :clinic_id", *conditions])
    rows = f"SELECT i.*, {mapping.PATIENT_NAME} FROM invoices i WHERE {where}"  # noqa: S608 - constants
    return f"{rows} ORDER BY {order.by} LIMIT :most", parameters


def _by_words(conditions: list[str], rest: list[str], goes_on: bool, *, of_patients: bool) -> str:
    """For each word its newest invoices, in the order of its index, and each such patient's; of these the newest.

    `rest` is what such an invoice has to have beside the word, and such a patient has not.
    """
    behind = ["w.invoice_id < :after_id"] if goes_on else []
    where = " AND ".join(["w.clinic_id = :clinic_id", "w.word = asked.word", *behind, *conditions, *rest])
    of_each = " AND ".join(["i.id < :after_id" if goes_on else "TRUE", *conditions])
    patients = _OF_PATIENTS.format(where=of_each) if of_patients else ""
    return f"""
        SELECT i.*, {mapping.PATIENT_NAME} FROM invoices i
         WHERE i.clinic_id = :clinic_id AND i.id = ANY(ARRAY(
               SELECT s.invoice_id FROM {_WORDS.given(alias="asked")}
                CROSS JOIN LATERAL (
                      SELECT w.invoice_id FROM invoice_words w
                        JOIN invoices i ON i.id = w.invoice_id AND i.clinic_id = w.clinic_id
                       WHERE {where} ORDER BY w.invoice_id DESC LIMIT :most) s{patients}))
         ORDER BY i.id DESC LIMIT :most
    """  # noqa: S608 - constants


def _conditions(wanted: InvoiceFilter, today: date) -> tuple[list[str], dict[str, Any]]:
    plain: dict[str, Any] = {
        "i.patient_id = ANY(records_of(:clinic_id, :patient_id))": wanted.patient_id,
        "i.appointment_id = :appointment_id": wanted.appointment_id,
        # Typed in small letters it is the same number.
        "i.number = ANY(:number)": wanted.number and [wanted.number, wanted.number.upper()],
        "i.issue_date >= :from_date": wanted.from_date,
        "i.issue_date <= :to_date": wanted.to_date,
        _OF_PLAN: wanted.treatment_plan_id,
    }
    used = {condition: value for condition, value in plain.items() if value is not None}
    parameters = {condition.rpartition(":")[2].rstrip(")"): value for condition, value in used.items()}
    conditions = list(used)
    if wanted.status is not None:
        conditions.append(_STATUS[wanted.status])
    if wanted.overdue is not None:
        late = f"i.status = 'issued' AND {OPEN} AND i.overdue_after < :today"
        conditions.append(late if wanted.overdue else f"NOT coalesce({late}, false)")
        parameters["today"] = today
    if wanted.open is not None:
        asks = f"i.status = 'issued' AND {OPEN}"
        conditions.append(asks if wanted.open else f"NOT ({asks})")
    return conditions, parameters
