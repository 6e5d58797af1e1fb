"""A clinic's own templates and texts, as they come in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from chassis.http import NOT_BLANK, FieldRefused, RequestBody
from chassis.http.patterns import pattern
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from receipts.documents.catalogs.own_texts import refusal_of
from receipts.documents.render.kinds import Templated
from receipts.domain.own_templates import OwnTemplates

LARGEST_TEMPLATE = 32_768
MOST_TEXTS = 200
Template = Annotated[str, StringConstraints(min_length=1, max_length=LARGEST_TEMPLATE, pattern=NOT_BLANK)]
"""Jinja: begins with `{% extends "receipt.html" %}`, the name of the system's, and fills its blocks."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=NOT_BLANK)]
TWO_LETTERS = pattern("^[a-z]{2}$", "is not a language's two letters such as de")
Language = Annotated[str, StringConstraints(pattern=TWO_LETTERS)]
Name = Annotated[
    str, StringConstraints(pattern=pattern("^[a-z_0-9]{1,60}$", "is not the name of a text such as thanks"))
]
Texts = dict[Language, Annotated[dict[Name, Text], Field(max_length=MOST_TEXTS)]]
EXAMPLE: dict[str, Any] = {
    "templates": {"receipt": '{% extends "receipt.html" %}{% block end %}<p>{{ words.thanks }}</p>{% endblock %}'},
    "texts": {"en": {"thanks": "Thank you, and see you in half a year."}},
}
REASON = "our own farewell"


class DocumentTemplatesFields(BaseModel):
    """What takes the place of the system's; what is left out is as it comes with the system."""

    templates: Annotated[
        dict[Templated, Template], Field(description="By kind of document; `roll` is a receipt on the 80 mm roll.")
    ] = {}
    texts: Annotated[Texts, Field(description="By language and by name, with the places of the system's text.")] = {}

    def to_domain(self) -> OwnTemplates:
        """As the domain takes them."""
        return OwnTemplates(templates={kind: self.templates[kind] for kind in self.templates}, texts=self.texts)


def check_texts(texts: Mapping[str, Mapping[str, str]]) -> None:
    """Raises FieldRefused for the first that cannot take the place of the system's."""
    for language, of_language in texts.items():
        for name, text in of_language.items():
            if refusal := refusal_of(language, name, text):
                raise FieldRefused("texts", language, name, detail=refusal)


class DocumentTemplatesIn(DocumentTemplatesFields, RequestBody):
    """What the clinic has of its own from now on, and why; what is frozen keeps the version that it has."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE | {"reason": REASON}})

    reason: Annotated[
        str,
        Field(min_length=1, max_length=500, pattern=NOT_BLANK, description="Why; kept with the version (`ALL-5`)."),
    ]

    @model_validator(mode="after")
    def _texts_fit(self) -> Self:
        check_texts(self.texts)
        return self
