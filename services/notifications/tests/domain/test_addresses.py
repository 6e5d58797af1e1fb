"""Which addresses can never be mailed, and how one is written on the wire (`NOT-8.1`)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notifications.domain.addresses import Unmailable, is_mailable, wire_address


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("zoe@example.org", "zoe@example.org"),
        (" zoe@example.org ", "zoe@example.org"),
        ("jörg@köln.example", "jörg@xn--kln-sna.example"),
        ("jörg@KÖLN.Example", "jörg@xn--kln-sna.example"),
        ("a@strauß.example", "a@xn--strau-pqa.example"),
        ("a@βόλος.example", "a@xn--nxasmm1c.example"),
        ("a@my_host。köln.example", "a@my_host.xn--kln-sna.example"),
        ("zoe+bills@mail.example", "zoe+bills@mail.example"),
        ("root@localhost", "root@localhost"),
        ("a" * 64 + "@" + "b" * 63 + ".org", "a" * 64 + "@" + "b" * 63 + ".org"),
    ],
)
def test_an_address_is_written_with_its_domain_as_dns_has_it(address: str, wire: str) -> None:
    """By the rule of 2008: by the one before, the letters \u00df and final sigma lead to a stranger's domain."""
    assert wire_address(address) == wire


@pytest.mark.rule("NOT-8.1", "NOT-8.8")
@pytest.mark.parametrize(
    "address",
    [
        "",
        "justaword",
        "@c.example",
        "a@b@c.example",
        "@",
        "a@",
        "a@.example",
        "a@b..example",
        "a@-b.example",
        "a@b-.example",
        "a@b.example.",
        "a@[192.0.2.1]",
        "a@b_ü\u202e.example",
        "a@☕.example",
        "a@xn--ß.example",
        "a" * 65 + "@b.example",
        "ü" * 33 + "@b.example",
        "a@" + "b" * 64 + ".example",
        "a@" + "ü" * 64 + ".example",
        "a@" + ".".join(["b" * 50] * 6),
        "a@b\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "a\u202eb@c.example",
        "a\x7fb@c.example",
        "jane@gmail",
        "root@localhost",
        "jane@gmail.c",
        "jane@192.0.2.1",
    ],
)
def test_what_no_server_could_be_asked_to_deliver_to_can_never_be_mailed(address: str) -> None:
    assert not is_mailable(address)


def refusal_of(address: str) -> str | None:
    try:
        wire_address(address)
    except Unmailable as unmailable:
        return str(unmailable)
    return None


@given(address=st.text(max_size=80) | st.builds("{}@{}".format, st.text(max_size=20), st.text(max_size=40)))
def test_any_text_is_an_address_or_is_none(address: str) -> None:
    """It is never more than one line, one address or one header, and its error does not repeat it (ALL-6)."""
    if said := refusal_of(address):
        assert (is_mailable(address), said) == (False, "the address can never be mailed")
        return
    wire = wire_address(address)
    assert wire.count("@") == 1
    assert wire.isprintable()
    assert not set(wire) & set(' ,;:<>()[]\\"')
