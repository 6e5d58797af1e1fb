"""What imports itself by way of others: among modules, and among the rooms of every package.

Imports for types alone count, too: who reads one of them has to know the other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from files import File

Graph = dict[str, set[str]]


def imports_of(files: Sequence[File]) -> Graph:
    """Who imports whom, of these files' modules."""
    modules = {file.module for file in files}
    return {file.module: set(_imported(file, modules)) - {file.module} for file in files}


def circles_of(files: Sequence[File]) -> list[str]:
    """Each circle of modules, and each of neighbours in a package that no circle of modules says already."""
    imports = imports_of(files)
    modules = _strong(imports)
    found = [_said(circle) for circle in modules]
    for package, graph in sorted(_among_neighbours(imports).items()):
        said = [{one.removeprefix(f"{package}.") for one in circle} for circle in modules]
        found += [
            f"in {package}: {_said(circle)}" for circle in _strong(graph) if not any(set(circle) <= one for one in said)
        ]
    return sorted(found)


def _said(circle: Sequence[str]) -> str:
    return " <-> ".join(sorted(circle))


def _imported(file: File, modules: set[str]) -> Iterator[str]:
    for node in file.nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules else node.module


def _among_neighbours(imports: Graph) -> Mapping[str, Graph]:
    """For every package, which of its own modules and packages import which others of it."""
    graphs: dict[str, Graph] = {}
    for importer, imported in imports.items():
        for one in imported:
            mine, theirs = importer.split("."), one.split(".")
            shared = next((at for at, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), None)
            if shared:
                graph = graphs.setdefault(".".join(mine[:shared]), {})
                graph.setdefault(mine[shared], set()).add(theirs[shared])
    return graphs


def _strong(graph: Graph) -> list[list[str]]:
    """The parts in which each reaches each (Tarjan), of two members and more."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            part = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            found.append(part)

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return [part for part in found if len(part) > 1]
