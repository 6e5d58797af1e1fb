"""What was told of before is not told again, what was repaired is, and other content is found out."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4, uuid5

import httpx
import pytest
from remittances.following import follow
from remittances.imported import told
from remittances.importing import import_file
from remittances.invoices import Invoices
from remittances.problems import Differs
from remittances.publishing import headers_of
from told_invoicing import CLINIC, DELTA, FILE, Invoicing, Published, imported, sent


@pytest.mark.rule("INS-6.1")
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


async def test_a_decision_that_was_dismissed_is_said_so_with_who_when_and_why() -> None:
    """INS-3: it was counted as imported before, as if it had been applied."""
    invoicing = Invoicing()
    _, published = await imported(invoicing)
    closed = {"closed_by": "clerk:7f1c", "closed_at": "2026-11-25T09:30:00Z", "closed_because": "sent in error"}
    invoicing.aside, invoicing.decided, invoicing.closed = published[:1], published[1:], closed
    (first, second), announced = await imported(invoicing)
    assert (first.imported_before, second.imported_before, list(announced)) == (4, 1, [])
    lines = told(first)
    assert "  imported before: 4 of 5 claims, nothing of them is repeated" in lines
    assert (
        "  dismissed before, and not applied: INV-2026-000117, set aside (line 1: no), was dismissed by clerk:7f1c on "
        "2026-11-25: sent in error"
    ) in lines


async def test_one_that_was_dismissed_and_is_repaired_is_announced_again(tmp_path: Path) -> None:
    invoicing, wrong = Invoicing(), ("REF*6R*2~", "REF*6R*1~")
    _, parked = await imported(invoicing, sent(tmp_path, wrong))
    closed = {"closed_by": "clerk:7f1c", "closed_at": "2026-11-25T09:30:00Z", "closed_because": "to be repaired"}
    invoicing.aside, invoicing.decided, invoicing.closed = parked[:1], parked[1:], closed
    (first, _), repaired = await imported(invoicing)
    assert ([one.decision_id for one in repaired], first.dismissed) == ([parked[0].decision_id], [])


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


@pytest.mark.rule("INS-6.1")
async def test_a_transfer_told_of_in_another_spelling_by_a_version_that_knew_it_by_that_is_not_told_again() -> None:
    """It was decided once more under the new id: 60.00 paid twice by the invoice, once by the bank."""
    known = {"payer_id": str(DELTA), "payer_name": "Harbor Dental Mutual", "payer_sequence": "primary"}
    invoicing = Invoicing(insurance={"payers": [known]})
    _, published = await imported(invoicing)
    reference = published[0].remittance_reference or ""
    spelled = f"{reference[:4].lower()} {reference[4:].lower()}"
    invoicing.decided = [
        one.model_copy(
            update={"remittance_id": uuid5(UUID(int=4), str(one.remittance_id)), "decision_id": uuid4()}
            | ({"remittance_reference": spelled} if one.remittance_reference == reference else {})
        )
        for one in published
    ]
    (first, second), announced = await imported(invoicing)
    assert (first.imported_before, second.imported_before, list(announced)) == (5, 1, [])


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
    first_only, invoicing.decided = invoicing.decided, [*invoicing.decided, *published[:2]]
    (first, _), rest = await imported(invoicing, changed)  # one that was cut off is finished without saying it again
    assert (first.imported_before, rest) == (2, published[2:])
    invoicing.decided = [*first_only, *published]
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
