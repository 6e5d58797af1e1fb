"""The same role has the same place and the same name in all four services: each role, and what deviates from it.

A role is known by what a file does, never by what it is called; what is said of it is the name that it is to have.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from files import SERVICES, File

Role = Callable[[Sequence[File]], Iterator[str]]

_BODIES = ("_requests", "_responses")
_SQL = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\s")
_PYDANTIC = {"BaseModel", "Request", "RequestBody", "Answer", "ResponseBody"}


def routes(files: Sequence[File]) -> Iterator[str]:
    """Routes of a noun are in `http/<noun>.py`: the room says already that they are routes."""
    for file in _in(files, "http"):
        if file.stem.endswith("_routes"):
            yield f"{file.path}: is to be {file.stem.removesuffix('_routes')}.py or its plural"


def bodies(files: Sequence[File]) -> Iterator[str]:
    """Bodies are apart from routes: `http/<noun>_requests.py` what comes in, `<noun>_responses.py` what goes out."""
    for file in _in(files, "http"):
        apart = file.stem.endswith(_BODIES) and "\nrouter = " not in file.text  # `credit_requests` are a noun, too
        if not apart and any(_is_body(node) for node in file.tree.body):
            yield f"{file.path}: has bodies"


def problems(files: Sequence[File]) -> Iterator[str]:
    """What errors are answered with is in `http/problems.py`, as PROBLEMS."""
    for service in SERVICES:
        if "PROBLEMS" not in _assigned(files, f"{service}/http/problems.py"):
            yield f"{service}/http/problems.py: has no PROBLEMS"


def subscriptions(files: Sequence[File]) -> Iterator[str]:
    """What a service listens to is in `consumers/__init__.py`, as SUBSCRIPTIONS."""
    for service in SERVICES:
        if "SUBSCRIPTIONS" not in _assigned(files, f"{service}/consumers/__init__.py"):
            yield f"{service}/consumers/__init__.py: has no SUBSCRIPTIONS"


def handlers(files: Sequence[File]) -> Iterator[str]:
    """Who handles an event is `on_<event>`."""
    for file in _in(files, "consumers"):
        for node in file.nodes:
            if isinstance(node, ast.AsyncFunctionDef) and _takes_messages(node) and not node.name.startswith("on_"):
                yield f"{file.path}: {node.name}"


def announcing(files: Sequence[File]) -> Iterator[str]:
    """Who announces a fact is `announce_<fact>`, in `announcements.py` or its package."""
    for file in files:
        for node in file.tree.body:
            if (
                isinstance(node, ast.FunctionDef)
                and _announces(node)
                and not node.name.lstrip("_").startswith("announce")
            ):
                yield f"{file.path}: {node.name}"


def jobs(files: Sequence[File]) -> Iterator[str]:
    """A file of `jobs/` is named as what it does, a verb and its object: `announce_due_dates.py`."""
    for file in _in(files, "jobs"):
        public = {node.name for node in file.tree.body if isinstance(node, ast.AsyncFunctionDef)}
        if file.stem != "__init__" and "_" not in file.stem:
            yield f"{file.path}: does {', '.join(sorted(public)) or 'what a class of it does'}"


def settings(files: Sequence[File]) -> Iterator[str]:
    """What the environment tells a service is `settings.py`, `<Service>Settings`."""
    for service in SERVICES:
        if f"{service.title()}Settings" not in _classes(files, f"{service}/settings.py"):
            yield f"{service}/settings.py: has no {service.title()}Settings"


def tables(files: Sequence[File]) -> Iterator[str]:
    """The tables are declared in `persistence/tables.py`, or its package where they are many."""
    for service in SERVICES:
        if not any(file.module == f"{service}.persistence.tables" for file in files):
            yield f"{service}/persistence/tables.py: is not there"


def verbs(files: Sequence[File]) -> Iterator[str]:
    """No SQL in a verb: a use case calls the collections of `persistence/`."""
    for file in _in(files, "use_cases"):
        if any(_SQL.match(text) for _, text in file.texts):
            yield f"{file.path}: has SQL"


def nouns(files: Sequence[File]) -> Iterator[str]:
    """Nouns are in `domain/`: what a use case or a route has from `persistence/` is a collection, not a class."""
    kept = {
        (file.module, node.name)
        for file in _in(files, "persistence")
        for node in file.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }
    used = {
        (node.module, alias.name)
        for room in ("use_cases", "http", "consumers", "announcements")
        for file in _in(files, room)
        for node in file.nodes
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    yield from (f"{module.replace('.', '/')}.py: {name}" for module, name in sorted(kept & used))


def same_handling(files: Sequence[File]) -> Iterator[str]:
    """An event is handled in a file of one name in every service that subscribes to it, event by event."""
    types = dict(_event_types(files))
    places: dict[str, set[str]] = {}
    for file in files:
        if file.package in SERVICES and (file.stem == "app" or file.room == "consumers"):
            for event, stem in _subscribed(file):
                places.setdefault(types.get(event, event), set()).add(stem)
    for event, stems in sorted(places.items()):
        if len(stems) > 1:
            yield f"{event}: in {', '.join(f'{stem}.py' for stem in sorted(stems))}"


ROLES: Mapping[str, Role] = {
    role.__name__: role
    for role in (
        routes,
        bodies,
        problems,
        subscriptions,
        handlers,
        announcing,
        jobs,
        settings,
        tables,
        verbs,
        nouns,
        same_handling,
    )
}


def _in(files: Sequence[File], room: str) -> list[File]:
    return [file for file in files if file.package in SERVICES and file.room == room]


def _tree(files: Sequence[File], path: str) -> ast.Module:
    return next((file.tree for file in files if file.path == path), ast.Module([], []))


def _assigned(files: Sequence[File], path: str) -> set[str]:
    found = set()
    for node in _tree(files, path).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def _classes(files: Sequence[File], path: str) -> set[str]:
    return {node.name for node in _tree(files, path).body if isinstance(node, ast.ClassDef)}


def _is_body(node: ast.stmt) -> bool:
    return isinstance(node, ast.ClassDef) and any(
        isinstance(base, ast.Name) and base.id in _PYDANTIC for base in node.bases
    )


def _takes_messages(node: ast.AsyncFunctionDef) -> bool:
    """`(work: Work, messages: Sequence[Message])`, and nothing else: what a subscription calls."""
    annotations = [argument.annotation for argument in node.args.args]
    return [ast.unparse(annotation) for annotation in annotations if annotation is not None] == [
        "Work",
        "Sequence[Message]",
    ]


def _announces(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Call) and ast.unparse(node.func) == "work.announce" for node in ast.walk(function))


def _event_types(files: Sequence[File]) -> Iterator[tuple[str, str]]:
    """Each event's class, and the type that it has on the wire."""
    for file in files:
        if file.package != "contracts":
            continue
        for node in file.tree.body:
            for decorator in node.decorator_list if isinstance(node, ast.ClassDef) else ():
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "event":
                    yield node.name, str(ast.literal_eval(decorator.args[0]))  # type: ignore[attr-defined]


def _subscribed(file: File) -> Iterator[tuple[str, str]]:
    """What a table of handlers says: an event by its class or its type, and the file that its handler is in."""
    imported = {
        alias.asname or alias.name: (node.module or "").rpartition(".")[2]
        for node in file.nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for node in file.nodes:
        for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
            event = _event_named(key)
            if event and isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name):
                yield event, value.value.id
            elif event and isinstance(value, ast.Name):
                yield event, imported.get(value.id, file.stem)


def _event_named(key: ast.expr | None) -> str | None:
    if isinstance(key, ast.Constant) and isinstance(key.value, str) and re.search(r"\.v\d+$", key.value):
        return key.value
    if isinstance(key, ast.Attribute) and key.attr == "event_type":
        return ast.unparse(key.value).rpartition(".")[2]
    return None
