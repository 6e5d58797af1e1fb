"""Charges, returned goods, discounts of one tax category, fine prices and several exemption reasons, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from contracts.invoicing import InvoiceCredited, InvoiceIssued
from invoicing_clinic import SETTINGS

ONE_USD = {"amount": "1.00", "currency": "USD"}
REASONS = [
    {"code": "E", "category": "E", "rate": "0", "exemption_reason": "Dental care"},
    {"code": "E2", "category": "E", "rate": "0", "exemption_reason": "Prosthetics of a dentist"},
    {"code": "S", "category": "S", "rate": "22"},
]


def amounts(found: dict[str, Any], *names: str) -> list[str]:
    return [found[name]["amount"] for name in names]


@pytest.mark.rule("MON-10.1")
async def test_exempt_lines_keep_their_own_reasons_and_their_one_group_carries_all(clinic: Any) -> None:
    """MON-10: EN 16931 allows one group of category E."""
    await clinic.configure(tax_categories=REASONS)
    lines = [clinic.custom("20.00", tax_category="E"), clinic.custom("10.00", tax_category="E2")]
    made = await clinic.invoice(*lines)
    (group,) = made["totals"]["taxes"]
    both = ["Dental care", "Prosthetics of a dentist"]
    assert (group["base"]["amount"], group["exemption_reasons"]) == ("30.00", both)
    assert group["exemption_reason"] == "; ".join(both)
    assert [line["exemption_reason"] for line in made["lines"]] == both
    (event,) = await clinic.announced(InvoiceIssued)
    assert (list(event.totals.taxes[0].exemption_reasons), [one.exemption_reason for one in event.lines]) == (
        both,
        both,
    )
    body = {"kind": "courtesy", "reason": "r"}
    path = f"/v1/invoices/{made['id']}/credit-notes"
    of_line = await clinic.post(path, body | {"lines": [{"line_id": made["lines"][1]["id"]}]})
    assert of_line["lines"][0]["exemption_reason"] == both[1]
    of_group = await clinic.post(path, body)
    assert of_group["lines"][0]["exemption_reason"] == "; ".join(both)
    assert [one.lines[0].exemption_reason for one in await clinic.announced(InvoiceCredited)] == [
        both[1],
        "; ".join(both),
    ]
    assert (await clinic.read(made["id"]))["totals"] == made["totals"]


async def test_a_reason_that_a_debit_note_brings_joins_those_of_its_group(clinic: Any) -> None:
    await clinic.configure(tax_categories=REASONS)
    made = await clinic.invoice(clinic.custom("20.00", tax_category="E"))
    fee = {"kind": "correction", "reason": "r", "amount": clinic.usd("5.00"), "tax_category": "E2"}
    await clinic.post(f"/v1/invoices/{made['id']}/debit-notes", fee)
    note = await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", {"kind": "courtesy", "reason": "all"})
    assert note["lines"][0]["exemption_reason"] == "Dental care; Prosthetics of a dentist"


@pytest.mark.rule("MON-7.1", "MON-7.2", "MON-7.3")
async def test_a_price_may_be_finer_than_the_currency_and_for_a_base_quantity(clinic: Any) -> None:
    """MON-7: 0.0088 for 100, of 30,000: the line's net is rounded once."""
    line = clinic.custom("0.0088", quantity="30000", base_quantity="100")
    made = await clinic.invoice(line, clinic.custom("1.005", quantity="3"))
    fine, odd = made["lines"]
    assert (fine["unit_price"], fine["base_quantity"], fine["net"]["amount"]) == (clinic.usd("0.0088"), "100", "2.64")
    assert (odd["unit_price"]["amount"], odd["net"]["amount"]) == ("1.005", "3.02")
    found = await clinic.read(made["id"])
    assert found["lines"] == made["lines"]
    (event,) = await clinic.announced(InvoiceIssued)
    assert (event.lines[0].unit_price.amount, event.lines[0].price.amount, event.lines[0].price.base_quantity) == (
        "0.00",
        "0.0088",
        "100",
    )
    assert (event.lines[1].unit_price.amount, event.lines[1].price.amount) == ("1.01", "1.005")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"base_quantity": "0"}, "lines[0].base_quantity"),
        ({"base_quantity": "-1"}, "lines[0].base_quantity"),
        ({"unit_price": {"amount": "0.0000001", "currency": "USD"}}, "lines[0].unit_price.amount"),
        ({"unit_price": {"amount": "-0.001", "currency": "USD"}}, "lines[0].unit_price"),
        ({"unit_price": {"amount": "1.00", "currency": "EUR"}}, "lines[0].unit_price"),
        ({"unit_price": {"amount": "1.00", "currency": "XXX"}}, "lines[0].unit_price.currency"),
        ({"quantity": "0"}, "lines[0].quantity"),
        ({"charges": [{"reason": "r"}]}, "lines[0].charges[0]"),
        ({"charges": [{"reason": "r", "percent": "0"}]}, "lines[0].charges[0].percent"),
        (
            {"charges": [{"reason": "r", "amount": {"amount": "-1.00", "currency": "USD"}}]},
            "lines[0].charges[0].amount",
        ),
    ],
)
async def test_what_a_line_cannot_say_is_refused_naming_it(clinic: Any, more: dict[str, Any], field: str) -> None:
    refused = await clinic.invoice(clinic.custom("10.00") | more, status=422)
    assert [error["field"] for error in refused["errors"]] == [field]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"charges": [{"reason": "r", "amount": ONE_USD, "tax_category": "X"}]}, "charges[0].tax_category"),
        ({"discounts": [{"reason": "r", "percent": "10", "tax_category": "X"}]}, "discounts[0].tax_category"),
        ({"discount": {"reason": "r", "amount": ONE_USD, "tax_category": "S"}}, "discount"),
        ({"charges": [{"reason": "r", "amount": ONE_USD, "base": ONE_USD}]}, "charges[0].base"),
    ],
)  # fmt: skip
async def test_what_a_document_cannot_say_is_refused_naming_it(clinic: Any, more: dict[str, Any], field: str) -> None:
    refused = await clinic.invoice(clinic.custom("10.00", tax_category="E"), status=422, **more)
    assert [error["field"] for error in refused["errors"]] == [field]


