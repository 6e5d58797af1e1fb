"""From a file to the decisions that are announced: matched, divided, in turn, each once, and nothing of a bad file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from contracts.insurance import ClaimAdjudicated
from remittances.following import follow
from remittances.imported import Imported, told
from remittances.importing import import_file
from remittances.invoices import Invoices
from remittances.problems import Differs, Malformed, Unreachable
from remittances.publishing import headers_of

FILE = Path(__file__).parent / "files" / "two-remittances.835"
CLINIC, DELTA = UUID(int=7), UUID(int=9)
NUMBERS = ("000117", "000118", "000101", "000120", "000121")


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def line(position: int, code: str, amount: str, discount: str = "0.00") -> dict[str, Any]:
    return {
        "id": str(UUID(int=int(Decimal(amount) * 100) + position)),
        "position": position,
        "code": code,
        "amount": usd(amount),
        "discount_amount": usd(discount),
        "document_discount_amount": usd("0.00"),
        "estimates": [],
    }


LINES = {
    "000117": [line(1, "D0120", "62.50"), line(2, "D2392", "215.00", "21.50"), line(3, "SKU-1", "29.80")],
    "000118": [line(1, "D1110", "100.00")],
    "000101": [line(1, "D1110", "95.00")],
    "000120": [line(1, "D1110", "60.00"), line(2, "D0140", "30.00")],
    "000121": [line(1, "D0140", "50.00")],
}


class Invoicing:
    """Invoicing's API as a claim sees it: invoices by number, and what is decided already."""

    def __init__(self, **changes: Any) -> None:
        self.decided: list[ClaimAdjudicated] = []
        self.aside: list[ClaimAdjudicated] = []
        self.numbers = NUMBERS
        self.insurance: dict[str, Any] | None = None
        self.status = "issued"
        self.down = False
        self.__dict__.update(changes)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("refused")
        path, query = request.url.path, request.url.params
        if path == "/v1/insurance-decisions":
            return httpx.Response(200, json=page([listed(one) for one in self.decided if is_wanted(one, query)]))
        if path == "/v1/set-aside-decisions":
            return httpx.Response(200, json=page([aside(one) for one in self.aside if is_wanted(one, query)]))
        if path == "/v1/invoices" and not query["number"].isascii():
            return httpx.Response(422)
        if path == "/v1/invoices":
            number = query["number"].rpartition("-")[2]
            items = [{"id": str(UUID(int=int(number)))}] if number in self.numbers else []
            return httpx.Response(200, json=page(items))
        number = f"{UUID(path.rpartition('/')[2]).int:06}"
        return httpx.Response(200, json=self.invoice(number)) if number in self.numbers else httpx.Response(404)

    def invoice(self, number: str) -> dict[str, Any]:
        return {
            "id": str(UUID(int=int(number))),
            "patient_id": str(UUID(int=1000 + int(number))),
            "status": self.status,
            "lines": LINES[number],
            "totals": {"total": usd("100.00")},
            "primary_payer": {"id": str(DELTA), "name": "HARBOR Dental Mutual"},
            "insurance": self.insurance,
        }


FILTERS = ("remittance_id", "invoice_id", "remittance_reference")


def is_wanted(one: ClaimAdjudicated, query: Any) -> bool:
    return all(str(getattr(one, name)) == query[name] for name in FILTERS if name in query)


def listed(one: ClaimAdjudicated) -> dict[str, Any]:
    """An applied decision as invoicing lists it."""
    shown = one.model_dump(mode="json") | {"decided_at": one.occurred_at.isoformat()}
    shown["invoice_number"] = f"INV-2026-{one.invoice_id.int:06}"
    return shown | {"lines": [each | {"line_id": each["invoice_line_id"]} for each in shown["lines"]]}


def aside(one: ClaimAdjudicated) -> dict[str, Any]:
    """A decision that was set aside as invoicing lists it."""
    return listed(one) | {"state": "open", "detail": "line 1: no", "stated": listed(one)}


def page(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"items": items, "next": None}


class Published(list[ClaimAdjudicated]):
    async def publish(self, decisions: Any) -> None:
        self.extend(decisions)


async def imported(
    invoicing: Invoicing, path: Path = FILE, payer: UUID | None = None
) -> tuple[list[Imported], Published]:
    published = Published()
    async with Invoices("http://test", "token", httpx.MockTransport(invoicing.answer)) as invoices:
        return await import_file(path, CLINIC, invoices, published, payer), published


