"""Files that payers write less tidily: read for what they say, or refused by segment and element (INS-3, INS-9)."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from remittances.interchanges import CLEANED, CONTROLS, LINE_ENDS
from remittances.problems import Malformed, Unbalanced
from remittances.reading import read_remittances
from remittances.remittance import Claim, Remittance

from chassis import typed

ENVELOPE = "ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLINIC         *260401*1200*^*00501*000000001*0*P*:~"
GROUP = "GS*HP*PAYER*CLINIC*20260401*1200*{number}*X*005010X221A1~"
CLAIM = ("CLP*INV-1*1*100*70*10*12*D1", "SVC*AD:D1110*100*70", "CAS*CO*45*20", "CAS*PR*2*10")


def remittance(number: int, *segments: str, amount: str = "70", day: str = "20260401", lx: bool = True) -> str:
    """One ST of these segments, counted."""
    head = [
        f"ST*835*{number:04}",
        f"BPR*I*{amount}*C*ACH************{day}",
        f"TRN*1*EFT-{number}*1123456789",
        "N1*PR*Delta*XV*66001",
        "N1*PE*Clinic*XX*1234567893",
        *(["LX*1"] if lx else []),
    ]
    all_ = [*head, *segments]
    return "".join(f"{one}~" for one in [*all_, f"SE*{len(all_) + 1}*{number:04}"])


def file_of(*groups: Sequence[str]) -> str:
    """An interchange of groups of remittances."""
    text = ENVELOPE
    for number, sets in enumerate(groups, start=1):
        text += GROUP.format(number=number) + "".join(sets) + f"GE*{len(sets)}*{number}~"
    return f"{text}IEA*{len(groups)}*000000001~"


def read(text: str) -> list[tuple[Remittance, Claim | None]]:
    return list(read_remittances(io.StringIO(text)))


def claims_of(*segments: str, amount: str = "70", **more: Any) -> list[Claim]:
    return [claim for _, claim in read(file_of([remittance(1, *segments, amount=amount, **more)])) if claim]


def refused(*segments: str, said: str, amount: str = "70", **more: Any) -> None:
    with pytest.raises((Malformed, Unbalanced), match=said):
        claims_of(*segments, amount=amount, **more)


UNSEEN = ("\xa0", "\u3000", "\xad", "\u200b", "\u3164", " \u2003\u200f")


def test_what_nobody_sees_is_here_what_it_is_to_the_services() -> None:
    """ALL-2: what a file is read to say is what payments takes; the importer has no part of the chassis's."""
    everything = [chr(one) for one in range(sys.maxunicode + 1)]
    unseen = {one for one in everything if re.match(typed.UNSEEN, one)}
    blank = {one for one in everything if re.match(typed.SPACES, one)}
    assert {one for one, said in CLEANED.items() if not said} == unseen | set(LINE_ENDS)
    assert {one for one, said in CLEANED.items() if said == " "} == (blank | set(CONTROLS)) - {" ", *LINE_ENDS}


def test_what_nobody_sees_says_nothing() -> None:
    """ALL-2: a transfer by nobody, or of no number, was announced, and then neither booked nor told from another."""
    for unseen in UNSEEN:
        text = file_of([remittance(1, *CLAIM, f"PLB*1*20261231*WO:{unseen}*-1", amount="71")])
        for was, said in (
            ("N1*PR*Delta*", r"segment 6 \(N1\): N102 is missing"),
            ("TRN*1*EFT-1*", r"segment 5 \(TRN\): TRN02 is missing"),
            ("CLP*INV-1*", r"segment 9 \(CLP\): CLP01 is missing"),
        ):
            blank = f"{was[:-1].rpartition('*')[0]}*{unseen}*"
            with pytest.raises(Malformed, match=said):
                read(text.replace(was, blank))
        around = text.replace("*Delta*", f"*{unseen}Delta*").replace("D1110", f"D1110{unseen}")
        ((one, claim), _) = read(around.replace("*INV-1*", f"*INV-1{unseen}*").replace("*70*10*", f"*70{unseen}*10*"))
        assert claim is not None
        assert (one.payer_name.strip(), claim.patient_control_number, claim.lines[0].code) == (
            "Delta",
            "INV-1",
            "D1110",
        )
        assert [adjustment.name for adjustment in one.provider_adjustments] == ["PLB WO"]


def test_several_sets_in_several_groups_of_one_interchange_are_remittances_each() -> None:
    found = read(file_of([remittance(1, *CLAIM), remittance(2, *CLAIM)], [remittance(3, *CLAIM)]))
    assert [one.reference for one, claim in found if claim is None] == ["EFT-1", "EFT-2", "EFT-3"]
    assert [one.place for one, claim in found if claim] == [1, 2, 3]


