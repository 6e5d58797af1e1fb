"""What a front desk asks for on an invoice, and the lines that follow from it, prices and taxes filled in (`INV-3`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from uuid import UUID

from chassis.money import Money
from chassis.sentence import Sentence

from invoicing.domain.billable_procedure import BillableProcedure
from invoicing.domain.claim import NOTHING_SAID, ActDetails, check_npi
from invoicing.domain.clinic_settings import ClinicSettings, PricedCode, check_base_quantity
from invoicing.domain.content import Content, Payer, check_content
from invoicing.domain.draft_adjustments import DraftCharge, DraftDiscount
from invoicing.domain.errors import Invalid, PriceMissing
from invoicing.domain.estimate import Estimate, PayerSequence
from invoicing.domain.line import ONE, Kind, Line, PriceFrom
from invoicing.domain.list_estimates import estimated_by_list
from invoicing.domain.price_errors import FeeInOtherCurrency
from invoicing.domain.prices import Prices
from invoicing.domain.treatment_plan import PlanItem

NO_FRACTION = Decimal(0)


@dataclass(frozen=True, slots=True)
class DraftEstimate:
    """What one payer is expected to decide on a line, as given by hand (`INS-1`)."""

    payer_id: UUID
    sequence: PayerSequence
    expected: Money
    write_off: Money | None = None
    patient_part: Money | None = None
    allowed: Money | None = None
    payer_name: str | None = None
    claim_id: UUID | None = None
    payer_identifier: str | None = None

    def estimate(self, payer: Payer | None, settings: ClinicSettings, field: str) -> Estimate:
        """The estimate, in the clinic's currency; the invoice's first payer need not be named again.

        Raises Invalid, WrongCurrency.
        """
        name = self.payer_name or (payer.name if payer and payer.id == self.payer_id else None)
        if not name:
            raise Invalid(f"{field}.payer_name", "the payer is named: it is printed on the invoice")

        def minor(amount: Money | None, of: str) -> int:
            return settings.money(amount, f"{field}.{of}") if amount is not None else 0

        return Estimate(
            payer_id=self.payer_id,
            payer_name=name,
            sequence=self.sequence,
            expected=minor(self.expected, "expected"),
            write_off=minor(self.write_off, "write_off"),
            patient_part=minor(self.patient_part, "patient_part"),
            allowed=minor(self.allowed, "allowed") if self.allowed is not None else None,
            claim_id=self.claim_id,
            payer_identifier=self.payer_identifier,
        )


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line as asked for; what it leaves out comes from its procedure, its plan item or the price list."""

    kind: Kind
    description: str | None = None
    quantity: Decimal = ONE
    unit_price: Money | None = None
    price_fraction: Decimal = NO_FRACTION
    """So much of a minor unit more than `unit_price` (`MON-7`)."""
    base_quantity: Decimal = ONE
    """What the price is for."""
    code_system: str | None = None
    code: str | None = None
    sku: str | None = None
    tax_code: str | None = None
    discount: DraftDiscount | None = None
    charges: tuple[DraftCharge, ...] = ()
    procedure_id: UUID | None = None
    date_of_service: date | None = None
    treatment_plan_id: UUID | None = None
    treatment_plan_item_id: UUID | None = None
    estimates: tuple[DraftEstimate, ...] = ()
    claim: ActDetails = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class DraftContent:
    """A draft as asked for. `procedure_ids` is short for lines that bill these procedures as they are."""

    lines: tuple[DraftLine, ...] = ()
    procedure_ids: tuple[UUID, ...] = ()
    appointment_id: UUID | None = None
    discount: DraftDiscount | None = None
    discounts: tuple[DraftDiscount, ...] = ()
    charges: tuple[DraftCharge, ...] = ()
    note: str | None = None
    due_date: date | None = None
    payer: Payer | None = None
    price_list_id: UUID | None = None
    membership: str | None = None
    estimate: bool = False
    """Whether lines without estimates get those that the payer's price list gives (`INS-1`)."""

    def name_of(self, position: int) -> str:
        """What the request calls the line at a position: those of `procedure_ids` come first."""
        place = position - 1 - len(self.procedure_ids)
        return f"lines[{place}]" if place >= 0 else f"procedure_ids[{position - 1}]"

    @property
    def all_procedure_ids(self) -> list[UUID]:
        """Every procedure that it bills. Raises Invalid where one is named twice."""
        return list(_each_once(self._named_procedures(), "a procedure is named twice"))

    @property
    def plan_item_ids(self) -> list[UUID]:
        """Every plan item that it invoices ahead. Raises Invalid where one is named twice."""
        return list(_each_once(self._named_items(), "a treatment plan item is named twice"))

    def field_of(self, source_id: UUID) -> str:
        """Where the request names a procedure or a plan item that it bills."""
        named = chain(self._named_procedures(), self._named_items())
        return next(field for field, one in named if one == source_id)

    def _named_items(self) -> Iterator[tuple[str, UUID]]:
        for place, line in enumerate(self.lines):
            if line.treatment_plan_item_id:
                yield f"lines[{place}].treatment_plan_item_id", line.treatment_plan_item_id

    def _named_procedures(self) -> Iterator[tuple[str, UUID]]:
        yield from ((f"procedure_ids[{place}]", one) for place, one in enumerate(self.procedure_ids))
        for place, line in enumerate(self.lines):
            if line.procedure_id:
                yield f"lines[{place}].procedure_id", line.procedure_id


