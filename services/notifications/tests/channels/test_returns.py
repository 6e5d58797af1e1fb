"""What comes back to a message's own address: reports of failures, and all else that people and machines write."""

from __future__ import annotations

import pytest
from chassis.identifiers import new_id
from notifications.channels.email.returns import PURPOSE, ReturnAddresses, bounce_in
from notifications.channels.tokens import Tokens
from notifications.domain.bounce import Bounce
from reports import report

pytestmark = pytest.mark.rule("NOT-8.2")

KEY = "k" * 32
RETURNS = ReturnAddresses("bounces@dental.example", Tokens(PURPOSE, KEY))
MESSAGE = new_id()


def test_each_message_has_an_address_that_leads_back_to_it() -> None:
    address = RETURNS.address_of(MESSAGE)
    assert address.endswith("@dental.example")
    assert len(address.partition("@")[0]) <= 64
    assert RETURNS.message_in(f"<{address}>") == RETURNS.message_in(address.upper()) == MESSAGE


@pytest.mark.parametrize(
    ("status", "said", "found"),
    [
        ("5.1.1", "smtp; 550 5.1.1 no such user", "5.1.1"),
        ("5.0.0", "smtp; 550 5.1.1 no such user", "5.1.1"),
        ("5.0.0", "smtp; 550 no", "5.0.0"),
        ("5.2.2", "smtp; 552 5.2.2 full", "5.2.2"),
        ("", "smtp; 550 5.1.1 no such user", "5.1.1"),
    ],
)
def test_a_report_says_which_message_and_why(status: str, said: str, found: str | None) -> None:
    mail = report(RETURNS.address_of(MESSAGE), status, said)
    assert bounce_in(mail, RETURNS) == Bounce(MESSAGE, found or "")


def test_a_report_that_was_sent_on_still_names_the_address_in_what_it_returns() -> None:
    mail = report("postmaster@dental.example", "5.1.1", returned=RETURNS.address_of(MESSAGE))
    assert bounce_in(mail, RETURNS) == Bounce(MESSAGE, "5.1.1")


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\xff\xfe\0",
        report(RETURNS.address_of(MESSAGE), "4.4.1", action="delayed"),
        report(RETURNS.address_of(MESSAGE), "2.0.0", action="delivered"),
        f"To: {RETURNS.address_of(MESSAGE)}\r\nSubject: Out of office\r\n\r\nAction: failed 5.1.1\r\n".encode(),
        report("bounces@dental.example", "5.1.1"),
        report(ReturnAddresses("bounces@dental.example", Tokens(PURPOSE, "x" * 32)).address_of(MESSAGE), "5.1.1"),
        report(ReturnAddresses("bounces@dental.example", Tokens("other", KEY)).address_of(MESSAGE), "5.1.1"),
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\nContent-Type: multipart/mixed\r\n\r\n" * 3_000,
    ],
    ids=["empty", "bytes", "delayed", "delivered", "absent", "nobody's", "another key", "another purpose", "nested"],
)
def test_whatever_else_comes_there_is_no_bounce(mail: bytes) -> None:
    assert bounce_in(mail, RETURNS) is None
