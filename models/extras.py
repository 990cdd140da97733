"""What Bothhands does without until it is asked for, and how a person gets it: the extras of pyproject.toml."""

from __future__ import annotations

import contextlib
import importlib.util
import re
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from models.errors import BothhandsError
from models.places import BUNDLED, INSTALLED, import_root
from models.sentences import said, say

EXTRAS = {
    "networks": ("torch", "safetensors"),
    "train": ("torch", "safetensors", "scipy", "matplotlib", "trimesh"),
    "mediapipe": ("mediapipe",),
    "pyrender": ("pyrender",),
    "ray": ("ray",),
    "rerun": ("rerun",),
    "virtual-camera": ("pyvirtualcam",),
}
"""Name of an extra to the modules that cannot be done without where it is asked for."""
_REQUIREMENTS = {"networks": "requirements.txt", "train": "requirements-dev.txt", "pyrender": "requirements.txt"}
"""Of extras with several packages: the file that brings them in a checkout."""
_DISTRIBUTIONS = {
    "mediapipe": ("requirements.txt", "mediapipe"),
    "ray": ("requirements-dev.txt", "ray"),
    "rerun": ("requirements-dev.txt", "rerun-sdk"),
    "virtual-camera": ("requirements-dev.txt", "pyvirtualcam"),
}
"""Of extras with one package: the file that pins it, and its name there."""
_PACKAGES = {
    "torch": "networks",
    "safetensors": "networks",
    "scipy": "networks",
    "tensorboard": "train",
    "trimesh": "train",
    "matplotlib": "train",
    "mediapipe": "mediapipe",
    "pyrender": "pyrender",
    "ray": "ray",
    "rerun": "rerun",
    "pyvirtualcam": "virtual-camera",
}
"""Modules that the base lacks, and the extra that brings them."""


def is_installed(extra: str) -> bool:
    """Whether an extra's packages can be found; they are not imported."""
    return all(_found(module) for module in EXTRAS[extra])


def require(what: str, extra: str) -> None:
    """Say which extra is missing before any work is begun.

    Args:
        what: needs it; begins the sentence.
        extra: key of `EXTRAS`.

    Raises:
        MissingExtra: it is not installed.
    """
    if not is_installed(extra):
        raise missing(what, extra)


def _found(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ValueError:  # something without a name stands in its place
        return False


def remedy(extra: str) -> str:
    """The command that brings an extra; for a bundle, which takes none, the one that installs both beside it."""
    # Quotes that shells of Windows know too.
    if BUNDLED:
        # pipx 1.18 forgets the extra of a file in this folder whose path does not begin with a dot.
        return f'pipx install "./bothhands-{version("bothhands")}-py3-none-any.whl[{extra}]"'
    if INSTALLED:
        return f'{_installer(Path(sys.prefix))} "bothhands[{extra}]"'
    if extra in _REQUIREMENTS:
        return f"pip install -r {_REQUIREMENTS[extra]}"
    return f"pip install {_pinned(*_DISTRIBUTIONS[extra])}"


def _installer(environment: Path) -> str:
    """The command that adds packages to an environment; where a tool made it, the shell's own pip is another's."""
    if (environment / "pipx_metadata.json").is_file():
        return f"pipx runpip {environment.name} install"
    if (environment / "uv-receipt.toml").is_file():
        return f'uv pip install --python "{environment}"'
    return "pip install"


def repair() -> str:
    """What brings back a package that every installation has; a part of a sentence."""
    if BUNDLED:
        return say("download this bundle again")
    return say("install Bothhands anew") if INSTALLED else "pip install -r requirements.txt"


def _pinned(file: str, distribution: str) -> str:
    """A distribution with the version that the tests run with, as a file of the checkout pins it."""
    with contextlib.suppress(OSError):
        for line in (import_root() / file).read_text(encoding="utf-8").splitlines():
            requirement = line.partition("#")[0].strip()
            if re.split(r"[\[=<>~!; ]", requirement)[0] == distribution:
                return requirement
    return distribution


class MissingExtra(BothhandsError):  # noqa: N818 - it is one
    """An extra is asked for that is not installed."""


@contextlib.contextmanager
def extra_for(what: str, extra: str) -> Iterator[None]:
    """Around imports of an extra's packages: a missing one is told with its extra.

    Args:
        what: needs them; begins the sentence.
        extra: key of `EXTRAS`.

    Raises:
        MissingExtra: a package is missing, or cannot be loaded.
    """
    try:
        yield
    except ImportError as error:
        raise missing(what, extra, error) from error


def missing_package(error: ModuleNotFoundError) -> MissingExtra | None:
    """The error that names the extra of a package which was not found; None where no extra brings it."""
    package = (error.name or "").partition(".")[0]
    extra = _PACKAGES.get(package)
    return None if extra is None else missing(say("What you asked for"), extra, error)


def missing(what: str, extra: str, error: ImportError | None = None) -> MissingExtra:
    """The error that names an extra; see `extra_for`."""
    reason = f" ({said(error)})" if error is not None else ""
    if BUNDLED:
        return MissingExtra(
            say(
                "{what} needs the extra {extra!r}, which this bundle lacks and cannot be given{reason}: with the wheel "
                "of the same release, `{remedy}` installs Bothhands with it.",
                what=what,
                extra=extra,
                reason=reason,
                remedy=remedy(extra),
            )
        )
    return MissingExtra(
        say(
            "{what} needs the extra {extra!r}, which is not installed{reason}: `{remedy}` brings it.",
            what=what,
            extra=extra,
            reason=reason,
            remedy=remedy(extra),
        )
    )
