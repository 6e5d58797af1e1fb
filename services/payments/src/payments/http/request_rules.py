"""What the members of a request say together, refused by the member that is at fault (`ALL-2`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.http import FieldRefused

from payments.domain.transaction import Method


def require_label(method: Method | None, label: str | None) -> None:
    """See that the method other has a label, and no other has one (`PAY-1`). Raises FieldRefused."""
    if method == "other" and label is None:
        raise FieldRefused("method_label", detail="the method other has a label")
    if method != "other" and label is not None:
        raise FieldRefused("method_label", detail="only the method other has a label")


def require_each_once(named: Sequence[UUID], list_name: str, *member: str) -> None:
    """See that nothing is named twice. Raises FieldRefused naming the place where something is named again."""
    for place, identifier in enumerate(named):
        if identifier in named[:place]:
            raise FieldRefused(list_name, place, *member, detail="is named twice")
