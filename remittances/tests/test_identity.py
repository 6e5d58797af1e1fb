"""INS-6: a remittance counts once, by clinic, payer, trace number, amount and date, in whatever it comes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest
from remittances.identity import name_key
from remittances.problems import Differs
from remittances.surveying import Survey

FILE = Path(__file__).parent / "files" / "two-remittances.835"
CLINIC = UUID(int=7)


def text() -> str:
    return FILE.read_text(encoding="ascii")


def surveyed(folder: Path, given: str, clinic: UUID = CLINIC) -> Survey:
    path = folder / "given.835"
    path.write_text(given, encoding="utf-8")
    return Survey(path, clinic)


def ids(survey: Survey) -> tuple[list[UUID], list[UUID]]:
    return [remittance.id for remittance in survey.remittances], [told.decision_id for told in survey.claims()]


@pytest.mark.rule("INS-6.1")
@pytest.mark.parametrize(
    "changes",
    [
        [("000000417", "000000418")],
        [("*417*", "*418*"), ("GE*2*417", "GE*2*418")],
        [("HARBORDENTAL ", "CLEARINGHOUSE"), ("HARBORDENTAL*", "CLEARING*")],
        [("ST*835*0001", "ST*835*7701"), ("SE*50*0001", "SE*50*7701")],
        [("*261124*0830*", "*261125*0915*"), ("*20261124*0830*", "*20261125*0915*")],
        [("BPR*I*287.60*", "BPR*I*287.6*"), ("BPR*H*0*", "BPR*H*0.00*")],
        [("Harbor Dental Mutual", "HARBOR DENTAL MUTUAL, INC.")],
        [("*XV*66001", "*PI*66001")],
        [("TRN*1*HDM-20261124-773", "TRN*1*hdm-2026 1124-773")],
        [("~\n", "~")],
    ],
    ids=[
        "ISA13",
        "GS06",
        "sender",
        "ST02",
        "when sent",
        "an amount",
        "a name",
        "a qualifier",
        "a trace number",
        "line ends",
    ],
)
def test_the_same_transfer_in_another_envelope_is_the_same(changes: Sequence[tuple[str, str]], tmp_path: Path) -> None:
    given = text()
    for was, becomes in changes:
        assert was in given
        given = given.replace(was, becomes)
    assert ids(surveyed(tmp_path, given)) == ids(Survey(FILE, CLINIC))


@pytest.mark.rule("INS-6.1")
@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("TRN*1*HDM-20261124-773", "TRN*1*HDM-20261125-773"),
        ("*XV*66001", "*XV*66002"),
        ("20261124~", "20261125~"),
    ],
    ids=["trace number", "payer", "date"],
)
def test_another_transfer_is_another(was: str, becomes: str, tmp_path: Path) -> None:
    (before, decided), (after, decided_after) = (
        ids(Survey(FILE, CLINIC)),
        ids(surveyed(tmp_path, text().replace(was, becomes))),
    )
    assert not set(before) & set(after)
    assert not set(decided) & set(decided_after)


def test_another_clinics_remittance_of_the_same_numbers_is_another() -> None:
    """ALL-4: two clinics' files may hold the same control numbers, claims and amounts."""
    (own, decided), (others, decided_there) = ids(Survey(FILE, CLINIC)), ids(Survey(FILE, UUID(int=8)))
    assert not set(own + decided) & set(others + decided_there)


def test_two_remittances_are_known_apart_and_together_in_one_file_or_two(tmp_path: Path) -> None:
    head, *two = text().split("\nST*")
    first, second = (f"\nST*{one}" for one in two)
    second = second[: second.index("GE*")]
    both = ids(Survey(FILE, CLINIC))
    alone = [ids(surveyed(tmp_path, f"{head}{one}\nGE*1*417~\nIEA*1*000000417~\n")) for one in (first, second)]
    turned = ids(surveyed(tmp_path, f"{head}{second}{first}\nGE*2*417~\nIEA*1*000000417~\n"))
    assert (alone[0][0] + alone[1][0], alone[0][1] + alone[1][1]) == both
    assert (turned[0], sorted(turned[1])) == (both[0][::-1], sorted(both[1]))


def test_a_decision_is_the_same_wherever_its_claim_stands(tmp_path: Path) -> None:
    start, middle, end = (
        text().index(one) for one in ("CLP*INV-2026-000117", "CLP*INV-2026-000118", "CLP*INV-2026-000101")
    )
    turned = text()[:start] + text()[middle:end] + text()[start:middle] + text()[end:]
    before, after = ids(Survey(FILE, CLINIC))[1], ids(surveyed(tmp_path, turned))[1]
    assert after == [before[1], before[0], *before[2:]]
    assert len(set(before)) == len(before)


def test_a_remittance_that_stands_twice_in_a_file_is_told_of_once(tmp_path: Path) -> None:
    again = text() + text().replace("000000417", "000000418")
    survey = surveyed(tmp_path, again)
    assert [remittance.repeats for remittance in survey.remittances] == [False, False, True, True]
    assert [told.decision_id for told in survey.claims()] == ids(Survey(FILE, CLINIC))[1]


def test_a_file_that_says_two_things_of_one_remittance_is_refused(tmp_path: Path) -> None:
    other = text().replace("CAS*PR*1*10.00", "CAS*CO*45*10.00").replace("000000417", "000000418")
    with pytest.raises(Differs, match=r"HDM-20261124-7731 .* something else now: the file itself says both"):
        surveyed(tmp_path, text() + other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("MADE-UP PAYER", "Made-Up Payer, Inc.", True),
        ("Harbor Dental Mutual", "HARBOR  DENTAL MUTUAL CO", True),
        ("St. Mary's Plan", "ST MARYS PLAN LLC", True),
        ("Prévoyance & Cie", "PREVOYANCE AND CIE", True),
        ("The Delta Company", "Delta", True),
        ("Delta Dental of Ohio", "Delta Dental of Iowa", False),
        ("Inc", "Co", False),
        ("Ασφάλεια", "ΑΣΦΑΛΕΙΑ", True),
        ("חֶברה בִּטוח", "חברה בטוח", True),
        ("بِيمة", "بيمة", True),
        ("ガンマ保険", "カンマ保険", False),
        ("パナ", "ハナ", False),
        ("राम बीमा", "रोम बीमा", False),
        ("राम बीमा", "राम-बीमा Ltd", True),
        ("เก่า", "เก้า", False),
        ("Йод", "Иод", False),
    ],
)
def test_a_name_is_known_whatever_its_case_punctuation_and_legal_form(one: str, other: str, same: bool) -> None:
    assert (name_key(one) == name_key(other)) is same