def _each_once(named: Iterable[tuple[str, UUID]], detail: str) -> Iterator[UUID]:
    seen: set[UUID] = set()
    for field, one in named:
        if one in seen:
            raise Invalid(field, detail)
        seen.add(one)
        yield one


@dataclass(frozen=True, slots=True)
class Sources:
    """What the lines are filled in from."""

    prices: Prices
    procedures: Mapping[UUID, BillableProcedure]
    plan_items: Mapping[UUID, PlanItem]
    author: str
    new_id: Callable[[], UUID]

    @property
    def settings(self) -> ClinicSettings:
        """The clinic's settings."""
        return self.prices.settings


def compose(wanted: DraftContent, sources: Sources) -> Content:
    """The content of a draft.

    Raises Invalid, WrongCurrency, UnknownTaxCategory, PriceMissing, DiscountExceedsAmount, EstimateExceedsLine,
    AmountTooLarge, each naming the field as the request has it.
    """
    asked = [DraftLine("procedure", procedure_id=id_) for id_ in wanted.procedure_ids] + list(wanted.lines)
    lines = tuple(
        _line(one, position, wanted.name_of(position), wanted.payer, sources)
        for position, one in enumerate(asked, start=1)
    )
    discount = wanted.discount
    content = Content(
        lines=lines,
        appointment_id=wanted.appointment_id,
        document_discount=discount.of_document(sources.prices, sources.author, "discount") if discount else None,
        discounts=tuple(
            one.of_document(sources.prices, sources.author, f"discounts[{place}]")
            for place, one in enumerate(wanted.discounts)
        ),
        charges=tuple(
            one.of_document(sources.prices, sources.author, f"charges[{place}]")
            for place, one in enumerate(wanted.charges)
        ),
        note=wanted.note,
        due_date=wanted.due_date,
        payer=wanted.payer,
        price_list_id=wanted.price_list_id,
        membership=wanted.membership,
    )
    totals = check_content(content, sources.settings.pricing, wanted.name_of)
    if not wanted.estimate:
        return content
    return estimated_by_list(content, totals, sources.prices)


