"""Reading X12 835: what a real-looking file says, what is refused, and that a long file is not held in memory."""

from __future__ import annotations

import io
import tracemalloc
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from remittances.problems import Malformed, Unbalanced
from remittances.reading import read_remittances

FILE = Path(__file__).parent / "files" / "two-remittances.835"


def text() -> str:
    return FILE.read_text(encoding="utf-8")


def read(given: str) -> list[Any]:
    return list(read_remittances(io.StringIO(given)))


def test_every_claim_of_both_remittances_is_read_with_its_reasons() -> None:
    found = read(text())
    claims = [claim for _, claim in found if claim]
    assert [(one.patient_control_number, one.status, str(one.paid)) for one in claims] == [
        ("INV-2026-000117", "1", "200.10"),
        ("INV-2026-000118", "2", "12.50"),
        ("INV-2026-000101", "22", "-80.00"),
        ("INV-2026-000101", "1", "85.00"),
        ("INV-2026-000120", "1", "80.00"),
        ("INV-2026-000121", "4", "0.00"),
        ("INV-2026-000122", "25", "0"),
    ]
    filling = claims[0].lines[1]
    assert (filling.code, filling.reference, filling.allowed) == ("D2392", "2", Decimal("172.00"))
    assert [
        (adjustment.group, adjustment.reason_code, str(adjustment.amount)) for adjustment in filling.adjustments
    ] == [
        ("CO", "45", "21.50"),
        ("PR", "2", "34.40"),
    ]
    assert all(one.balances for one in claims)


def test_a_remittance_transfers_what_its_claims_pay_less_what_is_withheld() -> None:
    first, second = [remittance for remittance, claim in read(text()) if claim is None]
    assert (first.amount, first.claims_paid, first.withheld) == (Decimal("287.60"), Decimal("297.60"), Decimal("10.00"))
    assert [(adjustment.reason_code, adjustment.reference) for adjustment in first.provider_adjustments] == [
        ("WO", "HDM0009"),
        ("L6", ""),
    ]
    assert (first.reference, first.payer_name, first.currency) == ("HDM-20261124-7731", "Harbor Dental Mutual", "USD")
    assert (second.amount, second.claims) == (Decimal(0), 2)


