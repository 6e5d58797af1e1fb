"""What a round of faults came to, as Markdown."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from nemesis import Fault

SHOWN_MAX = 100
OF_A_KIND_MAX = 5
_NUMBERED = re.compile(r"[0-9a-f-]*[0-9][0-9a-f.,-]*")


@dataclass(frozen=True)
class Round:
    """One round: what was drawn, what was asked for, what was done to everything, and what is wrong afterwards."""

    seed: int
    minutes: float
    clerks: int
    faults: Sequence[Fault]
    told: Counter[str]
    """How many changes clients asked for, by what they were told."""
    visits: int
    rested: float
    """Seconds until nothing was under way any more."""
    wrong: Sequence[str]


def report(played: Round) -> str:
    """The round in words and a table; the command that repeats it."""
    minutes = played.minutes
    told = ", ".join(f"{count:,} {what}" for what, count in sorted(played.told.items()))
    verdict = "nothing lost, nothing doubled" if not played.wrong else f"{len(played.wrong)} THINGS WRONG"
    lines = [
        f"### Seed {played.seed}: {len(played.faults)} faults in {minutes:g} minutes, {verdict}",
        "",
        f'`make faults ARGS="--minutes {minutes:g} --seed {played.seed} --clerks {played.clerks}"`',
        "",
        (
            f"{played.told.total():,} changes asked for ({told}), {played.visits:,} visits; at rest after "
            f"{played.rested:.0f} s."
        ),
        "",
        "| fault | times | everything ready again after, median | longest |",
        "|---|---|---|---|",
        *_rows(played.faults),
        "",
        *_wrongs(played.wrong),
    ]
    return "\n".join(lines)


def _wrongs(wrong: Sequence[str]) -> list[str]:
    """What is wrong, by kind: those that differ by a number or an id only are one kind, of which some are shown."""
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for one in wrong:
        kinds[_NUMBERED.sub("…", one)].append(one)
    lines: list[str] = []
    for kind in kinds.values():
        lines += [f"- WRONG: {one}" for one in kind[:OF_A_KIND_MAX]]
        if more := kind[OF_A_KIND_MAX:]:
            lines.append(f"- and {len(more)} more of this kind")
    return [*lines[:SHOWN_MAX], *([f"- and {len(lines) - SHOWN_MAX} more lines"] if lines[SHOWN_MAX:] else [])]


def _rows(faults: Sequence[Fault]) -> list[str]:
    by_kind: defaultdict[str, list[float]] = defaultdict(list)
    for fault in faults:
        by_kind[fault.kind].append(float("inf") if fault.recovered is None else fault.recovered)
    return [
        f"| {kind} | {len(seconds)} | {median(seconds):.1f} s | {max(seconds):.1f} s |"
        for kind, seconds in sorted(by_kind.items())
    ]
