"""How long each kind of recovery took over all rounds: `python tests/faults/recoveries.py` writes it from the rounds.

The rounds that are kept in `docs/reliability.md` say it each for itself; its table over all of them is added up here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGINS, ENDS = "| fault, over all rounds |", "\n\n## Rounds"
_ROW = re.compile(r"^\| ([^|]+) \| (\d+) \| ([\d.]+|inf) s \| ([\d.]+|inf) s \|$", re.MULTILINE)


def over_all(document: str) -> str:
    """The table over all rounds of a document: how often, the medians of rounds from least to most, the longest."""
    times: defaultdict[str, int] = defaultdict(int)
    medians: defaultdict[str, list[float]] = defaultdict(list)
    longest: defaultdict[str, float] = defaultdict(float)
    for kind, count, median, most in _ROW.findall(document[document.index(ENDS) :]):
        times[kind] += int(count)
        medians[kind].append(float(median))
        longest[kind] = max(longest[kind], float(most))
    rows = [
        f"| {kind} | {times[kind]} | {min(medians[kind]):.1f} to {max(medians[kind]):.1f} s | {longest[kind]:.1f} s |"
        for kind in sorted(times, key=str.casefold)
    ]
    total = f"| all | {sum(times.values())} | | {max(longest.values()):.1f} s |"
    return "\n".join([f"{BEGINS} times | median, of rounds | longest |", "|---|---|---|---|", *rows, total])


def main() -> None:
    """Write the table anew."""
    document = DOCUMENT.read_text(encoding="utf-8")
    before, after = document[: document.index(BEGINS)], document[document.index(ENDS) :]
    DOCUMENT.write_text(before + over_all(document) + after, encoding="utf-8")


if __name__ == "__main__":
    main()