def test_other_separators_are_those_that_isa_declares() -> None:
    given = text().replace("*", "|").replace(":", ">").replace("~\n", "'")
    assert read(given)[0][1].lines[0].code == "D0120"


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("BPR*I*287.60", "BPR*I*287.61", r"segment 52 \(SE\): remittance 0001 transfers 287.61 .* which is 287.60"),
        ("WO:HDM0009*12.50", "WO:HDM0009*13.50", r"segment 52 \(SE\)"),
    ],
)
def test_a_transfer_that_is_not_the_sum_of_its_claims_is_refused(was: str, becomes: str, said: str) -> None:
    with pytest.raises(Unbalanced, match=said):
        read(text().replace(was, becomes))


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("ISA*00*", "IXA*00*", r"segment 1 \(ISA\): First line does not begin with 'ISA'"),
        ("ST*835*0001", "ST*837*0001", r"segment 3 \(ST\): ST01 '837' is no remittance"),
        ("CLP*INV-2026-000117*1*256.00", "CLP*INV-2026-000117*1*2S6.00", r"segment 16 \(CLP\): CLP03 '2S6.00' is no"),
        ("CLP*INV-2026-000117*", "CLP**", r"segment 16 \(CLP\): CLP01 is missing"),
        ("CAS*CO*45*21.50", "CAS*XX*45*21.50", r"segment 27 \(CAS\): CAS01 'XX' is none of CO, PR, OA, PI"),
        ("CAS*PR*2*34.40", "CAS*PR*1*30*2*4", r"segment 28 \(CAS\): CAS06 is missing; .* in threes"),
        ("CAS*PR*2*34.40", "CAS*PR*1*30*2*4.40*3", r"segment 28 \(CAS\): CAS05 '4.40' is no reason code"),
        ("PLB*1234567893*20261231*WO:HDM0009*12.50", "PLB*1*20261231*WO*", r"segment 51 \(PLB\): PLB04 is missing"),
        ("CUR*PR*USD", "CUR*PR*usd", r"segment 6 \(CUR\): CUR02 'usd' is no currency"),
        ("TRN*1*HDM-20261124-7731*1123456789~", "TRN*1*A~\nTRN*1*B~", r"TRN02 'B' is another reference than 'A'"),
        ("REF*EV*MAPLESTREET", "BPR*I*1*C", r"segment 7 \(BPR\): a remittance has one BPR"),
        ("SE*50*0001", "SE*\u0665\u0660*0001", r"segment 52 \(SE\): SE01 .* is no count"),
        ("GE*2*417", "GE*0x2*417", r"segment 66 \(GE\): GE01 '0x2' is no count"),
        ("IEA*1*000000417", "IEA*1_0*000000417", r"segment 67 \(IEA\): IEA01 '1_0' is no count"),
        ("*20261124~\nTRN*1*HDM-20261124-7731", "*2026 1 4~\nTRN*1*X", r"BPR16 '2026 1 4' is no day"),
        ("*20261124~\nTRN*1*HDM-20261124-7731", "*00011124~\nTRN*1*X", r"BPR16 '00011124' is no day"),
        ("*20261124~\nTRN*1*HDM-20261124-7731", "*29990101~\nTRN*1*X", r"BPR16 '29990101' is no day"),
        ("CAS*CO*45*21.50", "CAS*CO*45*NaN", r"segment 27 \(CAS\): CAS03 'NaN' is no amount"),
        ("LX*1~\nCLP", "SVC*AD:D1*1*1~\nCLP", r"segment 15 \(SVC\): stands outside of a claim"),
        ("SVC*AD:D0120*", "SVC*D0120*", r"segment 21 \(SVC\): SVC01 'D0120' has no code"),
        ("SE*50*0001", "SE*49*0001", r"segment 52 \(SE\): SE count of 49"),
        ("SE*50*0001", "SE*50*0009", r"segment 52 \(SE\): SE id=0009 does not match"),
        ("ST*835*0002", "ST*835*0001", r"segment 53 \(ST\): ST Interchange Control Number 0001 not unique"),
        ("GE*2*417", "GE*3*417", r"segment 66 \(GE\): GE count of 3"),
        ("IEA*1*000000417~", "", r"\(IEA=000000417\) missing"),
        ("IEA*1*000000417~", "IEA*1*0000004", r"missing|middle of the segment"),
        (
            "*20261124~\nTRN*1*HDM-20261124-7731",
            "*20261324~\nTRN*1*X",
            r"segment 4 \(BPR\): BPR16 '20261324' is no day",
        ),
        ("TRN*1*HDM-20261124-7731*1123456789~\n", "", r"TRN\) is missing before the first claim"),
    ],
)
def test_a_malformed_file_is_refused_naming_segment_and_position(was: str, becomes: str, said: str) -> None:
    assert was in text()
    with pytest.raises(Malformed, match=said):
        read(text().replace(was, becomes, 1))


def test_a_file_of_thousands_of_claims_is_read_in_flat_memory() -> None:
    """Ten times the claims, the same memory: what is read is not kept."""
    peaks = [_peak(count) for count in (500, 5_000)]
    assert peaks[1] < peaks[0] * 1.5 + 100_000


def _peak(count: int) -> int:
    tracemalloc.start()
    try:
        seen = sum(1 for _, claim in read_remittances(_Long(count)) if claim)  # type: ignore[arg-type]
        assert seen == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


class _Long:
    """A file that is written while it is read."""

    closed = False

    def __init__(self, claims: int) -> None:
        self._parts = self._written(claims)
        self._rest = ""

    def read(self, size: int) -> str:
        while len(self._rest) < size and (part := next(self._parts, "")):
            self._rest += part
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def _written(self, claims: int) -> Any:
        head = text().partition("CLP*")[0].replace("287.60", f"{claims * 60}.00")
        yield head
        for number in range(claims):
            yield f"CLP*{number}*1*100*60*30*12*P{number}~SVC*AD:D1110*100*60~CAS*CO*45*10~CAS*PR*2*30~"
        segments = head.count("~") - 2 + claims * 4 + 1
        yield f"SE*{segments}*0001~GE*1*417~IEA*1*000000417~"


