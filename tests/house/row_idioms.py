"""In how many ways rows are written and read: each idiom with its places, counted in the syntax, not in the text."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence

from files import File

Places = Iterator[int]
Idiom = Callable[[File], Places]

_CORE = {"select", "insert", "update", "delete"}
_MANY = {"list", "Sequence", "Iterable"}


def arrays_by_unnest(file: File) -> Places:
    """One array a column, spelled out in the statement: `unnest(CAST(:ids AS uuid[]), …)`, `unnest($1::uuid[], …)`."""
    yield from _texts_with(file, "unnest(CAST(:", "unnest($")


def records_by_populate(file: File) -> Places:
    """One JSON document of rows with the columns of a table: `jsonb_populate_recordset(NULL::invoices, $1)`."""
    yield from _texts_with(file, "jsonb_populate_recordset(")


def records_by_columns(file: File) -> Places:
    """One JSON document of rows with columns spelled out beside it: `jsonb_to_recordset($1) AS r (id uuid, …)`.

    A stored column of JSON that is read as rows (`Rows.within`) is none.
    """
    yield from _texts_with(file, "jsonb_to_recordset(:", "jsonb_to_recordset($", "jsonb_to_recordset(CAST(:")


def core_statements(file: File) -> Places:
    """Statements built from declared tables: SQLAlchemy's `select`, `insert`, `update`, `delete`."""
    known = {
        alias.asname or alias.name
        for node in file.nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
        if alias.name in _CORE
    }
    for node in file.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known:
            yield node.lineno


def positional_tuples(file: File) -> Places:
    """Rows by position, where a column is what stands at its place: functions that give or take `tuple[Any, …]`."""
    yield from _annotated(file, lambda node: _is_of_any(node, {"tuple"}))


def untyped_rows(file: File) -> Places:
    """Rows of which nobody knows the columns: functions that give or take `Row[Any]`, `list[Any]`, `Sequence[Any]`."""
    yield from _annotated(file, lambda node: _is_of_any(node, {"Row", "RowMapping", *_MANY}))


WRITING: Mapping[str, Idiom] = {
    "unnest of arrays": arrays_by_unnest,
    "jsonb_populate_recordset": records_by_populate,
    "jsonb_to_recordset": records_by_columns,
    "Core": core_statements,
    "positional tuples": positional_tuples,
}
READING: Mapping[str, Idiom] = {"Row[Any], list[Any]": untyped_rows}
IDIOMS = {**WRITING, **READING}


def places_of(idiom: Idiom, files: Sequence[File]) -> list[str]:
    """Where an idiom is used, as `path:line`."""
    return [f"{file.path}:{line}" for file in files for line in sorted(idiom(file))]


def _texts_with(file: File, *parts: str) -> Places:
    yield from (line for line, text in file.texts if any(part in text for part in parts))


def _annotated(file: File, is_meant: Callable[[ast.AST], bool]) -> Places:
    for node in file.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            annotations = [node.returns, *(argument.annotation for argument in arguments)]
            if any(
                is_meant(part) for annotation in annotations if annotation is not None for part in ast.walk(annotation)
            ):
                yield node.lineno


def _is_of_any(node: ast.AST, names: set[str]) -> bool:
    """`list[Any]`, `tuple[Any, ...]`: one of these, of Any."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name) or node.value.id not in names:
        return False
    first = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
    return isinstance(first, ast.Name) and first.id == "Any"