@pytest.mark.parametrize(("element", "component", "end"), ["|>\n", "!;'", "\x1d\x1f\x1c", "^:~", "+,`"])
def test_any_separators_that_isa_declares_are_those_of_the_file(element: str, component: str, end: str) -> None:
    text = file_of([remittance(1, *CLAIM, "PLB*1*20261231*WO:OLD*-1", amount="71")])
    swapped = text.replace("*^*", "*U*").replace("*", element).replace(":", component).replace("~", end)
    (first, claim), (whole, _) = read(swapped)
    assert (claim.lines[0].code if claim else "", first.amount) == ("D1110", Decimal(71))
    assert [(adjustment.reason_code, adjustment.reference) for adjustment in whole.provider_adjustments] == [
        ("WO", "OLD")
    ]


def test_a_line_reference_counts_for_its_line_wherever_it_stands_in_it_and_nowhere_else() -> None:
    found = claims_of(
        CLAIM[0].replace("100*70*10", "200*140*20"),
        "REF*6R*9",
        "REF*1L*GROUP",
        "SVC*AD:D1110*100*70",
        "REF*6R*1",
        "CAS*CO*45*20",
        "CAS*PR*2*10",
        "AMT*B6*80",
        "SVC*AD:D0140*100*70",
        "DTM*472*20260320",
        "CAS*CO*45*20",
        "CAS*PR*2*10",
        "LQ*HE*N435",
        "REF*6R*2",
        "LX*2",
        "REF*6R*8",
        amount="140",
    )
    assert [(line.code, line.reference) for line in found[0].lines] == [("D1110", "1"), ("D0140", "2")]


def test_a_line_that_names_two_lines_is_refused() -> None:
    refused(*CLAIM, "REF*6R*1", "REF*6R*2", said=r"segment 14 \(REF\): REF02 '2' is another line than '1' before")
    assert claims_of(*CLAIM, "REF*6R*1", "REF*6R*1")[0].lines[0].reference == "1"


def test_bundled_and_unbundled_services_are_those_that_were_claimed() -> None:
    """What the payer decided on is SVC01, what was claimed is SVC06 (one code for two lines; two codes for one)."""
    found = claims_of(
        "CLP*INV-1*1*300*180*20*12*D1",
        "SVC*AD:D0150*100*120***AD:D0120",
        "CAS*OA*94*-100",
        "CAS*CO*45*60",
        "CAS*PR*2*20",
        "SVC*AD:D0150*100*0***AD:D0140",
        "CAS*CO*97*100",
        "SVC*AD:D7111*60*40***AD:D7140",
        "CAS*CO*45*20",
        "SVC*AD:D7210:TG*40*20***AD:D7140:TG",
        "CAS*CO*45*20",
        amount="180",
    )
    assert [line.code for line in found[0].lines] == ["D0120", "D0140", "D7140", "D7140"]
    assert found[0].balances


@pytest.mark.parametrize("written", ["AD", "AD:", ":D1110:", "AD::TG"])
def test_a_service_has_a_code(written: str) -> None:
    if written == ":D1110:":
        assert claims_of(CLAIM[0], f"SVC*{written}*100*70", *CLAIM[2:])[0].lines[0].code == "D1110"
    else:
        refused(CLAIM[0], f"SVC*{written}*100*70", *CLAIM[2:], said=r"segment 10 \(SVC\): SVC01 .* has no code")


@pytest.mark.parametrize(
    ("status", "turn", "decides"),
    [
        ("1", "primary", True),
        ("2", "secondary", True),
        ("3", "tertiary", True),
        ("4", None, True),
        ("19", "primary", True),
        ("20", "secondary", True),
        ("21", "tertiary", True),
        ("22", None, True),
        ("23", None, False),
        ("25", None, False),
        ("5", None, False),
    ],
)
def test_what_became_of_a_claim_says_in_which_turn_and_whether_it_decides(
    status: str, turn: str | None, *, decides: bool
) -> None:
    (found,) = claims_of(f"CLP*INV-1*{status}*100*0*0*12*D1", "SVC*AD:D1110*100*0", "CAS*OA*101*100", amount="0")
    assert (found.turn, found.decides) == (turn, decides)


def test_a_status_that_is_none_is_refused_and_so_is_a_predetermination_that_pays() -> None:
    refused(CLAIM[0].replace("*1*100", "*99*100"), *CLAIM[1:], said=r"segment 9 \(CLP\): CLP02 '99' is no claim status")
    refused(CLAIM[0].replace("*1*100", "*25*100"), *CLAIM[1:], said=r"segment 9 \(CLP\): CLP04 is not 0, but a predet")


