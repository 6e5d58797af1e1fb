"""From a file to the decisions that are announced: matched, divided, in turn, each once, and nothing of a bad file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from remittances.imported import told
from remittances.importing import import_file
from remittances.invoices import Invoices
from remittances.problems import Malformed, Unreachable
from remittances.publishing import headers_of
from told_invoicing import CLINIC, DELTA, FILE, LINES, NUMBERS, Invoicing, Published, imported, sent


async def test_each_claim_becomes_a_decision_that_balances() -> None:
    (first, second), published = await imported(Invoicing())
    assert (first.claims, first.published, first.unmatched) == (5, 5, 0)
    assert (second.claims, second.published, second.predeterminations) == (2, 1, 1)
    for decision in published:
        for line in decision.lines:
            adjusted = sum((Decimal(each.amount.amount) for each in line.adjustments), Decimal(0))
            assert Decimal(line.charge.amount) - adjusted == Decimal(line.paid.amount)
        assert sum(Decimal(line.paid.amount) for line in decision.lines) == Decimal(decision.paid.amount)
        assert sum(Decimal(line.charge.amount) for line in decision.lines) == Decimal(decision.charge.amount)
    paid = sum(Decimal(one.paid.amount) for one in published if one.remittance_id == first.remittance_id)
    assert paid == first.claims_paid == first.amount + first.withheld


async def test_lines_are_matched_by_their_control_number_else_by_their_code() -> None:
    _, published = await imported(Invoicing())
    (amara, tomas, *_) = published
    assert [str(line.invoice_line_id) for line in amara.lines] == [one["id"] for one in LINES["000117"][:2]]
    assert amara.lines[1].allowed is not None
    assert amara.lines[1].allowed.amount == "172.00"
    assert [str(line.invoice_line_id) for line in tomas.lines] == [LINES["000118"][0]["id"]]


async def test_the_payer_is_the_invoices_and_its_turn_what_the_claim_says() -> None:
    _, published = await imported(Invoicing())
    assert {one.payer_id for one in published} == {DELTA}
    assert [one.payer_sequence for one in published[:2]] == ["primary", "secondary"]
    _, told_so = await imported(Invoicing(), payer=UUID(int=3))
    assert {one.payer_id for one in told_so} == {UUID(int=3)}


async def test_a_reversal_and_a_denial_are_in_the_turn_that_the_invoice_has_the_payer_in() -> None:
    known = {"payer_id": str(DELTA), "payer_name": "Harbor Dental Mutual", "payer_sequence": "secondary"}
    _, published = await imported(Invoicing(insurance={"payers": [known]}))
    by_status = {one.decision_id: one for one in published}
    reversal = published[2]
    assert (reversal.paid.amount, reversal.payer_sequence) == ("-80.00", "secondary")
    assert published[3].payer_sequence == "primary"
    assert published[-1].payer_sequence == "secondary"
    assert len(by_status) == len(published)


async def test_a_claim_taken_back_by_the_file_that_told_of_it_is_in_the_turn_it_was_told_in(tmp_path: Path) -> None:
    """INS-4: a secondary payer's decision and its reversal cancel each other, also where the invoice knows neither."""
    claim = "CLP*INV-2026-000118*2*100.00*12.50*7.50*12*HDM0002*11*1~\n"
    told_before = FILE.read_text().replace(
        "CLP*INV-2026-000101*22*-95.00*-80.00**12*HDM0003*11*1~",
        "CLP*INV-2026-000118*22*-95.00*-80.00**12*HDM0002*11*1~",
    )
    assert claim in told_before
    (tmp_path / "reversed.835").write_text(told_before)
    _, published = await imported(Invoicing(), path=tmp_path / "reversed.835")
    assert [(one.paid.amount, one.payer_sequence) for one in published[1:3]] == [
        ("12.50", "secondary"),
        ("-80.00", "secondary"),
    ]


@pytest.mark.rule("INS-9.5")
async def test_what_is_taken_back_says_what_of_it_is_put_off_whatever_was_told_before(tmp_path: Path) -> None:
    """In the order of the file, as far as each takes back; of what pays, nothing is said."""
    given = FILE.read_text()
    for was, becomes in (
        ("1*95.00*85.00*0.00*12*HDM0003", "22*-95.00*-85.00**12*HDM0003"),
        ("CAS*CO*45*10.00", "CAS*CO*45*-10.00"),
        ("SVC*AD:D1110*95.00*95.00", "SVC*AD:D1110*-95.00*-95.00"),
    ):
        given = given.replace(was, becomes)
    for plb, parts in (
        ("WO:HDM0009*12.50*L6*-172.50", ["0.00", "0.00"]),
        ("WO:HDM0009*102.50*WO:inv-2026-000101 ANA*-90.00*L6*-172.50", ["80.00", "10.00"]),
        ("WO:INV-2026-000101*-90.00*WO:INV-2026-0001011*12.50*WO:INV-2026-000101*40.00*L6*-122.50", ["50.00", "0.00"]),
        ("FB:INV-2026-000101*-90.00*L6*-70.00", ["0.00", "0.00"]),
    ):
        (tmp_path / "put-off.835").write_text(given.replace("WO:HDM0009*12.50*L6*-2.50", plb))
        invoicing = Invoicing()
        _, published = await imported(invoicing, tmp_path / "put-off.835")
        assert [one.put_off and one.put_off.amount for one in published] == [None, None, *parts, None, None]
        invoicing.decided = [published[2]]
        _, again = await imported(invoicing, tmp_path / "put-off.835")
        assert again[2].put_off == published[3].put_off


