"""What a line says, kept from the request to the answer and the event (`INV-4`)."""

from __future__ import annotations

from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.invoicing import InvoiceIssued

WHAT_IT_IS = {
    "code_system": "X-A house of its own",
    "code": "ÄÖ 7/1",
    "description": "Crown, porcelain fused to metal",
    "date_of_service": "2026-11-20",
    "provider_name": "Dr. Calderón",
    "tooth": "36",
    "surface": "MOD",
}


@pytest.mark.rule("INV-4.1", "INV-5.1", "INV-5.2")
@pytest.mark.parametrize("kind", ["extra_procedure", "custom"])
async def test_a_line_is_shown_and_told_with_all_that_it_was_given(clinic: Any, kind: str) -> None:
    """INV-4: a code of a system that nobody knows is as good as any."""
    said = WHAT_IT_IS | {"provider_id": str(new_id())}
    counted = {"quantity": "2.5", "unit_price": clinic.usd("40.00"), "tax_category": "S"}
    discount = {"percent": "10", "reason": "family"}
    made = await clinic.invoice({"kind": kind, **said, **counted, "discount": discount})
    (line,) = made["lines"]
    assert {name: line[name] for name in said} == said
    assert (line["quantity"], line["unit_price"], line["tax_code"]) == ("2.5", clinic.usd("40.00"), "S")
    amounts = [line[name]["amount"] for name in ("amount", "discount_amount", "net")]
    assert amounts == ["100.00", "10.00", "90.00"]
    reduced = line["discount"]
    assert (reduced["percent"], reduced["reason"], reduced["author"]) == ("10", "family", "clerk:test")
    assert (await clinic.read(made["id"]))["lines"] == made["lines"]
    (event,) = await clinic.announced(InvoiceIssued)
    (told,) = (one.model_dump(mode="json") for one in event.lines)
    assert {name: told[name] for name in said} == said
    counted_as = [told[name] for name in ("quantity", "unit_price", "discount", "net")]
    assert counted_as == [line[name] for name in ("quantity", "unit_price", "discount_amount", "net")]


@pytest.mark.rule("INV-4.1")
async def test_what_a_line_leaves_out_is_not_made_up(clinic: Any) -> None:
    """INV-4: day, provider, tooth and surface stand where they apply."""
    (line,) = (await clinic.invoice(clinic.custom("1.00")))["lines"]
    left_out = [*(WHAT_IT_IS.keys() - {"description"}), "provider_id", "discount"]
    assert {name: line[name] for name in left_out} == dict.fromkeys(left_out)
