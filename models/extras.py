"""What Bothhands does without until it is asked for, and how a person gets it: the extras of pyproject.toml."""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Iterator

from models.errors import BothhandsError
from models.places import INSTALLED

EXTRAS = {
    "networks": ("torch", "safetensors"),
    "train": ("torch", "safetensors", "matplotlib", "trimesh"),
    "mediapipe": ("mediapipe",),
    "pyrender": ("pyrender",),
    "ray": ("ray",),
    "rerun": ("rerun",),
    "virtual-camera": ("pyvirtualcam",),
}
"""Name of an extra to the modules that cannot be done without where it is asked for."""
_PINNED = {
    "networks": "-r requirements.txt",
    "train": "-r requirements-dev.txt",
    "mediapipe": "mediapipe==0.10.21",
    "pyrender": "-r requirements.txt",
    "ray": "ray==2.60.0",
    "rerun": "rerun-sdk==0.23.1",
    "virtual-camera": "pyvirtualcam==0.15.0",
}
"""What brings an extra in a checkout: the versions that the tests run with."""
_PACKAGES = {
    "torch": "networks",
    "safetensors": "networks",
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
    """What installs an extra."""
    return f"pip install 'bothhands[{extra}]'" if INSTALLED else f"pip install {_PINNED[extra]}"


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
    return None if extra is None else missing("What you asked for", extra, error)


def missing(what: str, extra: str, error: ImportError | None = None) -> MissingExtra:
    """The error that names an extra; see `extra_for`."""
    reason = f" ({error})" if error is not None else ""
    return MissingExtra(
        f"{what} needs the extra {extra!r}, which is not installed{reason}: `{remedy(extra)}` brings it."
    )
