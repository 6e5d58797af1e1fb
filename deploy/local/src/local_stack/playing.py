"""The practice played into a stack: into one of its own (`demo`), or into the running one (`play`)."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

from local_stack import state
from local_stack.edge.people import PEOPLE
from local_stack.layout import Layout
from local_stack.looking import layout_of, set_aside_by, token
from local_stack.places import ROOT
from local_stack.supervisor import Stack
from local_stack.trouble import CannotRun


def demo(given: Path | None) -> int:
    """Start a fresh stack, play one clinic day, print what came out, stop. What it made stays to be looked at.

    Its workers do not stand back: what is watched is when all is done, receipts and mails too, on a busy machine.
    """
    home = (given or ROOT / ".local" / "demo").resolve()
    say = lambda line: print(line, flush=True)  # noqa: T201, E731 - a person watches
    stack = Stack(home, trace_ratio=0.05, stand_back=False, say=say)
    with state.lock(home):
        stack.erase()
        try:
            return asyncio.run(_demo(stack))
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None


def play(home: Path, data: Path, until: date | None, patients: int | None) -> int:
    """Play an extract into the stack that runs in `home`; 1 when a visit differs from its ledger."""
    from local_stack.practice.play import Asked
    from local_stack.practice.play import run as run_play

    if not data.is_dir():
        raise CannotRun(f"{data} is no folder; DATA names an extract, such as deploy/local/data/clinic-day.")
    look = partial(set_aside_by, home)
    return asyncio.run(run_play(layout_of(home).addresses(), Asked(data, until, patients), look=look))


def remittance(
    home: Path, file: Path, clinic_id: UUID, payer_id: UUID | None, *, books: bool = False, is_another: bool = False
) -> int:
    """Import an insurer's remittance file into the stack that runs in `home`; see `remittances.main`."""
    from remittances.main import Booking
    from remittances.main import run as import_remittance

    addresses = layout_of(home).addresses()
    scopes = {"invoices:read"} | ({"payments:read", "payments:write"} if books else set())
    own = token(home, clinic_id, frozenset(scopes), "system:insurance-claims", hours=1.0)
    booking = Booking(addresses.payments, own) if books else None
    where = (addresses.invoicing, addresses.kafka_bootstrap, own, payer_id)
    return asyncio.run(import_remittance(file, clinic_id, *where, booking=booking, is_another=is_another))


async def _demo(stack: Stack) -> int:
    from local_stack.practice.demo import run as run_demo

    whole = asyncio.current_task()
    if whole is not None:
        # As Ctrl-C does: what was started is stopped in order.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, whole.cancel)
    async with stack:
        # The catcher ends with the stack; its folder stays.
        addresses = replace(stack.layout.addresses(), mail=str(stack.home / "edge" / "mails"))
        code = await run_demo(addresses, stack.home / "receipts")
    for line in at_the_desk(stack.layout):
        stack.say(line)
    return code


def at_the_desk(layout: Layout) -> list[str]:
    """How the day that was played is worked with: the stack's data, ports and passwords stay, and start again."""
    home = layout.home.relative_to(ROOT) if layout.home.is_relative_to(ROOT) else layout.home
    return [
        "",
        f"To work with this day at the front desk: STACK_HOME={home} make up",
        f"  open        {layout.url('frontdesk')}",
        f"  sign in as  {', '.join(PEOPLE)}",
        f"  password    {layout.passwords['people']}",
    ]
