"""Opens the store of documents that an address means."""

from __future__ import annotations

from receipts.documents.store.address import BucketAccess, BucketName, FolderAddress, address_of
from receipts.documents.store.document_store import DocumentStore
from receipts.documents.store.objects import Objects


def store_at(url: str, access: BucketAccess, *, timeout_seconds: float) -> DocumentStore:
    """The store; without an address one that keeps nothing. Raises ValueError for one that means none."""
    return DocumentStore(_objects_at(url, access, timeout_seconds), timeout_seconds=timeout_seconds)


def _objects_at(url: str, access: BucketAccess, timeout_seconds: float) -> Objects | None:
    address = address_of(url)
    if isinstance(address, FolderAddress):
        from receipts.documents.store.folder import Folder

        return Folder(address.path)
    if isinstance(address, BucketName):
        from receipts.documents.store.bucket import Bucket

        return Bucket(address, access, timeout_seconds)
    return None