@pytest.mark.parametrize(
    "amount",
    [
        "1_00",
        "\u0661\u0660\u0660",
        "7\u0660",
        "1,00",
        "1e2",
        "+100",
        " 100",
        "100-",
        "--1",
        "1.0.0",
        ".",
        "-",
        "1234567890123456",
        "1.00001",
    ],
)
@pytest.mark.parametrize(
    ("was", "place"),
    [
        ("CLP*INV-2026-000117*1*{}*", "CLP03"),
        ("CLP*INV-2026-000117*1*256.00*{}*", "CLP04"),
        ("SVC*AD:D0120*62.50*{}*", "SVC03"),
        ("CAS*CO*45*{}~", "CAS03"),
        ("AMT*B6*{}~", "AMT02"),
        ("PLB*1234567893*20261231*WO:HDM0009*{}*", "PLB04"),
        ("BPR*I*{}*C", "BPR02"),
    ],
)
def test_an_amount_is_written_in_digits_with_one_point_or_is_refused(amount: str, was: str, place: str) -> None:
    """MON-1: `1_00` and digits of other scripts were taken for numbers."""
    head, tail = was.split("{}")
    before, _, rest = text().partition(head)
    spoilt = before + head + amount + tail + rest.partition(tail)[2]
    with pytest.raises(Malformed, match=f"{place} .* is no amount"):
        read(spoilt)


@pytest.mark.parametrize(
    ("written", "value"), [("70", "70"), ("70.", "70"), ("0070.00", "70"), (".5", "0.5"), ("-0.50", "-0.5")]
)
def test_an_amount_may_be_written_as_the_standard_allows(written: str, value: str) -> None:
    found = read(text().replace("AMT*B6*62.50", f"AMT*B6*{written}"))
    assert found[0][1].lines[0].allowed == Decimal(value)


def test_what_the_insurer_takes_is_below_zero() -> None:
    """A debit (BPR03 D), or an amount below zero, is what it is."""
    taken = text().replace("CLP*INV-2026-000117*1*256.00*200.10", "CLP*INV-2026-000117*1*256.00*-112.50")
    for head in ("BPR*I*25.00*D", "BPR*I*-25.00*D", "BPR*I*-25.00*C"):
        remittance = next(one for one, claim in read(taken.replace("BPR*I*287.60*C", head)) if claim is None)
        assert remittance.amount == Decimal("-25.00")


def test_a_code_that_the_payer_changed_is_the_one_that_was_claimed() -> None:
    changed = text().replace("SVC*AD:D2392*193.50*137.60**1~", "SVC*AD:D2140*193.50*137.60**1*AD:D2392~")
    assert read(changed)[0][1].lines[1].code == "D2392"


def test_the_group_that_an_older_version_has_for_corrections_is_read_by_its_reason() -> None:
    older = text().replace("CAS*CO*45*-10.00", "CAS*CR*45*-10.00").replace("CAS*PR*2*-5.00", "CAS*CR*2*-4.00**97*-1.00")
    reversal = read(older)[2][1]
    assert [(adjustment.group, str(adjustment.amount)) for adjustment in reversal.lines[0].adjustments] == [
        ("CO", "-10.00"),
        ("PR", "-4.00"),
        ("OA", "-1.00"),
    ]


def test_the_payers_identifier_is_that_of_its_name_else_of_its_references() -> None:
    def identifier(given: str) -> str:
        return str(read(given)[0][0].payer_identifier)

    assert identifier(text()) == "66001"
    named = text().replace("N1*PR*Harbor Dental Mutual*XV*66001", "N1*PR*Harbor Dental Mutual")
    assert identifier(named) == ""
    assert identifier(named.replace("N4*Boston*MA*02110", "REF*2U*660-02")) == "660-02"
    assert identifier(named.replace("N4*Springfield*MA*01105", "REF*2U*other")) == ""
