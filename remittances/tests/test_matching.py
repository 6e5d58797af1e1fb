"""Which line and which insurer a claim is about: certain, or in doubt and left to a person."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from remittances.lines import Matched, lines_of
from remittances.payers import Payer, derived_id, payer_of
from remittances.remittance import Adjustment, Claim, Remittance, ServiceLine

NUMBER, CENT = "INV-2026-000117", Decimal("0.01")


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def line(position: int, code: str | None, amount: str) -> dict[str, Any]:
    none = money("0.00")
    return {
        "id": str(UUID(int=0xABC0 + position)),
        "position": position,
        "code": code,
        "amount": money(amount),
        "discount_amount": none,
        "document_discount_amount": none,
    }


def invoice(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": str(UUID(int=1)), "lines": list(lines), "insurance": None, "primary_payer": None, **more}


def service(code: str, charge: str, reference: str | None = None) -> ServiceLine:
    return ServiceLine(1, code, Decimal(charge), Decimal(charge), reference=reference)


def matched(given: dict[str, Any], *services: ServiceLine) -> list[Matched]:
    total = sum((one.charge for one in services), Decimal(0))
    return lines_of(Claim(1, 1, NUMBER, "1", total, total, "P1", lines=list(services)), given, CENT)


def positions(found: list[Matched]) -> list[int | None]:
    return [None if one.doubt else one.line_id.int - 0xABC0 for one in found]


TWO = invoice(line(1, "D0120", "60.00"), line(2, "D2392", "200.00"))


@pytest.mark.parametrize(
    "reference",
    ["2", "0002", str(UUID(int=0xABC2)), str(UUID(int=0xABC2)).upper(), UUID(int=0xABC2).hex, f"{NUMBER}-L2",
     f"{NUMBER}-002", f"{NUMBER.lower()}/2", "34-A", None],
)  # fmt: skip
def test_a_line_is_found_by_any_reference_that_claims_are_sent_with_else_by_its_code(reference: str | None) -> None:
    assert positions(matched(TWO, service("d2392", "200.00", reference))) == [2]


@pytest.mark.parametrize(
    ("reference", "doubt"),
    [
        ("1", "REF*6R 1 is line 1 (D0120), but the service is D2392"),
        ("0001", "REF*6R 0001 is line 1 (D0120), but the service is D2392"),
        (f"{NUMBER}-L1", f"REF*6R {NUMBER}-L1 is line 1 (D0120), but the service is D2392"),
        (str(UUID(int=0xABC1)), f"REF*6R {UUID(int=0xABC1)} is line 1 (D0120), but the service is D2392"),
        ("3", "REF*6R 3 is none of the invoice's lines"),
        ("0", "REF*6R 0 is none of the invoice's lines"),
        (str(UUID(int=5)), f"REF*6R {UUID(int=5)} is none of the invoice's lines"),
    ],
)
def test_reference_and_code_agree_or_a_person_decides(reference: str, doubt: str) -> None:
    (found,) = matched(TWO, service("D2392", "200.00", reference))
    assert found.doubt == doubt
    assert found.line_id not in {UUID(one["id"]) for one in TWO["lines"]}


def test_a_line_without_a_code_is_known_by_its_reference_and_charge() -> None:
    given = invoice(line(1, None, "60.00"), line(2, "D2392", "200.00"))
    assert positions(matched(given, service("X1", "60.00", "1"))) == [1]
    assert positions(matched(given, service("X1", "61.00", "1"))) == [None]


def test_lines_of_one_code_are_told_apart_by_charge_and_two_that_are_alike_are_taken_in_turn() -> None:
    given = invoice(line(1, "D2392", "150.00"), line(2, "D2392", "200.00"), line(3, "D2392", "200.00"))
    found = matched(given, service("D2392", "200.00"), service("D2392", "200.00"), service("D2392", "150.00"))
    assert positions(found) == [2, 3, 1]
    (unclear,) = matched(given, service("D2392", "175.00"))
    assert (
        unclear.doubt == "3 lines have the code D2392 and none the charge 175.00; REF*6R would say which one is meant"
    )


def test_one_service_of_two_lines_that_are_alike_is_in_doubt() -> None:
    """Two claims, each of one of them, would both decide the first."""
    given = invoice(line(1, "D2392", "200.00"), line(2, "D2392", "200.00"), line(3, "D2392", "150.00"))
    (found,) = matched(given, service("D2392", "200.00"))
    doubt = "2 lines have the code D2392 and the charge 200.00; REF*6R would say which one is meant"
    assert (positions([found]), found.doubt) == ([None], doubt)
    assert positions(matched(given, service("D2392", "200.00", "2"), service("D2392", "200.00"))) == [2, 1]
    assert positions(matched(given, service("D2392", "150.00"))) == [3]


def test_a_line_that_is_named_is_not_taken_by_another_before() -> None:
    given = invoice(line(1, "D1110", "90.00"), line(2, "D1110", "90.00"))
    assert positions(matched(given, service("D1110", "90.00"), service("D1110", "90.00", "1"))) == [2, 1]


def test_a_line_that_the_payer_split_is_one_and_what_is_too_much_is_in_doubt() -> None:
    given = invoice(line(1, "D1110", "90.00"))
    (joined,) = matched(given, service("D1110", "40.00"), service("D1110", "50.00"))
    assert (positions([joined]), joined.line.charge) == ([1], Decimal("90.00"))
    _, further = matched(given, service("D1110", "90.00"), service("D1110", "90.00"))
    assert further.doubt == "no other line of the invoice has the code D1110"
    (unknown,) = matched(given, service("D9999", "90.00"))
    assert unknown.doubt == "no line of the invoice has the code D9999"


def test_what_is_matched_leaves_the_claim_as_the_file_says_it() -> None:
    claim = Claim(1, 1, NUMBER, "1", Decimal(60), Decimal(50), "P1", [Adjustment("CO", "45", Decimal(10))])
    claim.lines.append(service("D0120", "60.00"))
    (found,) = lines_of(claim, TWO, CENT)
    assert (found.line.paid, len(found.line.adjustments), claim.balances) == (Decimal(50), 1, True)
    assert claim.lines[0].adjustments == []


# --- the insurer


def remittance(name: str = "MADE-UP PAYER INC", identifier: str = "") -> Remittance:
    return Remittance(1, "0001", reference="T1", payer_name=name, payer_identifier=identifier,
                      decided_at=datetime(2026, 4, 1, tzinfo=UTC))  # fmt: skip


def known(number: int, name: str, turn: str = "primary", identifier: str | None = None) -> dict[str, Any]:
    return {
        "payer_id": str(UUID(int=number)),
        "payer_name": name,
        "payer_sequence": turn,
        "payer_identifier": identifier,
    }


def payer(given: Remittance, *payers: dict[str, Any], status: str = "4", **more: Any) -> Payer:
    claim = Claim(1, 1, NUMBER, status, Decimal(0), Decimal(0), "P1", **more)
    estimated = line(1, "D0120", "60.00") | {"estimates": list(payers)}
    return payer_of(given, claim, invoice(estimated, insurance={"payers": list(payers)}), None)


def test_the_insurer_is_the_invoices_of_its_identifier_whatever_its_name() -> None:
    found = payer(remittance("MPI Holdings", "66001"), known(5, "Made-Up Payer", identifier="66001"), known(6, "Other"))
    assert (found.id, found.name) == (UUID(int=5), "Made-Up Payer")


def test_the_insurer_is_the_invoices_of_its_name_whatever_the_spelling() -> None:
    assert payer(remittance(), known(5, "Made-Up Payer"), known(6, "Other")).id == UUID(int=5)
    assert payer(remittance(identifier="66001"), known(5, "Made-Up Payer")).id == UUID(int=5)


def test_an_insurer_that_is_not_certain_is_none_of_the_invoices() -> None:
    """A person says who it is."""
    own = derived_id(remittance(identifier="66001"))
    other_identifier = payer(remittance(identifier="66001"), known(5, "Made-Up Payer", identifier="66002"))
    assert (other_identifier.id, other_identifier.identifier) == (own, "66001")
    two = (known(5, "Made-Up Payer"), known(6, "Made-Up Payer Inc."))
    assert payer(remittance(identifier="66001"), *two).id == own
    assert payer(remittance(), known(6, "Other")).id == derived_id(remittance("Made-Up Payer"))


def test_two_insurers_of_one_name_are_told_apart_by_their_turn() -> None:
    two = (known(5, "Made-Up Payer"), known(6, "Made-Up Payer", "secondary"))
    assert payer(remittance(), *two, status="1").id == UUID(int=5)
    assert payer(remittance(), *two, status="2").id == UUID(int=6)


def test_who_deducts_what_payers_before_paid_is_not_the_first_whatever_it_says() -> None:
    prior = {"adjustments": [Adjustment("OA", "23", Decimal(52))]}
    assert payer(remittance(), status="1", **prior).sequence == "secondary"
    assert payer(remittance(), known(5, "Made-Up Payer", "tertiary"), status="1", **prior).sequence == "tertiary"
    assert payer(remittance(), known(5, "Made-Up Payer"), status="1", **prior).sequence == "primary"
    assert payer(remittance(), status="1").sequence == "primary"
    assert payer(remittance(), known(5, "Made-Up Payer", "secondary")).sequence == "secondary"
