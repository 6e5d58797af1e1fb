"""Several documents as one PDF, for a printer (`RCP-5`): its pages, and what screen readers read of them, in order.

It is as archivable and accessible as what it is made of, but no archive copy: that is each document by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf


def bundled(documents: Sequence[bytes]) -> bytes:
    """The pages of the documents, in their order, titled by the first and the last."""
    with Pdf.open(BytesIO(documents[0])) as bundle:
        titles, languages = [_title(bundle)], [bundle.Root.get("/Lang")]
        tops = _tops(bundle.Root.StructTreeRoot)
        for document in documents[1:]:
            with Pdf.open(BytesIO(document)) as source:
                titles.append(_title(source))
                languages.append(source.Root.get("/Lang"))
                tops += _append(bundle, source)
        _join(bundle, tops, languages)
        _retitle(bundle, titles)
        out = BytesIO()
        bundle.save(out)
    return out.getvalue()


def _title(pdf: Pdf) -> str:
    return str(pdf.docinfo.get("/Title", ""))


def _append(bundle: Pdf, source: Pdf) -> list[Any]:
    """The source's pages behind the bundle's, its structure numbered after those; returns the tops of that."""
    before = len(bundle.pages)
    bundle.pages.extend(source.pages)
    tree = bundle.Root.StructTreeRoot
    others = bundle.copy_foreign(source.make_indirect(source.Root.StructTreeRoot))
    after = _following(tree)
    for page in list(bundle.pages)[before:]:
        _renumber(page.obj, after)
    keys, structures = _numbers(others)[::2], _numbers(others)[1::2]
    numbered = [part for key, of_page in zip(keys, structures, strict=True) for part in (int(key) + after, of_page)]
    tree.ParentTreeNextKey = after + _following(others)
    tree.ParentTree.Nums = Array([*_numbers(tree), *numbered])
    return _tops(others)


def _numbers(tree: Any) -> list[Any]:
    """The flat number tree that WeasyPrint writes: keys, each followed by what is under it."""
    return list(tree.ParentTree.Nums)


def _following(tree: Any) -> int:
    return max((int(key) for key in _numbers(tree)[::2]), default=-1) + 1


def _tops(tree: Any) -> list[Any]:
    return list(tree.K) if isinstance(tree.K, Array) else [tree.K]


def _renumber(page: Any, after: int) -> None:
    page.StructParents = int(page.StructParents) + after
    for annotation in page.get("/Annots", []):
        if "/StructParent" in annotation:
            annotation.StructParent = int(annotation.StructParent) + after


def _join(bundle: Pdf, tops: Sequence[Any], languages: Sequence[Any]) -> None:
    """One document of all, each spoken in its own language."""
    tree = bundle.Root.StructTreeRoot
    whole = bundle.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=tree, K=Array(tops)))
    for top, language in zip(tops, languages, strict=True):
        top.P = whole
        if language is not None:
            top.Lang = str(language)
    tree.K = Array([whole])


def _retitle(bundle: Pdf, titles: Sequence[str]) -> None:
    title = " \N{EN DASH} ".join(dict.fromkeys((titles[0], titles[-1])))
    with bundle.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
    bundle.docinfo["/Title"] = title
