"""Account statements and day sheets: what they say, and what their PDFs show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pypdf
import pytest
from chassis.money import Money
from receipts.documents.catalogs import LANGUAGES
from receipts.documents.content.frozen import (
    day_sheet_as_json,
    day_sheet_from_json,
    statement_as_json,
    statement_from_json,
)
from receipts.documents.content.statement import StatementContent, compose_statement
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.render_job import RenderJob
from receipts.documents.render.statement import statement_view
from receipts.documents.render.worker import printed
from receipts.domain.account import Account, AccountLine, Ageing, LeftToInsurer, NamedInstallment, NextDue
from receipts.domain.day_sheet import DaySheet
from receipts.domain.settings import DocumentSettings
from receipts_samples import (
    CLINIC,
    DAY,
    PATIENT,
    account,
    day_sheet,
    day_sheet_content,
    figures,
    money,
    statement_content,
)


def pages_of(kind: str, content: dict[str, Any]) -> list[str]:
    pdf = printed(RenderJob(kind=kind, content=content, clinic=CLINIC, brief=False))
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(pdf)).pages]


def text_of(content: StatementContent) -> str:
    return " ".join(pages_of("statement", statement_as_json(content)))


def test_a_statement_names_the_installments_of_payments_and_what_is_due_next() -> None:
    """PLN-10: as the receipts name them; what is due next is as payments says it is now."""
    told = account()
    paid = next(line for line in told.lines if line.kind == "payment")
    named = NamedInstallment(invoice_number="INV-2026-000118", position=2, count=4)
    due = NextDue(due=DAY + timedelta(days=7), amount=money("86.25"), invoice_number="INV-2026-000118", position=3)
    told = replace(told, next_due=due)
    content = compose_statement(
        told,
        language="en-US",
        clinic=CLINIC,
        patient=PATIENT,
        settings=DocumentSettings(),
        receipt_numbers={},
        installments={paid.source_id: [named]},
        made_on=DAY,
        from_day=None,
        to_day=None,
    )
    assert statement_from_json(statement_as_json(content)) == content
    text = text_of(content)
    assert "Payment Installment 2 of 4, INV-2026-000118 · Bank card" in text
    assert "Due next: Installment 3, INV-2026-000118, Dec 1, 2026 $86.25" in text


@pytest.mark.rule("PAY-9.3")
def test_a_statement_says_the_day_received_where_it_is_another_than_the_day_recorded() -> None:
    """D18."""
    told = account()
    first, second = [line for line in told.lines if line.kind == "payment"][:2]
    days = {first.source_id: first.on - timedelta(days=3), second.source_id: second.on}
    content = statement_content(told, received={one: datetime.combine(day, time(15), UTC) for one, day in days.items()})
    assert {line.received_on for line in content.lines} == {None, days[first.source_id]}
    assert text_of(content).count("received on Nov 14, 2026") == 1


def test_a_statement_shows_balance_before_every_entry_and_balance_after() -> None:
    """PAY-9, RCP-4."""
    text = text_of(statement_content(account()))
    for expected in (
        "Account statement Date Nov 24, 2026",
        "To pay $135.00",
        "Period Nov 1, 2026 \N{EN DASH} Nov 24, 2026",
        "Charged $767.75",
        "Paid and credited $712.75",
        "Andrés Muñoz",
        "Balance before $80.00",
        "Nov 16, 2026 Invoice INV-2026-000118 $347.75 $427.75",
        "Payment Receipt RCP-2026-000042 · Bank card $250.00 $177.75",
        "Credit note CN-2026-000007 $62.75 $115.00",
        "Credit applied to invoices $15.00 $115.00",
        "Payment cancelled Receipt RCP-2026-000044 $400.00 $115.00",
        "Refund Refund receipt RCP-2026-000043 · Bank card $20.00 $135.00",
        "Credit application cancelled $15.00 $135.00",
        "Balance after $135.00",
    ):
        assert expected in text, expected


def test_charged_less_paid_is_what_the_balance_changed_by() -> None:
    one = account()
    content = statement_content(one)
    charged = sum(line.change.minor for line in content.lines if line.change.minor > 0)
    paid = -sum(line.change.minor for line in content.lines if line.change.minor < 0)
    assert content.opening.minor + charged - paid == content.closing.minor == one.closing.minor


def test_what_an_insurer_overpaid_stands_beside_the_patients_balance() -> None:
    """INS-4: of 150.00 on an invoice of 100.00, 50.00 is the insurer's, and no money of the patient's."""
    told = replace(
        account("0"),
        lines=(
            entry("invoice", "100.00", "100.00", "100.00", "0"),
            entry("payment", "150.00", "-100.00", "0", "50.00"),
            entry("refund", "20.00", "0", "0", "-20.00"),
        ),
        closing=money("0"),
        opening_insurers_credit=money("0"),
        closing_insurers_credit=money("30.00"),
    )
    assert told.adds_up
    text = text_of(statement_content(told))
    for expected in (
        "Balance $0.00",
        "Payment Insurance · $150.00 in all · To the insurer's credit: $50.00 $100.00 $0.00",
        "Refund Insurance · $20.00 · From the insurer's credit: $20.00 $0.00",
        "Balance after $0.00 Insurers' credit, no part of your balance $30.00",
    ):
        assert expected in text, expected
    assert "In your favor" not in text
    assert "Insurers' credit" not in text_of(statement_content(account()))


def test_a_line_says_the_whole_and_what_it_changed() -> None:
    """PAY-9: a refund of 50.00, 40.00 of it from credit, was told as 40.00; so a chargeback after a refund."""
    told = replace(
        account("0"),
        lines=(entry("refund", "50.00", "40.00", "40.00", "0"), entry("chargeback", "100.00", "70.00", "110.00", "0")),
        closing=money("110.00"),
    )
    text = text_of(statement_content(told))
    assert "Refund Insurance · $50.00 in all $40.00 $40.00" in text
    assert "Payment charged back $100.00 in all $70.00 $110.00" in text


def test_what_insurers_are_to_pay_is_not_asked_of_the_patient() -> None:
    """INS-4: of 135.00, they have decided to pay 100.00."""
    text = text_of(statement_content(replace(account(), insurers_to_pay=money("100.00"))))
    assert "To pay $35.00" in text
    assert "Balance after $135.00 To be paid by insurers -$100.00 To pay $35.00" in text
    for theirs in (None, money("0")):
        assert "insurers" not in text_of(statement_content(replace(account(), insurers_to_pay=theirs)))
    more = text_of(statement_content(replace(account(), insurers_to_pay=money("200.00"))))
    assert "To pay $0.00" in more


AGEING = Ageing(
    not_due=money("20.00"),
    days_1_30=money("10.00"),
    days_31_60=money("0"),
    days_61_90=money("0"),
    over_90_days=money("5.00"),
)


@pytest.mark.rule("PAY-9.4")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_says_how_long_it_has_been_due_and_what_is_left_to_each_insurer(language: str) -> None:
    """INS-4: each by its name; all in one row where payments does not say whose it is."""
    left = tuple(
        LeftToInsurer(name=name, amount=money(minor)) for name, minor in (("Delta", "60.00"), ("Cigna", "40.00"))
    )
    told = replace(account(), insurers_to_pay=money("100.00"), insurers=left, ageing=AGEING)
    content = statement_content(told, language=language)
    assert statement_from_json(statement_as_json(content)) == content
    view = statement_view(content, CLINIC, brief=False)
    formats = Formatting(language)
    assert [value for _, value in view["ageing"]] == [formats.money(one) for one in (*AGEING.amounts, AGEING.total)]
    assert [name in label for name, (label, _) in zip(("Delta", "Cigna"), view["insurers_to_pay"], strict=True)] == [
        True
    ] * 2
    unsaid = statement_view(replace(content, insurers=left[:1]), CLINIC, brief=False)
    assert unsaid["insurers_to_pay"] == [(formats.words["insurers_to_pay"], formats.money(money("-100.00")))]


@pytest.mark.rule("INS-1.5")
def test_what_no_money_of_an_insurer_will_come_of_is_a_row_of_its_own() -> None:
    left = (
        LeftToInsurer(name="Delta", amount=money("88.00"), expected_write_off=money("8.00")),
        LeftToInsurer(name="Cigna", amount=money("2.00"), expected_write_off=money("2.00")),
        LeftToInsurer(name="Aetna", amount=money("7.00"), expected_write_off=money("0.00")),
        LeftToInsurer(name=None, amount=money("3.00"), expected_write_off=money("1.00")),
    )
    text = text_of(statement_content(replace(account(), insurers_to_pay=money("100.00"), insurers=left)))
    assert (
        "To be paid by Delta -$80.00 Expected reduction by Delta (estimate) -$8.00 "
        "Expected reduction by Cigna (estimate) -$2.00 To be paid by Aetna -$7.00 "
        "To be paid by insurers -$2.00 Expected reduction by Insurer (estimate) -$1.00"
    ) in text


@pytest.mark.rule("PAY-9.4")
def test_ages_and_insurers_are_printed() -> None:
    left = (LeftToInsurer(name="Delta", amount=money("60.00")), LeftToInsurer(name=None, amount=money("40.00")))
    told = replace(account(), insurers_to_pay=money("100.00"), insurers=left, ageing=AGEING)
    text = text_of(statement_content(told))
    assert "To be paid by Delta -$60.00 To be paid by insurers -$40.00 To pay $35.00" in text
    for said in ("How long it has been due", "1\N{EN DASH}30 days late", "$20.00 $10.00 $0.00 $0.00 $5.00 $35.00"):
        assert said in text
    nothing = Ageing(**dict.fromkeys(("not_due", "days_1_30", "days_31_60", "days_61_90", "over_90_days"), money("0")))
    assert statement_content(replace(told, ageing=nothing)).ageing is None


def entry(kind: str, amount: str, change: str, balance: str, insurers_change: str) -> AccountLine:
    return AccountLine(
        source_id=UUID(int=0),
        payment_id=None,
        kind=kind,
        number=None,
        on=DAY,
        amount=money(amount),
        change=money(change),
        balance=money(balance),
        insurers_change=money(insurers_change),
        method="insurance",
        method_label=None,
    )


@pytest.mark.parametrize("closing", ["30.00", "50.01"])
def test_insurers_credit_that_does_not_add_up_is_seen(closing: str) -> None:
    lines = (entry("payment", "150.00", "-100.00", "-100.00", "50.00"),)
    none = money("0")
    made = Account(opening=none, lines=lines, closing=money("-100.00"), opening_insurers_credit=none)
    assert made.adds_up
    assert not replace(made, closing_insurers_credit=money(closing)).adds_up


def test_a_line_that_only_says_that_there_is_a_receipt_is_not_printed() -> None:
    """The receipt's number stands beside its payment."""
    assert "receipt" not in {line.kind for line in statement_content(account()).lines}