async def test_each_claim_becomes_a_decision_that_balances() -> None:
    (first, second), published = await imported(Invoicing())
    assert (first.claims, first.published, first.unmatched) == (5, 5, 0)
    assert (second.claims, second.published, second.predeterminations) == (2, 1, 1)
    for decision in published:
        for one in decision.lines:
            adjusted = sum((Decimal(each.amount.amount) for each in one.adjustments), Decimal(0))
            assert Decimal(one.charge.amount) - adjusted == Decimal(one.paid.amount)
        assert sum(Decimal(one.paid.amount) for one in decision.lines) == Decimal(decision.paid.amount)
        assert sum(Decimal(one.charge.amount) for one in decision.lines) == Decimal(decision.charge.amount)
    paid = sum(Decimal(one.paid.amount) for one in published if one.remittance_id == first.remittance_id)
    assert paid == first.claims_paid == first.amount + first.withheld


async def test_lines_are_matched_by_their_control_number_else_by_their_code() -> None:
    _, published = await imported(Invoicing())
    (amara, tomas, *_) = published
    assert [str(one.invoice_line_id) for one in amara.lines] == [one["id"] for one in LINES["000117"][:2]]
    assert amara.lines[1].allowed is not None
    assert amara.lines[1].allowed.amount == "172.00"
    assert [str(one.invoice_line_id) for one in tomas.lines] == [LINES["000118"][0]["id"]]


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


async def test_what_a_claim_adjusts_as_a_whole_is_divided_over_its_lines() -> None:
    """MON-3: no share exceeds its line, and the parts are the whole."""
    _, published = await imported(Invoicing())
    correction, without_lines = published[3], published[4]
    assert [(one.charge.amount, one.paid.amount) for one in correction.lines] == [("95.00", "85.00")]
    assert [one.charge.amount for one in without_lines.lines] == ["60.00", "30.00"]
    assert [one.adjustments[0].amount.amount for one in without_lines.lines] == ["6.67", "3.33"]


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


async def test_a_line_that_matches_none_gets_an_id_of_its_own(tmp_path: Path) -> None:
    spoilt = tmp_path / "other-code.835"
    spoilt.write_text(FILE.read_text().replace("AD:D1110*100.00", f"AD:{uuid4().hex[:5]}*100.00"))
    _, published = await imported(Invoicing(), spoilt)
    assert str(published[1].lines[0].invoice_line_id) not in {one["id"] for one in LINES["000118"]}


def sent(folder: Path, *changes: tuple[str, str]) -> Path:
    """The file with something in it changed."""
    given, path = FILE.read_text(), folder / "sent.835"
    for was, becomes in changes:
        assert was in given
        given = given.replace(was, becomes)
    path.write_text(given)
    return path


async def test_a_transfer_that_comes_again_in_another_envelope_changes_nothing(tmp_path: Path) -> None:
    """Another ISA13, GS06."""
    invoicing = Invoicing()
    _, published = await imported(invoicing)
    invoicing.decided = list(published)
    again = sent(tmp_path, ("000000417", "000000418"), ("*417*", "*418*"), ("GE*2*417", "GE*2*418"))
    (first, second), announced = await imported(invoicing, again)
    assert (first.imported_before, second.imported_before, list(announced)) == (5, 1, [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            [("*12.50*7.50*12*HDM0002", "*10.00*7.50*12*HDM0002"), ("100.00*12.50**1", "100.00*10.00**1"),
             ("CAS*OA*23*80.00", "CAS*OA*23*82.50"), ("HDM0009*12.50", "HDM0009*10.00")],
            r"claim INV-2026-000118 .* 100.00 claimed and 12.50 paid then, 100.00 claimed and 10.00 paid in this file",
        ),
        ([("CAS*CO*45*21.50", "CAS*CO*45*21.00"), ("CAS*PR*2*34.40", "CAS*PR*2*34.90")], "other lines or adjustments"),
        ([("CLP*INV-2026-000118", "CLP*INV-2026-000121")], "INV-2026-000118, 100.00 claimed and 12.50 paid, is not in"),
    ],
    ids=["paid", "adjusted", "gone"],
)  # fmt: skip
async def test_other_content_under_a_known_transfer_is_found_out_and_said(
    changes: list[tuple[str, str]], said: str, tmp_path: Path
) -> None:
    """Never "imported before", and nothing of the file is announced."""
    invoicing = Invoicing()
    _, published = await imported(invoicing)
    invoicing.decided = list(published)
    published = Published()
    async with Invoices("http://test", "token", httpx.MockTransport(invoicing.answer)) as invoices:
        with pytest.raises(Differs, match=f"remittance HDM-20261124-7731 of Harbor .*{said}") as differs:
            await import_file(sent(tmp_path, *changes), CLINIC, invoices, published)
    assert list(published) == []
    assert len(differs.value.differences) == 1


