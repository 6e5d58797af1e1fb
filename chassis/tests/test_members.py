"""Members are copied by name between dataclasses, models and tables."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from chassis.members import Members, names_of
from pydantic import BaseModel
from sqlalchemy import Column, Integer, MetaData, Table, Text


@dataclass(frozen=True, slots=True)
class Noun:
    id: int
    tooth: str
    price: int


class Body(BaseModel):
    tooth: str
    price: str
    note: str | None = None


TABLE = Table("nouns", MetaData(), Column("id", Integer), Column("tooth", Text), Column("price_minor", Integer))


def test_names_are_those_of_a_dataclass_of_a_model_and_of_a_table() -> None:
    assert [names_of(one) for one in (Noun, Body, TABLE)] == [
        ("id", "tooth", "price"),
        ("tooth", "price", "note"),
        ("id", "tooth", "price_minor"),
    ]


def test_what_all_have_is_copied_and_nothing_else() -> None:
    noun = Noun(7, "14", 9_500)
    assert Members(Noun, TABLE).of(noun) == {"id": 7, "tooth": "14"}
    assert Members(Body, Noun, without=["price"]).of(noun) == {"tooth": "14"}
    assert Members(Noun, Body, TABLE).names == ("tooth",)


def test_what_is_left_out_is_one_that_all_have() -> None:
    with pytest.raises(KeyError, match="note"):
        Members(Noun, Body, without=["note"])