@pytest.mark.rule("INV-12.1", "INV-12.2")
async def test_charges_of_lines_and_document_are_in_the_totals_and_are_credited_with_all_that_is_left(
    clinic: Any,
) -> None:
    """INV-12: a line's charge has its line's tax, one of the document a tax of its own."""
    line = clinic.custom("100.00", tax_category="E", charges=[{"percent": "10", "reason": "urgent"}])
    freight = {"amount": clinic.usd("20.00"), "reason": "freight", "tax_category": "S"}
    made = await clinic.invoice(line, charges=[freight])
    totals = made["totals"]
    assert amounts(totals, "net", "charge", "tax", "total") == ["130.00", "30.00", "4.40", "134.40"]
    assert amounts(made["lines"][0], "amount", "charge_amount", "net") == ["100.00", "10.00", "110.00"]
    (charge,) = made["charges"]
    assert (charge["reason"], charge["tax_category"], *amounts(charge, "amount", "net")) == (
        "freight",
        "S",
        "20.00",
        "20.00",
    )
    (event,) = await clinic.announced(InvoiceIssued)
    assert (event.document_charges[0].net.amount, event.totals.charge.amount) == ("20.00", "30.00")
    assert (event.lines[0].charges[0].amount.amount, event.lines[0].charges[0].reason) == ("10.00", "urgent")
    note = await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", {"kind": "courtesy", "reason": "all"})
    assert {one["tax_category"]: one["net"]["amount"] for one in note["lines"]} == {"E": "110.00", "S": "20.00"}


@pytest.mark.rule("INV-13.1")
async def test_a_discount_of_the_document_is_limited_to_one_tax_category(clinic: Any) -> None:
    """INV-13: ten percent off the taxed lines; the exempt ones stay."""
    lines = [clinic.custom("100.00", tax_category="E"), clinic.custom("50.00", tax_category="S")]
    made = await clinic.invoice(*lines, discount={"percent": "10", "reason": "spring", "tax_category": "S"})
    assert [line["document_discount_amount"]["amount"] for line in made["lines"]] == ["0.00", "5.00"]
    assert made["discount"]["tax_category"] == "S"
    assert amounts(made["totals"], "net", "discount", "total") == ["145.00", "5.00", "154.90"]
    freight = {"percent": "10", "reason": "freight", "tax_category": "S"}
    charged = await clinic.invoice(*lines, charges=[freight])
    assert charged["charges"][0]["amount"]["amount"] == "5.00"


