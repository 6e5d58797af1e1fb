"""veraPDF, the validator of the PDF/A and PDF/UA standards: its jars, and what it says of many files by one process."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from receipts_jars import JAVA

# Named one by one: some of veraPDF's own declarations are ranges, which would change under the test.
JARS = """
org.verapdf.apps:greenfield-apps:1.28.2 org.verapdf.apps:gui:1.28.2 org.verapdf:core:1.28.2
org.verapdf:feature-reporting:1.28.2 org.verapdf:metadata-fixer:1.28.2 org.verapdf:parser:1.28.2
org.verapdf:pdf-model:1.28.2 org.verapdf:validation-model:1.28.2 org.verapdf:verapdf-xmp-core:1.28.2
com.beust:jcommander:1.81 com.fasterxml.jackson.core:jackson-annotations:2.15.0
com.fasterxml.jackson.core:jackson-core:2.15.0 com.fasterxml.jackson.core:jackson-databind:2.15.0
javax.activation:javax.activation-api:1.2.0 javax.xml.bind:jaxb-api:2.3.1 com.sun.xml.bind:jaxb-core:2.3.0.1
com.sun.xml.bind:jaxb-impl:2.3.2 org.mozilla:rhino:1.7.13 net.java.dev.stax-utils:stax-utils:20070216
""".split()


def verdicts(class_path: str, flavour: str, documents: Sequence[Path], *, seconds: float = 150) -> dict[str, str]:
    """PASS or FAIL of each file, by its name without its end."""
    command = [*JAVA, "-cp", class_path, "org.verapdf.apps.GreenfieldCliWrapper", "-f", flavour]
    done = subprocess.run(  # noqa: S603  our own Java, our own arguments
        [*command, "--format", "text", *map(str, documents)],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith(("PASS", "FAIL"))]
    assert len(lines) == len(documents), done.stdout + done.stderr
    return {Path(path).stem: verdict for verdict, path, *_ in lines}
