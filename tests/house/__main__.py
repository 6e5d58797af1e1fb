"""Measure the house itself: `make house`, or `make house ARGS=rows` for every place of one part.

What one more field costs, in how many ways rows are written, how large it is, what has not its role's name yet, what
imports itself, what the rules say of themselves. The figures stand in docs/architecture.md, and tests keep what was
reached.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence

import anatomy
import circles
import member
import row_idioms
import rules as shown
from files import PACKAGES, SERVICES, files_of

SMALL_LINES = 30

Part = Callable[[], tuple[Sequence[str], Sequence[str]]]
"""What is measured: the lines that are always said, and the places behind them."""


def fields() -> tuple[Sequence[str], Sequence[str]]:
    """The files that one more field on an invoice line is edited in."""
    edited = member.edited_files()
    rooms = member.rooms_of(edited)
    said = f"{len(edited)} files in {len(rooms)} rooms for one more field on an invoice line, HTTP to event to PDF"
    return [f"{said} (`{member.MEMBER}`)"], edited


def rows() -> tuple[Sequence[str], Sequence[str]]:
    """The idioms of writing and reading rows."""
    files = files_of(*SERVICES, "chassis")
    places = {name: row_idioms.places_of(idiom, files) for name, idiom in row_idioms.IDIOMS.items()}
    writing = sum(bool(places[name]) for name in row_idioms.WRITING)
    lines = [f"{writing} idioms of writing rows"]
    lines += [
        f"  {name}: {len(found)} in {len({one.split(':')[0] for one in found})} files" for name, found in places.items()
    ]
    return lines, [f"{name}: {one}" for name, found in places.items() for one in found]


def sizes() -> tuple[Sequence[str], Sequence[str]]:
    """How much there is to read, and in how small pieces."""
    files = files_of(*PACKAGES)
    small = [file for file in files if file.lines <= SMALL_LINES and file.stem != "__init__"]
    consumers = [file for file in files if file.room == "consumers" and file.stem != "__init__"]
    lines = [
        f"{sum(file.lines for file in files):,} lines of source, {sum(file.code for file in files):,} of code",
        *(f"  {name}: {sum(file.code for file in files if file.package == name):,}" for name in PACKAGES),
        f"{len(small)} files of {SMALL_LINES} lines or fewer, {len(consumers)} files of consumers",
    ]
    return lines, [f"{file.lines} {file.path}" for file in small]


def roles() -> tuple[Sequence[str], Sequence[str]]:
    """What has not the name and the place of its role."""
    files = files_of(*SERVICES, "contracts")
    found = {name: sorted(role(files)) for name, role in anatomy.ROLES.items()}
    lines = [f"{sum(map(len, found.values()))} deviations from the same anatomy in four services"]
    lines += [f"  {name}: {len(deviating)}" for name, deviating in found.items() if deviating]
    return lines, [f"{name}: {one}" for name, deviating in found.items() for one in deviating]


def imports() -> tuple[Sequence[str], Sequence[str]]:
    """What imports itself by way of others."""
    found = circles.circles_of(files_of(*PACKAGES))
    return [f"{len(found)} import circles"], found


def rules() -> tuple[Sequence[str], Sequence[str]]:
    """The rules, sentence by sentence: built or not, and which tests show each."""
    text = shown.text_of_rules()
    stated, cited = shown.sentences(text), shown.citations()
    missing = [one for one in stated if one.missing]
    places = {one.number: [by.place for by in cited if by.sentence == one.number] for one in stated}
    by = len({one.place for one in cited})
    counted = f"{len(shown.rules(text))} rules of {len(stated)} sentences: {len(stated) - len(missing)} built"
    lines = [f"{counted}, shown by {by} tests, {len(missing)} not built"]
    lines += [f"  {one.number}: {one.missing}" for one in missing]
    return lines, [f"{one.number}: {', '.join(places[one.number]) or 'not built'}" for one in stated]


PARTS: Mapping[str, Part] = {part.__name__: part for part in (fields, rows, sizes, roles, imports, rules)}


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was asked for; always 0, as a measurement judges nothing."""
    parser = argparse.ArgumentParser(prog="make house", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, []], help="with every place; all parts without, by default"
    )
    asked = parser.parse_args(argv).parts
    for name in asked or PARTS:
        lines, places = PARTS[name]()
        print(*lines, *(f"    {place}" for place in (places if asked else ())), sep="\n")  # noqa: T201 - its output
    return 0


if __name__ == "__main__":
    sys.exit(main())