@pytest.mark.rule("INV-14.1", "INV-14.2")
async def test_returned_goods_count_below_zero_and_the_document_does_not(clinic: Any) -> None:
    """INV-14, and all of it can be credited."""
    back = clinic.custom("20.00", quantity="-1", tax_category="S")
    made = await clinic.invoice(clinic.custom("100.00", tax_category="E"), back)
    assert (made["lines"][1]["quantity"], made["lines"][1]["net"]["amount"]) == ("-1", "-20.00")
    assert amounts(made["totals"], "net", "tax", "total") == ["80.00", "-4.40", "75.60"]
    (event,) = await clinic.announced(InvoiceIssued)
    assert (event.lines[1].quantity, event.lines[1].returned, event.lines[1].net.amount) == ("1", True, "-20.00")
    refused = await clinic.invoice(clinic.custom("19.99", tax_category="S"), back, status=422)
    assert (refused["errors"][0]["field"], "-0.01 USD" in refused["detail"]) == ("lines", True)
    path = f"/v1/invoices/{made['id']}/credit-notes"
    half = await clinic.post(path, {"kind": "courtesy", "reason": "half", "amount": clinic.usd("37.80")})
    assert {line["tax_category"]: line["net"]["amount"] for line in half["lines"]} == {"E": "50.00", "S": "-10.00"}
    rest = await clinic.post(path, {"kind": "courtesy", "reason": "all"})
    assert {line["tax_category"]: line["tax"]["amount"] for line in rest["lines"]} == {"E": "0.00", "S": "-2.20"}
    assert (await clinic.read(made["id"]))["outstanding"] == clinic.usd("0.00")


async def test_a_procedure_is_not_returned(clinic: Any) -> None:
    procedure = clinic.completed(None)
    await clinic.configure(**SETTINGS | {"billing_policy": "manual"})
    await clinic.harness.deliver(procedure)
    line = {"kind": "procedure", "procedure_id": str(procedure.procedure_id), "quantity": "-1"}
    refused = await clinic.invoice(line, clinic.custom("500.00"), status=422)
    assert refused["errors"][0]["field"] == "lines[0].quantity"


async def test_a_draft_and_its_preview_say_what_the_invoice_will(clinic: Any) -> None:
    said: dict[str, Any] = {
        "lines": [
            clinic.custom("0.1212", quantity="100", charges=[{"amount": clinic.usd("1.00"), "reason": "urgent"}]),
            clinic.custom("2.00", quantity="-1"),
        ],
        "discounts": [{"amount": clinic.usd("1.00"), "reason": "r", "tax_category": "E"}],
        "charges": [{"percent": "10", "base": clinic.usd("30.00"), "reason": "freight", "tax_category": "S"}],
    }
    preview = await clinic.post("/v1/invoices/preview", said, 200)
    draft = await clinic.invoice(clinic.custom("1.00"), issue=False)
    headers = {"If-Match": f'"{draft["version"]}"'}
    changed = await clinic.api.put(f"/v1/invoices/{draft['id']}", json=said, headers=headers)
    assert changed.status_code == 200, changed.text
    issued = await clinic.post(f"/v1/invoices/{draft['id']}/issue", None, 200)
    assert preview["totals"] == changed.json()["totals"] == issued["totals"]
    assert changed.json()["discounts"] == issued["discounts"]
    assert [charge["amount"] for charge in issued["charges"]] == [clinic.usd("3.00")]
    assert amounts(issued["totals"], "net", "tax", "total") == ["13.12", "0.66", "13.78"]


@pytest.mark.rule("ALL-2.2")
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"kind": "custom", "description": "Night guard"}, "no price is given"),
        (
            {"kind": "extra_procedure", "description": "Crown", "code": "D2740", "code_system": "CDT"},
            "no price is given, and the price list has none for code 'D2740'",
        ),
    ],
)
async def test_a_line_without_a_price_is_refused_and_no_code_is_named_that_it_has_not(
    clinic: Any, line: dict[str, Any], said: str
) -> None:
    refused = await clinic.invoice(line, status=422)
    assert [(one["field"], one["detail"]) for one in refused["errors"]] == [("lines[0].unit_price", said)]
