"""The accountant's reports as responses and as rows of a spreadsheet (`PAY-16`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from chassis.ages import AGES
from chassis.http import MoneyOut, Page, ResponseBody
from chassis.http.spreadsheet import Cell, minor_units, said
from chassis.money import Money
from pydantic import ConfigDict, Field

from invoicing.domain.ageing import Aged
from invoicing.domain.collected import Collected
from invoicing.domain.report_figures import GivenUp, GivenUpFor, KindFigures, RateFigures
from invoicing.http import accounting_examples as examples

DocumentKind = Literal["invoice", "credit_note", "debit_note", "void"]
CollectedFor = Literal["procedure", "extra_procedure", "product", "custom", "debit_note"]


class TaxPartOut(ResponseBody):
    """The tax of one category and rate in one kind of document; credit notes and voids take away."""

    tax_category: str
    tax_rate: str
    kind: DocumentKind
    documents: int
    """How many of the kind have this category and rate."""
    base: MoneyOut
    tax: MoneyOut

    @classmethod
    def of(cls, figures: RateFigures, currency: str) -> TaxPartOut:
        """As the wire has it."""
        return cls(
            tax_category=figures.category,
            tax_rate=str(figures.rate),
            kind=figures.kind,
            documents=figures.documents,
            base=_money(figures.base, currency),
            tax=_money(figures.tax, currency),
        )


class DocumentsOut(ResponseBody):
    """All documents of a kind by their own totals; a void counts the invoice and each note that it takes back."""

    kind: DocumentKind
    documents: int
    net: MoneyOut
    tax: MoneyOut
    cash_rounding: MoneyOut
    total: MoneyOut

    @classmethod
    def of(cls, figures: KindFigures, currency: str) -> DocumentsOut:
        """As the wire has it."""
        return cls(kind=figures.kind, documents=figures.documents, **_sums([figures], currency))


class TaxSumsOut(ResponseBody):
    """The sums of the period: net + tax + cash rounding = total."""

    net: MoneyOut
    tax: MoneyOut
    cash_rounding: MoneyOut
    total: MoneyOut


class TaxReportOut(ResponseBody):
    """Tax by category and rate: what `items` add up to is what the documents say by themselves."""

    model_config = ConfigDict(json_schema_extra={"example": examples.TAX})

    from_: Annotated[date | None, Field(alias="from")]
    to: date | None
    currency: str
    items: list[TaxPartOut]
    documents: list[DocumentsOut]
    totals: TaxSumsOut

    @classmethod
    def of(
        cls,
        days: tuple[date | None, date | None],
        rates: Iterable[RateFigures],
        kinds: Sequence[KindFigures],
        currency: str,
    ) -> TaxReportOut:
        """As the wire has it."""
        return cls.model_construct(
            from_=days[0],
            to=days[1],
            currency=currency,
            items=[TaxPartOut.of(row, currency) for row in rates],
            documents=[DocumentsOut.of(row, currency) for row in kinds],
            totals=TaxSumsOut(**_sums(kinds, currency)),
        )


class AgesOut(ResponseBody):
    """What is owed by how many days it is past due; on its due date something is not due yet."""

    not_due: MoneyOut
    days_1_30: MoneyOut
    days_31_60: MoneyOut
    days_61_90: MoneyOut
    over_90_days: MoneyOut
    total: MoneyOut


class DebtorOut(AgesOut):
    """What one patient or one insurer owes; an insurer what is left to it, decided, undecided or estimated."""

    debtor: Literal["patient", "insurer"]
    id: UUID
    name: Annotated[str | None, Field(description="Null: the patient register has not told of the patient yet.")]
    expected_write_off: MoneyOut
    """What of an insurer's total is expected to be written off, not paid; a patient's is nothing."""

    @classmethod
    def of(cls, row: Aged, name: str | None, currency: str) -> DebtorOut:
        """As the wire has it."""
        debtor: Literal["patient", "insurer"] = "insurer" if row.debtor.insurer is not None else "patient"
        off = _money(row.expected_write_off, currency)
        return cls(debtor=debtor, id=row.debtor.id, name=name, expected_write_off=off, **_ages([row], currency))


class AgeingOut(ResponseBody):
    """What is owed at the end of a day; patients and insurers together owe what all invoices ask for."""

    model_config = ConfigDict(json_schema_extra={"example": examples.AGEING})

    as_of: date
    currency: str
    patients: AgesOut
    insurers: AgesOut
    expected_write_off: MoneyOut
    """What of the insurers' total is expected to be written off, not paid: no money will come of it (`INS-1`)."""
    total: MoneyOut
    items: list[DebtorOut]
    next: str | None

    @classmethod
    def of(cls, as_of: date, rows: Sequence[Aged], page: Page[DebtorOut], currency: str) -> AgeingOut:
        """As the wire has it: the sums of all rows, and the rows of a page."""
        insurers = [row for row in rows if row.debtor.insurer is not None]
        patients = [row for row in rows if row.debtor.insurer is None]
        return cls.model_construct(
            as_of=as_of,
            currency=currency,
            patients=AgesOut(**_ages(patients, currency)),
            insurers=AgesOut(**_ages(insurers, currency)),
            expected_write_off=_money(sum(row.expected_write_off for row in insurers), currency),
            total=_money(sum(row.total for row in rows), currency),
            items=page.items,
            next=page.next,
        )


class ProviderOut(ResponseBody):
    """What was collected for all that one provider did; null for what nobody in particular did."""

    provider_id: UUID | None
    provider_name: str | None
    collected: MoneyOut


