"""Members that two forms of one thing have by one name: a contract, a body, a noun, a table. They are copied by it.

What is called the same and is of another form there (an amount and minor units) is left out and said apart; a member
that two forms share needs no line anywhere. Tests name what a form leaves out, so that a new member is not forgotten.

    _SAME = Members(InvoiceLine, Line, without=["charges"])
    InvoiceLine(**_SAME.of(line), charges=…)
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, is_dataclass
from typing import Any


class Members:
    """The members that all of these kinds have: dataclasses, models, declared tables."""

    def __init__(self, *kinds: Any, without: Collection[str] = ()) -> None:
        """Raises KeyError for a member to be left out that not all of them have."""
        common = set.intersection(*(set(names_of(kind)) for kind in kinds))
        if unknown := set(without) - common:
            raise KeyError(*sorted(unknown))
        self.names = tuple(name for name in names_of(kinds[0]) if name in common and name not in without)

    def of(self, one: Any) -> dict[str, Any]:
        """These members of one of them, by name."""
        return {name: getattr(one, name) for name in self.names}


def names_of(kind: Any) -> tuple[str, ...]:
    """The members' names, in order: of a dataclass, of a model (`model_fields`), of a table (`columns`)."""
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind) if field.init)
    return tuple(kind.model_fields) if hasattr(kind, "model_fields") else tuple(kind.columns.keys())
