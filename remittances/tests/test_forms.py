"""Files as clearinghouses send them: whatever stands around the data, the same is read, or it is said what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from remittances.opening import open_text
from remittances.problems import Malformed
from remittances.reading import read_remittances
from remittances.surveying import Survey

FILE = Path(__file__).parent / "files" / "two-remittances.835"
CLINIC = UUID(int=7)


def plain() -> str:
    return FILE.read_text(encoding="ascii")


def one_line() -> str:
    return plain().replace("\n", "")


def wrapped(text: str, width: int = 80) -> str:
    """As older systems write it: lines of one length, wherever that cuts a segment."""
    return "".join(text[start : start + width] + "\r\n" for start in range(0, len(text), width))


def with_controls(text: str) -> str:
    return text.replace("~\n", "\x1c").replace("*", "\x1d").replace(":", "\x1f")


FORMS: dict[str, Callable[[], bytes]] = {
    "one line": lambda: one_line().encode(),
    "CR and LF": lambda: plain().replace("\n", "\r\n").encode(),
    "CR": lambda: plain().replace("\n", "\r").encode(),
    "a byte order mark": lambda: b"\xef\xbb\xbf" + plain().encode(),
    "UTF-16": lambda: plain().encode("utf-16"),
    "a line feed before": lambda: b"\n" + plain().encode(),
    "blanks and line ends before": lambda: b" \r\n\r\n\t" + plain().encode(),
    "CR and Ctrl-Z behind": lambda: plain().encode() + b"\r\x1a",
    "zero bytes behind": lambda: plain().encode() + b"\x00" * 300,
    "empty lines behind": lambda: plain().encode() + b"\r\n \r\n\n",
    "blanks behind every segment": lambda: plain().replace("~\n", "~   \n").encode(),
    "blanks before every segment": lambda: plain().replace("~\n", "~\n   ").encode(),
    "empty lines between": lambda: plain().replace("~\n", "~\n\n").encode(),
    "empty segments": lambda: plain().replace("~\n", "~\n~\n").encode(),
    "lines of 80 characters": lambda: wrapped(one_line()).encode(),
    "line feeds end segments": lambda: plain().replace("~", "").encode(),
    "CR and LF end segments": lambda: plain().replace("~\n", "\r\n").encode(),
    "line feeds end segments, but the last": lambda: plain().replace("~", "").rstrip("\n").encode(),
    "lines padded with blanks": lambda: plain().replace("~\n", "          \n").encode(),
    "control characters separate": lambda: with_controls(plain()).encode(),
    "other separators": lambda: plain().replace("*", "|").replace(":", ">").replace("~\n", "'\n").encode(),
    "a name in Latin-1": lambda: plain().replace("OKAFOR", "MÜLLER").encode("latin-1"),
    "a name in UTF-8": lambda: plain().replace("OKAFOR", "MÜLLER").encode(),
    "a byte order mark and Latin-1": lambda: b"\xef\xbb\xbf" + plain().replace("OKAFOR", "MÜLLER").encode("latin-1"),
}


def said(path: Path) -> list[Any]:
    survey = Survey(path, CLINIC)
    heads = [(remittance.id, remittance.content, remittance.remittance.payer_name) for remittance in survey.remittances]
    return [heads, [(told.decision_id, told.claim.paid, len(told.claim.lines)) for told in survey.claims()]]


@pytest.mark.parametrize("form", FORMS)
def test_the_same_is_read_however_a_clearinghouse_wrote_it_down(form: str, tmp_path: Path) -> None:
    path = tmp_path / "sent.835"
    path.write_bytes(FORMS[form]())
    assert said(path) == said(FILE)


def test_interchanges_that_are_in_one_file_are_read_each_with_its_own_separators(tmp_path: Path) -> None:
    """One control number twice is no matter: a remittance is known by what it is."""
    other = one_line().replace("*", "|").replace("~", "!").replace("HDM-20261124", "HDM-20261125")
    path = tmp_path / "both.835"
    path.write_bytes(plain().encode() + b"\x1a\n\xef\xbb\xbf" + other.encode())
    survey = Survey(path, CLINIC)
    assert [remittance.remittance.reference for remittance in survey.remittances] == [
        "HDM-20261124-7731",
        "HDM-20261124-7732",
        "HDM-20261125-7731",
        "HDM-20261125-7732",
    ]


@pytest.mark.parametrize("cut", [1, 2, 20, 40, 300, 2_000])
@pytest.mark.parametrize("form", ["one line", "line feeds end segments", "lines of 80 characters"])
def test_a_file_that_was_cut_off_is_refused_whole(form: str, cut: int, tmp_path: Path) -> None:
    whole = FORMS[form]().rstrip()
    path = tmp_path / "cut.835"
    path.write_bytes(whole[:-cut])
    with pytest.raises(Malformed):
        Survey(path, CLINIC)


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        (b"", "does not begin with 'ISA'"),
        (b"%PDF-1.7 \x00\xff", "does not begin with 'ISA'"),
        (b"ISA*00*", "ISA line is only 7 characters"),
        (plain().encode() + b"more", r"segment 67 \(ISA\): what follows the end of the interchange \(IEA\) is no"),
        (plain().replace("N3*100 Harbor", "N3*" + "x" * 9_000).encode(), "segment 9 .* is longer than 8192 characters"),
    ],
    ids=["nothing", "a PDF", "a piece", "more behind", "a long segment"],
)
def test_what_is_no_x12_is_refused_in_words(given: bytes, detail: str, tmp_path: Path) -> None:
    path = tmp_path / "no.835"
    path.write_bytes(given)
    with pytest.raises(Malformed, match=detail):
        Survey(path, CLINIC)


def test_a_control_character_within_a_name_is_a_blank(tmp_path: Path) -> None:
    """A zero byte would be refused by the database of whoever keeps the name."""
    path = tmp_path / "odd.835"
    path.write_bytes(plain().replace("Harbor Dental", "Harbor\x00Dental").encode())
    with open_text(path) as file:
        assert next(read_remittances(file))[0].payer_name == "Harbor Dental Mutual"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_a_name_is_read_in_the_encoding_that_it_was_written_in(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "named.835"
    path.write_bytes(plain().replace("Harbor Dental Mutual", "Prévoyance Zähne").encode(encoding))
    with open_text(path) as file:
        assert next(read_remittances(file))[0].payer_name == "Prévoyance Zähne"
