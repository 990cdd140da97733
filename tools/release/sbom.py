"""The list of parts (SBOM) as CycloneDX has it (https://cyclonedx.org/specification/overview/).

cyclonedx-py makes it of the lock; what is not a Python package, the networks and models in assets/, is added here.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from models.digest import file_sha256
from models.errors import BothhandsError

ASSETS = {
    "assets/networks/palm_detection_full.tflite": "Apache-2.0",
    "assets/networks/hand_landmark_full.tflite": "Apache-2.0",
    "assets/weights/lwa-hand.safetensors": "Apache-2.0",
    "assets/weights/eanet-mobile.safetensors": "Apache-2.0",
}
"""Networks that come with the program, and their licences (NOTICE)."""


def write(root: Path, lock: Path, target: Path, version: str) -> None:
    """Write the list of parts.

    Args:
        root: of the repository.
        lock: requirements with versions and hashes.
        target: the JSON file.
        version: of the program.

    Raises:
        BothhandsError: a package of the lock is not in it.
        CalledProcessError: cyclonedx-py fails.
    """
    options = ["--pyproject", root / "pyproject.toml", "--output-reproducible", "--of", "JSON", "-o", target]
    command = [Path(sys.executable).with_name("cyclonedx-py"), "requirements", *options, lock]
    subprocess.run(command, check=True, capture_output=True)
    listed = completed(json.loads(target.read_text(encoding="utf-8")), root, version)
    if lacking := sorted(packages(lock.read_text(encoding="utf-8")) - _versions(listed)):
        raise BothhandsError(f"The list of parts lacks {', '.join('=='.join(part) for part in lacking)}.")
    target.write_text(json.dumps(listed, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def completed(listed: dict[str, Any], root: Path, version: str) -> dict[str, Any]:
    """The list with the program's version, which pyproject.toml leaves to the sources, and with `ASSETS`."""
    listed["metadata"]["component"]["version"] = version
    for place, licence in ASSETS.items():
        digest = file_sha256(root / place)
        listed["components"].append(
            {
                "bom-ref": place,
                "type": "machine-learning-model",
                "name": Path(place).stem,
                "version": digest[:12],
                "hashes": [{"alg": "SHA-256", "content": digest}],
                "licenses": [{"license": {"id": licence}}],
            }
        )
    return listed


def packages(lock: str) -> set[tuple[str, str]]:
    """Names and versions in the text of a lock."""
    return set(re.findall(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)", lock, re.MULTILINE))


def _versions(listed: dict[str, Any]) -> set[tuple[str, str]]:
    return {(part["name"], part["version"]) for part in listed["components"]}