@pytest.mark.rule("RCP-11.1")
@pytest.mark.parametrize(
    ("closing", "until_today", "shown"),
    [
        ("-20.00", True, "In your favor $20.00"),
        ("0", True, "Balance $0.00"),
        ("7.00", True, "To pay $7.00"),
        ("7.00", False, "Balance $7.00"),
    ],
)
def test_a_statement_says_who_owes_whom(closing: str, *, until_today: bool, shown: str) -> None:
    """What was owed at the end of a period that is over is not what is asked for now (D5, D8)."""
    insurers = money("0") if until_today else None
    idle = Account(opening=money(closing), lines=(), closing=money(closing), insurers_to_pay=insurers)
    text = text_of(statement_content(idle))
    assert shown in text
    assert "There are no entries in this period." in text


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        ({"from_day": None, "to_day": None}, "Period all entries"),
        ({"from_day": None}, "Period until Nov 24, 2026"),
        ({"to_day": None}, "Period from Nov 1, 2026"),
    ],
)
def test_a_statement_says_its_period(period: dict[str, Any], shown: str) -> None:
    assert shown in text_of(statement_content(account(), **period))


def test_a_long_statement_runs_over_pages_with_its_headings() -> None:
    one = account()
    long = Account(opening=one.opening, lines=one.lines * 20, closing=one.closing)
    pages = pages_of("statement", statement_as_json(statement_content(long, settings=DocumentSettings(paper="Letter"))))
    assert len(pages) > 3
    assert all("Date Entry Charged Paid, credited Balance" in page for page in pages[:-1])
    assert f"Page 2 of {len(pages)}" in pages[1]


