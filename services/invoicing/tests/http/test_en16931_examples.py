"""The official examples of EN 16931 can be typed in as they are, and give their own totals (INV-12, INV-13, INV-14).

`en16931_examples.json` has the figures of the examples of CEN/TC 434, in both syntaxes: quantities, prices (MON-7),
discounts and charges of lines and document, and the totals that they state. Where an example breaks a rule of the
standard, `breaks` says which, and `typed` what was typed in instead; one that bills less than nothing is refused here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

EXAMPLES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("en16931_examples.json").read_text("utf-8"))
AS_THEY_ARE = [one for one in EXAMPLES if "breaks" not in one and "refused" not in one]
ALL = [pytest.param(one, id=one["names"][0]) for one in EXAMPLES if "refused" not in one]


def code_of(tax: list[str]) -> str:
    return f"{tax[0]}{tax[1]}"


async def configured_for(clinic: Any, example: dict[str, Any]) -> None:
    taxes = {code_of(one["tax"]): one["tax"] for one in [*example["lines"], *adjustments(example)]}
    categories = [{"code": "E", "category": "E", "rate": "0", "exemption_reason": "exempt"}]
    categories += [{"code": "S", "category": "S", "rate": "22"}]
    for code, (category, rate) in taxes.items():
        reason = {} if category in ("S", "Z", "B") else {"exemption_reason": "as the example says"}
        categories.append({"code": code, "category": category, "rate": rate} | reason)
    await clinic.configure(currency=example["currency"], tax_categories=categories, price_list=[])


def adjustments(example: dict[str, Any]) -> list[dict[str, Any]]:
    return [*example.get("discounts", []), *example.get("charges", [])]


def content(example: dict[str, Any]) -> dict[str, Any]:
    """The request that says what the example says."""
    currency = example["currency"]

    def money(amount: str) -> dict[str, str]:
        return {"amount": amount, "currency": currency}

    def adjusted(one: dict[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = {"reason": "as the example says"}
        said |= {name: money(one[name]) for name in ("amount", "base") if name in one}
        said |= {"percent": one["percent"]} if "percent" in one else {}
        return said | ({"tax_category": code_of(one["tax"])} if "tax" in one else {})

    def line(one: dict[str, Any]) -> dict[str, Any]:
        one = one | one.get("typed", {})
        return {
            "kind": "custom",
            "description": "as the example says",
            "quantity": one["quantity"],
            "unit_price": money(one["price"]),
            "base_quantity": one.get("base_quantity", "1"),
            "tax_category": code_of(one["tax"]),
            "charges": [adjusted(other) for other in one.get("charges", [])],
        } | ({"discount": adjusted(one["discounts"][0])} if one.get("discounts") else {})

    return {
        "lines": [line(one) for one in example["lines"]],
        "discounts": [adjusted(one) for one in example.get("discounts", [])],
        "charges": [adjusted(one) for one in example.get("charges", [])],
    }


def figures(totals: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: totals[name]["amount"] for name in ("net", "tax", "total")}
    groups = [[tax["category"], tax["rate"], tax["base"]["amount"], tax["tax"]["amount"]] for tax in totals["taxes"]]
    return found | {"groups": sorted(groups)}


@pytest.mark.parametrize("example", ALL)
async def test_an_example_of_the_standard_gives_its_own_totals(clinic: Any, example: dict[str, Any]) -> None:
    await configured_for(clinic, example)
    said, wanted = content(example), example | example.get("by_rule", {})
    made = await clinic.invoice(*said.pop("lines"), **said)
    assert figures(made["totals"]) == {name: wanted[name] for name in ("net", "tax", "total")} | {
        "groups": sorted(wanted["groups"])
    }
    # Before the document's discount, a line's net is the example's.
    nets = [(one | one.get("typed", {}))["net"] for one in example["lines"]]
    assert [net_before_document(line) for line in made["lines"]] == [minor(net) for net in nets]
    if minor(wanted["total"]):
        note = await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", {"kind": "courtesy", "reason": "all"})
        assert note["total"] == made["totals"]["total"]
    await clinic.prove()


def minor(amount: str) -> int:
    return int(amount.replace(".", ""))


def net_before_document(line: dict[str, Any]) -> int:
    return minor(line["net"]["amount"]) + minor(line["document_discount_amount"]["amount"])


@pytest.mark.rule("INV-14.2")
@pytest.mark.parametrize("example", [one for one in EXAMPLES if "refused" in one])
async def test_an_example_that_bills_less_than_nothing_is_refused(clinic: Any, example: dict[str, Any]) -> None:
    await configured_for(clinic, example)
    said = content(example)
    refused = await clinic.invoice(*said.pop("lines"), status=422, **said)
    assert refused["errors"][0]["field"] == "lines"


def test_the_examples_that_break_no_rule_are_typed_in_as_they_are() -> None:
    assert len(AS_THEY_ARE) >= 12
    assert not [line for one in AS_THEY_ARE for line in one["lines"] if "typed" in line]
    assert all("breaks" in one for one in EXAMPLES if any("typed" in line for line in one["lines"]))
