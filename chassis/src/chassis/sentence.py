"""What is wrong with something, in English, so that it can be said in another language, too (`ALL-2`)."""

from __future__ import annotations

import json
from typing import Any, Self


class Sentence(str):
    """A text with values in it: `form` is what it is known by (`is above {le}`), `values` are what stands in it.

    A text without values is its own form, so it needs none of this.
    """

    __slots__ = ("form", "values")

    form: str
    values: dict[str, Any]

    def __new__(cls, form: str, /, **values: Any) -> Self:
        """The text, in which each `{name}` of the form is a value."""
        text = super().__new__(cls, form.format_map(values))
        text.form, text.values = form, values
        return text

    @staticmethod
    def as_json(error: BaseException) -> str:
        """What an error says, for another process (`of_json`)."""
        said = Sentence.of(error)
        return json.dumps([said.form, said.values] if isinstance(said, Sentence) else [said, {}])

    @classmethod
    def of_json(cls, said: bytes) -> str:
        """What an error of another process said."""
        form, values = json.loads(said)
        return cls(form, **values) if values else str(form)

    @classmethod
    def of(cls, error: BaseException) -> str:
        """What an error says: its sentence, where it was raised with one, else its text."""
        return error.args[0] if error.args and isinstance(error.args[0], cls) else str(error)