class CollectedOut(ProviderOut):
    """What was collected for one procedure code of one provider. Lines without a code stand together by their kind."""

    kind: CollectedFor
    code_system: str | None
    code: str | None
    description: str | None
    """As one of the lines has it; none where there is no code."""

    @classmethod
    def of(cls, row: Any, currency: str) -> CollectedOut:
        """As the wire has it."""
        plain = {name: getattr(row, name) for name in cls.model_fields if name != "collected"}
        return cls(collected=_money(row.collected, currency), **plain)


class CollectionsOut(ResponseBody):
    """What settled invoices in a period, divided over their lines in proportion to what each asks for, to the cent."""

    model_config = ConfigDict(json_schema_extra={"example": examples.COLLECTIONS})

    from_: Annotated[date | None, Field(alias="from")]
    to: date | None
    currency: str
    total: MoneyOut
    """The sum of what settled invoices in the period, and of all items."""
    providers: list[ProviderOut]
    items: list[CollectedOut]
    next: str | None

    @classmethod
    def of(
        cls, days: tuple[date | None, date | None], rows: Sequence[Collected], page: Page[CollectedOut], currency: str
    ) -> CollectionsOut:
        """As the wire has it."""
        providers: dict[UUID | None, list[Collected]] = {}
        for row in rows:
            providers.setdefault(row.provider_id, []).append(row)
        return cls.model_construct(
            from_=days[0],
            to=days[1],
            currency=currency,
            total=_money(sum(row.collected for row in rows), currency),
            providers=[_provider(of, currency) for of in providers.values()],
            items=page.items,
            next=page.next,
        )


class GivenUpOut(ResponseBody):
    """What credit notes of a kind gave up, and what of such was taken back; `total` is the difference."""

    kind: str
    """As the notes have it: `write_off`, `contractual_write_off`, `courtesy`, `price_correction`, `bad_debt`, and what
    was recovered of that, `bad_debt_recovery`, below zero."""
    notes: int
    given_up: MoneyOut
    taken_back: MoneyOut
    net: MoneyOut
    tax: MoneyOut
    total: MoneyOut


class ReasonOut(GivenUpOut):
    """The same for one reason, in the words of whoever gave it."""

    reason: str

    @classmethod
    def of(cls, figures: GivenUpFor, currency: str) -> ReasonOut:
        """As the wire has it."""
        return cls(reason=figures.reason, **_given_up(figures, currency))


class WriteOffsOut(ResponseBody):
    """What was given up in a period, by kind and reason; the credit notes that go with refunds are none of it."""

    model_config = ConfigDict(json_schema_extra={"example": examples.WRITE_OFFS})

    from_: Annotated[date | None, Field(alias="from")]
    to: date | None
    currency: str
    total: MoneyOut
    kinds: list[GivenUpOut]
    items: list[ReasonOut]
    next: str | None

    @classmethod
    def of(
        cls, days: tuple[date | None, date | None], kinds: Sequence[GivenUp], page: Page[ReasonOut], currency: str
    ) -> WriteOffsOut:
        """As the wire has it."""
        return cls.model_construct(
            from_=days[0],
            to=days[1],
            currency=currency,
            total=_money(sum(row.total for row in kinds), currency),
            kinds=[GivenUpOut(**_given_up(row, currency)) for row in kinds],
            items=page.items,
            next=page.next,
        )


def tax_cells(row: RateFigures, currency: str) -> list[Cell]:
    """A row of the tax report."""
    amounts = [minor_units(row.base, currency), minor_units(row.tax, currency)]
    return [row.category, str(row.rate), row.kind, row.documents, *amounts, currency]


def ageing_cells(row: Aged, name: str | None, currency: str) -> list[Cell]:
    """A row of the ageing."""
    debtor = "insurer" if row.debtor.insurer is not None else "patient"
    amounts = [minor_units(minor, currency) for minor in (*row.amounts, row.total)]
    off = minor_units(row.expected_write_off, currency)
    return [debtor, str(row.debtor.id), said(name), *amounts, currency, off]


def collection_cells(row: Collected, currency: str) -> list[Cell]:
    """A row of the collections."""
    told = [said(row.provider_name), row.kind, said(row.code_system), said(row.code), said(row.description)]
    return [str(row.provider_id or ""), *told, minor_units(row.collected, currency), currency]


def write_off_cells(row: GivenUpFor, currency: str) -> list[Cell]:
    """A row of the write-offs."""
    amounts = (row.given_up, row.taken_back, row.net, row.tax, row.total)
    return [row.kind, said(row.reason), row.notes, *(minor_units(minor, currency) for minor in amounts), currency]


def _provider(rows: Sequence[Collected], currency: str) -> ProviderOut:
    names = [row.provider_name for row in rows if row.provider_name]
    collected = _money(sum(row.collected for row in rows), currency)
    return ProviderOut(provider_id=rows[0].provider_id, provider_name=max(names, default=None), collected=collected)


def _given_up(row: GivenUp, currency: str) -> dict[str, Any]:
    amounts = {name: _money(getattr(row, name), currency) for name in "given_up taken_back net tax total".split()}
    return {"kind": row.kind, "notes": row.notes, **amounts}


def _sums(rows: Sequence[KindFigures], currency: str) -> dict[str, MoneyOut]:
    names = ("net", "tax", "cash_rounding", "total")
    return {name: _money(sum(getattr(row, name) for row in rows), currency) for name in names}


def _ages(rows: Sequence[Aged], currency: str) -> dict[str, MoneyOut]:
    sums = [sum(row.amounts[place] for row in rows) for place in range(len(AGES))]
    return {name: _money(minor, currency) for name, minor in zip((*AGES, "total"), (*sums, sum(sums)), strict=True)}


def _money(minor: int, currency: str) -> MoneyOut:
    return MoneyOut.of(Money(int(minor), currency))
