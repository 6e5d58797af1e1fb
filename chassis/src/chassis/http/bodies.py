"""What every body of a request, and every body of a response, has in common."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict

Body = TypeVar("Body", bound=BaseModel)


class RequestBody(BaseModel):
    """A request's body, or a part of it: members that are not known are refused, naming them (`ALL-2`)."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class ResponseBody(BaseModel):
    """A response's body, or a part of it."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    @classmethod
    def named(cls, source: object, **others: Any) -> Self:
        """The body with these members, and of the rest what the source has by their names, right as it is.

        Raises AttributeError for a member that neither has.
        """
        return as_it_is(cls, source, **others)

    @classmethod
    def built(cls, members: dict[str, Any]) -> Self:
        """The body of all its members, right as they are: of hundreds of lines, validating is most of the time."""
        made = cls.__new__(cls)
        object.__setattr__(made, "__dict__", members)
        object.__setattr__(made, "__pydantic_fields_set__", set(members))
        object.__setattr__(made, "__pydantic_extra__", None)
        object.__setattr__(made, "__pydantic_private__", None)
        return made


def as_it_is(model: type[Body], source: object, **others: Any) -> Body:
    """A body that says what is kept, though nobody could give it so any more: what refuses it now came later.

    Raises AttributeError for a member that neither `source` nor `others` has.
    """
    rest = {name: getattr(source, name) for name in model.model_fields if name not in others}
    return model.model_construct(**others, **rest)