def test_a_forwarded_claim_that_pays_all_the_same_is_decided() -> None:
    (found,) = claims_of(CLAIM[0].replace("*1*100", "*23*100"), *CLAIM[1:])
    assert found.decides


def test_an_adjustment_segment_has_six_reasons_and_no_seventh() -> None:
    six = "CAS*CO*45*1**253*2**97*3**144*4**161*5**237*5"
    assert len(claims_of(CLAIM[0], CLAIM[1], six, CLAIM[3])[0].lines[0].adjustments) == 7
    refused(CLAIM[0], CLAIM[1], f"{six}**96*0", CLAIM[3], said=r"segment 11 \(CAS\): CAS20 is one too many")


def test_adjustments_of_the_claim_stand_beside_those_of_its_lines() -> None:
    (found,) = claims_of(
        "CLP*INV-1*1*100*60*20*12*D1",
        "CAS*PR*1*10",
        "MOA***MA01",
        "AMT*AU*80",
        "AMT*I*2",
        *CLAIM[1:],
        amount="60",
    )
    assert found.balances
    assert [(adjustment.group, adjustment.amount) for adjustment in found.adjustments] == [("PR", Decimal(10))]


def test_a_line_below_zero_in_a_claim_above_is_read_as_it_is() -> None:
    (found,) = claims_of(
        "CLP*INV-1*1*60*40*10*12*D1",
        "SVC*AD:D1110*100*70",
        *CLAIM[2:],
        "SVC*AD:D0140*-40*-30",
        "CAS*CO*45*-10",
        amount="40",
    )
    assert (found.balances, found.lines[1].paid) == (True, Decimal(-30))


def test_without_the_header_number_it_is_read_and_without_the_trace_number_it_is_not() -> None:
    assert len(claims_of(*CLAIM, lx=False)) == 1
    text = file_of([remittance(1, *CLAIM).replace("TRN*1*EFT-1*1123456789~", "").replace("SE*11", "SE*10")])
    with pytest.raises(Malformed, match=r"segment 8 \(CLP\): the transfer's reference \(TRN\) is missing before"):
        read(text)


def test_provider_adjustments_have_up_to_six_reasons_in_a_segment_and_several_segments() -> None:
    six = "PLB*1*20261231*WO:OLD*50*FB:NEXT*-20*L6*-1.50*72:A:B*3*CS*-1*J1:X*2"
    found = read(file_of([remittance(1, *CLAIM, six, "PLB*1*20261231*cs:lower*-5", amount="42.50")]))
    assert [
        (adjustment.reason_code, adjustment.reference, adjustment.amount)
        for adjustment in found[-1][0].provider_adjustments
    ] == [
        ("WO", "OLD", Decimal(50)),
        ("FB", "NEXT", Decimal(-20)),
        ("L6", "", Decimal("-1.50")),
        ("72", "A:B", Decimal(3)),
        ("CS", "", Decimal(-1)),
        ("J1", "X", Decimal(2)),
        ("CS", "lower", Decimal(-5)),
    ]


@pytest.mark.parametrize(
    ("plb", "said"),
    [
        ("PLB*1*20261231", "PLB03 is missing"),
        ("PLB*1*20261231*WO:OLD", "PLB04 is missing: an amount"),
        ("PLB*1*20261231*WO:OLD*5**7", "PLB05 is missing; provider adjustments are reason and amount, in pairs"),
        ("PLB*1*20261231*WO:OLD*5*12.50", "PLB05 '12.50' is no reason code, such as WO"),
        ("PLB*1*20261231*OVER:OLD*5", "PLB03 'OVER' is no reason code"),
        ("PLB*1*20261231*WO*1*WO*1*WO*1*WO*1*WO*1*WO*1*WO*1", "PLB15 is one too many: a PLB has six reasons"),
    ],
)
def test_a_provider_adjustment_that_is_none_is_refused_and_never_passed_over(plb: str, said: str) -> None:
    refused(*CLAIM, plb, said=rf"segment 13 \(PLB\): {said}")


@pytest.mark.parametrize("day", ["19891231", "19500101"])
def test_a_transfer_from_before_money_is_recorded_is_refused(day: str) -> None:
    refused(*CLAIM, day=day, said=rf"segment 4 \(BPR\): BPR16 '{day}' is before 1990")
    assert len(claims_of(*CLAIM, day="19900101")) == 1


def test_a_transfer_that_only_withholds_has_no_claim() -> None:
    ((found, claim),) = read(file_of([remittance(1, "PLB*1*20261231*WO:OLD*50", amount="-50", lx=False)]))
    assert (claim, found.amount, found.withheld) == (None, Decimal(-50), Decimal(50))
