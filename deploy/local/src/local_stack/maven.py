"""Single files of Maven Central, fetched once and checked against committed hashes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from local_stack.trouble import CannotRun


@dataclass(frozen=True)
class Published:
    """A file as Maven Central has it, and what it has to be."""

    group: str
    artifact: str
    version: str
    packaging: str
    sha256: str

    def file(self) -> Path:
        """The file in the user's Maven cache, fetched if it is not there. Raises CannotRun where it cannot be had."""
        found = self._fetched()
        with found.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        if digest != self.sha256:
            found.unlink()
            raise CannotRun(f"{self} from Maven Central is not what this checkout was tried with ({digest}).")
        return found

    def _fetched(self) -> Path:
        from jgo.maven import MavenContext  # heavy, and needed by few

        try:
            component = MavenContext().project(self.group, self.artifact).at_version(self.version)
            return Path(component.artifact(packaging=self.packaging).resolve())
        except (OSError, RuntimeError, ValueError) as error:
            raise CannotRun(
                f"{self} could not be fetched from Maven Central ({type(error).__name__}: {error})."
            ) from error

    def __str__(self) -> str:
        """As people name it."""
        return f"{self.group}:{self.artifact}:{self.version}"