def _line(wanted: DraftLine, position: int, field: str, payer: Payer | None, sources: Sources) -> Line:
    settings = sources.settings
    procedure = sources.procedures.get(wanted.procedure_id) if wanted.procedure_id else None
    item = sources.plan_items.get(wanted.treatment_plan_item_id) if wanted.treatment_plan_item_id else None
    source = procedure or item
    code = wanted.code or (source.code if source else None)
    code_system = wanted.code_system or (source.code_system if source else None)
    day = wanted.date_of_service or (procedure.date_of_service if procedure else None)
    priced = sources.prices.price_of(wanted.sku or code, code_system, day)
    tax_code = wanted.tax_code or (priced.tax_code if priced else None)
    _check_kind(wanted, field)
    _check_quantity(wanted, field)
    check_npi(wanted.claim.provider_npi, f"{field}.provider_npi")
    unit_price, price_from = _price(wanted, source, priced, settings, field)
    return Line(
        id=sources.new_id(),
        position=position,
        kind=wanted.kind,
        description=_description(wanted, source, priced, field),
        quantity=wanted.quantity,
        unit_price=unit_price,
        price_from=price_from,
        tax_typed=wanted.tax_code is not None,
        tax=sources.prices.tax_of(tax_code, wanted.kind, day, f"{field}.tax_category"),
        code_system=code_system or (priced.code_system if priced else None),
        code=code or wanted.sku,
        discount=wanted.discount.discount(settings, sources.author, f"{field}.discount") if wanted.discount else None,
        charges=tuple(
            one.charge(settings, sources.author, f"{field}.charges[{place}]")
            for place, one in enumerate(wanted.charges)
        ),
        base_quantity=priced.base_quantity if priced and price_from == "list" else wanted.base_quantity,
        procedure_id=wanted.procedure_id,
        sku=wanted.sku,
        date_of_service=day,
        treatment_plan_id=wanted.treatment_plan_id or (source.treatment_plan_id if source else None),
        treatment_plan_item_id=wanted.treatment_plan_item_id
        or (procedure.treatment_plan_item_id if procedure else None),
        estimates=tuple(
            one.estimate(payer, settings, f"{field}.estimates[{place}]") for place, one in enumerate(wanted.estimates)
        ),
        claim=wanted.claim.or_else(source.claim) if source else wanted.claim,
    )


def _check_kind(wanted: DraftLine, field: str) -> None:
    """A line of kind `procedure` names its completed procedure, and no other does; a product its SKU (`INV-3`)."""
    if wanted.kind == "procedure" and wanted.procedure_id is None:
        raise Invalid(f"{field}.procedure_id", "a line of kind procedure names the completed procedure that it bills")
    if wanted.kind != "procedure" and wanted.procedure_id is not None:
        raise Invalid(f"{field}.procedure_id", "only a line of kind procedure bills a completed procedure")
    if wanted.kind == "product" and wanted.sku is None:
        raise Invalid(f"{field}.sku", "a product is named by its SKU")


def _check_quantity(wanted: DraftLine, field: str) -> None:
    """Goods are returned, what was done to a patient is not (`INV-14`)."""
    if wanted.quantity == 0:
        raise Invalid(f"{field}.quantity", "a quantity is not zero")
    if wanted.quantity < 0 and (wanted.procedure_id or wanted.treatment_plan_item_id):
        raise Invalid(f"{field}.quantity", "is below zero: a procedure cannot be returned; credit its invoice")
    check_base_quantity(wanted.base_quantity, f"{field}.base_quantity")


def _description(
    wanted: DraftLine, source: BillableProcedure | PlanItem | None, priced: PricedCode | None, field: str
) -> str:
    found = wanted.description or (source.description if source else None) or (priced.description if priced else None)
    if not found:
        raise Invalid(f"{field}.description", "a line says what it is")
    return found


def _price(
    wanted: DraftLine,
    source: BillableProcedure | PlanItem | None,
    priced: PricedCode | None,
    settings: ClinicSettings,
    field: str,
) -> tuple[int | Decimal, PriceFrom]:
    if wanted.unit_price is not None:
        minor = settings.money(wanted.unit_price, f"{field}.unit_price")
        if minor < 0 or wanted.price_fraction < 0:
            raise Invalid(f"{field}.unit_price", "a price is not below zero; take a discount or a credit note")
        return (minor + wanted.price_fraction if wanted.price_fraction else minor), "typed"
    fee = source.fee if source else None
    if fee is not None:
        if fee.currency != settings.currency:
            raise FeeInOtherCurrency(f"{field}.unit_price", fee, settings.currency)
        return fee.minor, "fee"
    if priced is None:
        raise PriceMissing(f"{field}.unit_price", wanted.sku or wanted.code or (source.code if source else None))
    if wanted.base_quantity not in (ONE, priced.base_quantity):
        listed = f"{priced.base_quantity.normalize():f}"
        raise Invalid(
            f"{field}.base_quantity", Sentence("the price list's price is for {listed}: name a price", listed=listed)
        )
    return priced.unit_price, "list"
