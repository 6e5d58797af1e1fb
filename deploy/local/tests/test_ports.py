"""Ports: a given one that is taken is named, a remembered one is used again, others are found free."""

from __future__ import annotations

import socket

import pytest
from local_stack.ports import free_port, is_free, named_ports
from local_stack.trouble import CannotRun


def test_taken_port_is_named_with_what_it_was_meant_for() -> None:
    base = free_port()
    with socket.create_server(("127.0.0.1", base + 1)), pytest.raises(CannotRun, match=f"Port {base + 1}.*payments"):
        named_ports(["invoicing", "payments"], base=base, remembered={})


def test_ports_are_counted_up_from_a_given_base() -> None:
    base = free_port()
    assert named_ports(["invoicing", "payments"], base=base, remembered={}) == {"invoicing": base, "payments": base + 1}


def test_remembered_port_is_used_again_unless_it_is_taken() -> None:
    free, taken = free_port(), free_port()
    with socket.create_server(("127.0.0.1", taken)):
        ports = named_ports(["invoicing", "payments"], base=None, remembered={"invoicing": free, "payments": taken})
    assert ports["invoicing"] == free
    assert ports["payments"] != taken


def test_found_ports_are_free_and_different() -> None:
    ports = named_ports([str(number) for number in range(20)], base=None, remembered={})
    assert len(set(ports.values())) == 20
    assert all(is_free(port) for port in ports.values())
