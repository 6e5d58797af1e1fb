"""What the service is told by its environment, beside what every service is told."""

from __future__ import annotations

from typing import Annotated

from chassis.listening_settings import Seconds
from chassis.settings import Settings
from pydantic import Field, SecretStr, field_validator

from receipts.documents.store.address import address_of


class ReceiptsSettings(Settings):
    """How much the rendering may take."""

    render_processes: Annotated[int, Field(ge=0, le=64)] = 2
    """Rendering processes of a worker; 0 renders nothing here."""
    render_documents_per_process: Annotated[int, Field(ge=1, le=10_000)] = 300
    """After so many documents a process is replaced, as WeasyPrint grows by about 0.25 MB a document."""
    render_seconds_per_document: Seconds = 10.0
    """Processor time, not time by the clock: a document that takes more is tried again later, set aside in the end."""
    render_megabytes_per_document: Annotated[int, Field(ge=64, le=65_536)] = 512
    """Memory that a document may take beyond what an idle rendering process has; the same happens beyond it."""
    render_niceness: Annotated[int, Field(ge=0, le=19)] = 5
    """How far rendering processes stand back for others on their machine: for APIs, whose answers somebody awaits."""
    document_wait_seconds: Seconds = 3.0
    """How long a request waits for a document that is being made, or for a transaction's event (`RCP-5`)."""
    payments_url: str = "http://localhost:8002"
    """Who keeps the figures of statements and day sheets; asked with the caller's own token."""
    invoicing_url: str = "http://localhost:8001"
    """Who keeps what an installment asks for; asked with the caller's own token."""
    payments_timeout_seconds: Seconds = 5.0
    """How long the figures of one document may take, all pages together; those of invoicing too."""
    document_store_url: str = ""
    """Where documents are kept (`RCP-1`): `file:///folder` or `s3://bucket/prefix`; without it, in the database."""
    document_store_seconds: Seconds = 5.0
    """How long a question to the store may take; then it counts as away."""
    aws_access_key_id: str = ""
    """As whom the bucket is used; without it, as whom the machine is by AWS."""
    aws_secret_access_key: SecretStr | None = None
    aws_region: str = ""
    aws_endpoint_url: str = ""
    """Of what speaks as S3 does; without it, AWS's own of the region."""

    @field_validator("document_store_url")
    @classmethod
    def _meant(cls, given: str) -> str:
        address_of(given)
        return given