async def test_what_a_claim_adjusts_as_a_whole_is_divided_over_its_lines() -> None:
    """MON-3: no share exceeds its line, and the parts are the whole."""
    _, published = await imported(Invoicing())
    correction, without_lines = published[3], published[4]
    assert [(line.charge.amount, line.paid.amount) for line in correction.lines] == [("95.00", "85.00")]
    assert [line.charge.amount for line in without_lines.lines] == ["60.00", "30.00"]
    assert [line.adjustments[0].amount.amount for line in without_lines.lines] == ["6.67", "3.33"]


async def test_a_second_import_says_so_and_announces_nothing() -> None:
    invoicing = Invoicing()
    _, published = await imported(invoicing)
    invoicing.decided = list(published)
    (first, second), again = await imported(invoicing)
    assert (first.imported_before, second.imported_before, list(again)) == (5, 1, [])
    assert "imported before: 5 of 5 claims" in told(first)[1]


async def test_an_import_that_was_cut_off_is_finished_by_doing_it_again() -> None:
    invoicing = Invoicing()
    _, published = await imported(invoicing)
    invoicing.decided = list(published[:2])
    (first, _), rest = await imported(invoicing)
    assert (first.imported_before, first.published) == (2, 3)
    assert [one.decision_id for one in rest] == [one.decision_id for one in published[2:]]


async def test_ids_follow_from_the_file_so_that_what_is_told_twice_is_one_event() -> None:
    _, once = await imported(Invoicing())
    _, twice = await imported(Invoicing())
    assert [headers_of(one, "t") for one in once] == [headers_of(one, "t") for one in twice]
    assert len({dict(headers_of(one, "t"))["ce_id"] for one in once}) == len(once)


async def test_claims_of_invoices_that_are_not_known_are_named(tmp_path: Path) -> None:
    (first, _), published = await imported(Invoicing(numbers=NUMBERS[1:]))
    assert (first.unmatched, first.unmatched_numbers) == (1, ["INV-2026-000117"])
    assert len(published) == 5
    (odd, _), _ = await imported(Invoicing(), sent(tmp_path, ("CLP*INV-2026-000117", "CLP*\u0661")))
    assert odd.unmatched_numbers == ["\u0661"]
    (drafts, _), none = await imported(Invoicing(status="draft"))
    assert (drafts.unmatched, list(none)) == (5, [])


async def test_a_claim_that_does_not_balance_is_announced_as_it_is_and_counted(tmp_path: Path) -> None:
    """Invoicing sets it aside with the reason; the rest of the file is not held up (INS-3)."""
    spoilt = tmp_path / "spoilt.835"
    spoilt.write_text(FILE.read_text().replace("CAS*CO*45*21.50", "CAS*CO*45*20.50"))
    (first, _), published = await imported(Invoicing(), spoilt)
    assert (first.published, first.unbalanced) == (5, 1)
    assert published[0].lines[1].adjustments[0].amount.amount == "20.50"


async def test_nothing_is_announced_of_a_file_that_is_malformed_at_its_end(tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.835"
    spoilt.write_text(FILE.read_text().replace("SE*13*0002", "SE*14*0002"))
    published = Published()
    async with Invoices("http://test", "token", httpx.MockTransport(Invoicing().answer)) as invoices:
        with pytest.raises(Malformed, match=r"segment 65 \(SE\)"):
            await import_file(spoilt, CLINIC, invoices, published)
    assert list(published) == []


async def test_invoicing_that_does_not_answer_is_said() -> None:
    with pytest.raises(Unreachable, match="does not answer as it should"):
        await imported(Invoicing(down=True))


async def test_invoicing_that_has_too_much_to_do_is_asked_again() -> None:
    told, busy = Invoicing(), iter([429, 503])

    def answer(request: httpx.Request) -> httpx.Response:
        status = next(busy, None)
        return told.answer(request) if status is None else httpx.Response(status, headers={"Retry-After": "0"})

    async with Invoices("http://test", "token", httpx.MockTransport(answer)) as invoices:
        assert await invoices.find("000118") is not None


async def test_a_line_that_matches_none_gets_an_id_of_its_own(tmp_path: Path) -> None:
    spoilt = tmp_path / "other-code.835"
    spoilt.write_text(FILE.read_text().replace("AD:D1110*100.00", f"AD:{uuid4().hex[:5]}*100.00"))
    _, published = await imported(Invoicing(), spoilt)
    assert str(published[1].lines[0].invoice_line_id) not in {one["id"] for one in LINES["000118"]}