def test_a_kind_of_entry_that_comes_one_day_is_still_printed() -> None:
    content = statement_content(account())
    data = statement_as_json(content)
    data["lines"][0] |= {"kind": "not_thought_of_yet", "number": None}
    assert "Other entry $347.75" in " ".join(pages_of("statement", data))


def test_a_day_sheet_shows_totals_by_method_and_by_group() -> None:
    """PAY-10, RCP-4."""
    text = " ".join(pages_of("day_sheet", day_sheet_as_json(day_sheet_content(day_sheet()))))
    for expected in (
        "Day sheet Day Nov 24, 2026",
        "Net of the day $1,240.00",
        "Payments $1,750.00 (2)",
        "Charged back $90.00 (2)",
        "Bank card $1,250.00 (2) $20.00 (2) $1,230.00",
        "Check $90.00 (2) -$90.00",
        "Gift voucher $100.00 (2) $100.00",
        "Orthodontics $1,350.00",
        "Without a group $400.00 (2) $400.00 (2) $0.00",
        "Before and after Method Balance before Net Balance after Cash $812.50 $0.00 $812.50",
        "Total $1,750.00 (2) $20.00 (2) $400.00 (2) $90.00 (2) $1,240.00",
    ):
        assert expected in text, expected
    assert "Refunds cancelled" not in text
    assert "Muñoz" not in text


def test_a_day_without_bookings_says_so() -> None:
    idle = DaySheet(day=DAY, totals=figures("0"), by_method=(), by_group=())
    text = " ".join(pages_of("day_sheet", day_sheet_as_json(day_sheet_content(idle))))
    assert "Nothing was booked on this day." in text


def test_what_waits_to_be_rendered_is_read_back_as_it_was() -> None:
    statement, sheet = statement_content(account()), day_sheet_content(day_sheet())
    assert statement_from_json(statement_as_json(statement)) == statement
    assert day_sheet_from_json(day_sheet_as_json(sheet)) == sheet
    assert isinstance(statement.closing, Money)