async def test_a_repaired_claim_is_announced_again_as_the_same_decision(tmp_path: Path) -> None:
    """What was set aside is applied by a repaired file, and by that file once."""
    invoicing, wrong = Invoicing(), ("REF*6R*2~", "REF*6R*1~")
    (first, _), parked = await imported(invoicing, sent(tmp_path, wrong))
    assert (first.doubtful, first.doubts) == (
        1,
        ["INV-2026-000117: REF*6R 1 is line 1 (D0120), but the service is D2392"],
    )
    assert parked[0].lines[1].doubt == "REF*6R 1 is line 1 (D0120), but the service is D2392"
    invoicing.aside, invoicing.decided = parked[:1], parked[1:]
    (same, _), nothing = await imported(invoicing, sent(tmp_path, wrong))
    assert (list(nothing), [one.detail for one in same.set_aside]) == ([], ["line 1: no"])
    (_, _), repaired = await imported(invoicing)
    assert [one.decision_id for one in repaired] == [parked[0].decision_id]
    assert repaired[0].lines[1].doubt is None
    assert headers_of(repaired[0], "t") != headers_of(parked[0], "t")


async def test_what_invoices_have_of_the_same_transfer_under_another_id_is_not_told_again() -> None:
    """As by a version that knew transfers by their envelope, or a file that left the payer's identifier out."""
    known = {"payer_id": str(DELTA), "payer_name": "Harbor Dental Mutual", "payer_sequence": "primary"}
    invoicing = Invoicing(insurance={"payers": [known]})
    _, published = await imported(invoicing)
    invoicing.decided = [
        one.model_copy(update={"remittance_id": UUID(int=4), "decision_id": uuid4()}) for one in published
    ]
    (first, second), announced = await imported(invoicing)
    assert (first.imported_before, second.imported_before, list(announced)) == (5, 1, [])
    invoicing.decided = [one.model_copy(update={"remittance_reference": "other"}) for one in invoicing.decided]
    (first, second), announced = await imported(invoicing)
    assert (first.imported_before, second.imported_before, len(announced)) == (0, 0, 6)


async def test_a_transfer_whose_amount_is_another_one_now_is_found_out_unless_a_person_says_that_it_is_another(
    tmp_path: Path,
) -> None:
    """The amount is part of what a transfer is; with the same number and day, it is most often the same, changed."""
    invoicing = Invoicing()
    _, invoicing.decided = await imported(invoicing)
    changed = sent(
        tmp_path,
        ("BPR*I*287.60", "BPR*I*285.10"),
        ("*12.50*7.50*12*HDM0002", "*10.00*7.50*12*HDM0002"),
        ("100.00*12.50**1", "100.00*10.00**1"),
        ("CAS*OA*23*80.00", "CAS*OA*23*82.50"),
    )
    with pytest.raises(
        Differs, match=r"INV-2026-000118, 100.00 claimed and 12.50 paid, is not in this file.*--another"
    ):
        await imported(invoicing, changed)
    published = Published()
    async with Invoices("http://test", "token", httpx.MockTransport(invoicing.answer)) as invoices:
        (first, second) = await import_file(changed, CLINIC, invoices, published, is_another=True)
    assert (first.published, second.imported_before) == (5, 1)
    invoicing.decided = [*invoicing.decided, *published]
    for again in (changed, FILE):
        (first, _), announced = await imported(invoicing, again)
        assert (first.imported_before, list(announced)) == (5, [])


async def test_another_insurers_transfer_of_the_same_number_and_day_is_another(tmp_path: Path) -> None:
    invoicing = Invoicing()
    _, invoicing.decided = await imported(invoicing)
    other = sent(tmp_path, ("Harbor Dental Mutual*XV*66001", "Ohio Mutual*XV*66002"))
    (first, _), _ = await imported(invoicing, other)
    assert (first.published, first.imported_before) == (5, 0)


async def test_a_remittance_that_stands_twice_in_the_file_is_announced_once(tmp_path: Path) -> None:
    path = tmp_path / "twice.835"
    path.write_text(FILE.read_text() + FILE.read_text().replace("000000417", "000000418"))
    found, published = await imported(Invoicing(), path)
    assert [one.published for one in found] == [5, 1, 0, 0]
    assert len(published) == 6
    assert told(found[2])[1] == "  told of twice in this file, counted once"


async def test_what_was_announced_is_followed_until_invoicing_has_it() -> None:
    invoicing = Invoicing()
    found, published = await imported(invoicing)
    assert [len(one.pending) for one in found] == [5, 1]
    invoicing.decided, invoicing.aside = published[1:], published[:1]
    async with Invoices("http://test", "token", httpx.MockTransport(invoicing.answer)) as invoices:
        await follow(found, invoices, 30.0)
    assert [len(one.pending) for one in found] == [0, 0]
    assert told(found[0])[-1] == "  set aside: line 1: no"


async def test_what_is_not_applied_when_patience_ends_is_said() -> None:
    invoicing = Invoicing()
    found, _ = await imported(invoicing)
    async with Invoices("http://test", "token", httpx.MockTransport(invoicing.answer)) as invoices:
        await follow(found, invoices, 0.0)
    assert told(found[0])[-1] == "  5 are not applied yet: invoicing works them off when it runs"
