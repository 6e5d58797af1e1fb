"""Credit and debit notes: what they say, and what their PDFs show."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import get_args

import pypdf
import pytest
from chassis.money import Money
from contracts.invoicing import InvoiceCredited, InvoiceDebited
from receipts.documents.catalogs import words
from receipts.documents.content.frozen import note_as_json, note_from_json
from receipts.documents.content.note import NoteContent, freeze_note
from receipts.documents.render.render_job import RenderJob
from receipts.documents.render.worker import printed
from receipts.domain.settings import DocumentSettings
from receipts_samples import CLINIC, PATIENT, invoice, money, note, note_content


def text_of(content: NoteContent, *, brief: bool = False) -> str:
    job = RenderJob(kind=content.note.kind, content=note_as_json(content), clinic=CLINIC, brief=brief)
    pages = pypdf.PdfReader(BytesIO(printed(job))).pages
    return " ".join("\n".join(page.extract_text() for page in pages).split())


def test_a_credit_note_shows_number_date_invoice_reason_lines_taxes_and_total() -> None:
    """RCP-4, INV-6."""
    text = text_of(note_content(invoice()))
    for expected in (
        "Credit note No. CN-2026-000007",
        "Date Nov 24, 2026",
        "For Invoice INV-2026-000118 of Nov 20, 2026",
        "Andrés Muñoz",
        "Courtesy Waited an hour past the appointment.",
        "Placement of composite restoration, two surfaces $50.00",
        "Toothbrush, soft $12.00 6.25 % $0.75",
        "Net total $62.00",
        "Exempt from tax $0.00",
        "Tax 6.25 % on $12.00 $0.75",
        "Credited $62.75",
        "This credit note lowers what invoice INV-2026-000118 asks for by $62.75.",
        "Tax number 04-2103547",
    ):
        assert expected in text, expected


def test_a_debit_note_names_the_note_that_it_undoes() -> None:
    """INV-6: a wrong note is undone by its opposite."""
    text = text_of(note_content(invoice(), "debit_note", taxed=False))
    for expected in (
        "Debit note No. DN-2026-000003",
        "Reverses CN-2026-000007",
        "Reversal of a credit note The credit note was meant for another visit.",
        "Charged in addition $50.00",
        "This debit note raises what invoice INV-2026-000118 asks for by $50.00.",
    ):
        assert expected in text, expected
    assert "Tax rate" not in text


def test_the_cash_rounding_of_a_note_is_a_total_of_its_own() -> None:
    """MON-6."""
    content = note_content(invoice())
    rounded = replace(content.note, cash_rounding=money("0.03"), total=money("62.78"))
    text = text_of(replace(content, note=rounded))
    assert "Cash rounding $0.03" in text
    assert "Credited $62.78" in text


def test_a_note_has_one_tax_row_for_each_group_with_the_invoices_reason_for_exemption() -> None:
    """MON-4, MON-5: the groups' bases and taxes re-add to the note's."""
    one = invoice()
    exempt = replace(one.taxes[0], exemption_reason="Dental care, exempt by law")
    of = replace(one, taxes=(exempt,))
    twice = replace(note(of), lines=(*note(of).lines, *note(of).lines))
    content = freeze_note(
        twice,
        language="en-US",
        clinic=CLINIC,
        patient=PATIENT,
        invoice=of,
        undoes_number=None,
        settings=DocumentSettings(paper="Letter"),
    )
    assert [(group.rate, group.base, group.tax) for group in content.taxes] == [
        ("0", money("100.00"), money("0")),
        ("6.25", money("24.00"), money("1.50")),
    ]
    assert [group.exemption_reason for group in content.taxes] == ["Dental care, exempt by law", None]
    assert sum(group.base.minor for group in content.taxes) == sum(line.net.minor for line in twice.lines)
    assert content.paper == "Letter"


@pytest.mark.parametrize("currency", ["JPY", "KWD"])
def test_currencies_of_no_and_three_decimals(currency: str) -> None:
    """MON-1."""
    of = replace(invoice(), total=money("100", currency))
    content = note_content(of, taxed=False) if currency == "JPY" else note_content(of)
    text = text_of(content).replace("\N{NO-BREAK SPACE}", " ")
    assert ("Credited ¥50" if currency == "JPY" else "Credited KWD 62.750") in text


def test_frozen_notes_are_read_back_as_they_were() -> None:
    content = note_content(invoice())
    assert note_from_json(note_as_json(content)) == content
    assert isinstance(content.note.total, Money)


@pytest.mark.parametrize("event", [InvoiceCredited, InvoiceDebited])
def test_every_kind_of_note_that_is_announced_has_its_words(event: type[InvoiceCredited | InvoiceDebited]) -> None:
    kinds = get_args(event.model_fields["kind"].annotation)
    assert kinds
    assert [kind for kind in kinds if f"purpose_{kind}" not in words("en")] == []


def test_a_kind_that_is_announced_one_day_leaves_the_note_readable() -> None:
    content = note_content(invoice())
    assert "Credited $62.75" in text_of(replace(content, note=replace(content.note, purpose="not_thought_of_yet")))
