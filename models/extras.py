"""What Bothhands does without until it is asked for, and how a person gets it: the extras of pyproject.toml."""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Iterator

from models.errors import BothhandsError
from models.places import INSTALLED

EXTRAS = {
    "networks": "torch",
    "train": "tensorboard",
    "mediapipe": "mediapipe",
    "pyrender": "pyrender",
    "ray": "ray",
    "rerun": "rerun",
    "virtual-camera": "pyvirtualcam",
}
"""Name of an extra to the module that tells whether it is installed."""
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
    """Whether an extra's package can be found; it is not imported."""
    try:
        return importlib.util.find_spec(EXTRAS[extra]) is not None
    except ValueError:  # something else stands in its place
        return False


def remedy(extra: str) -> str:
    """What installs an extra."""
    return f"pip install 'bothhands[{extra}]'" if INSTALLED else f"pip install {_PINNED[extra]}"


@contextlib.contextmanager
def extra_for(what: str, extra: str) -> Iterator[None]:
    """Around imports of an extra's packages: a missing one is told with its extra.

    Args:
        what: needs them; begins the sentence.
        extra: key of `EXTRAS`.

    Raises:
        BothhandsError: a package is missing, or cannot be loaded.
    """
    try:
        yield
    except ImportError as error:
        raise missing(what, extra, error) from error


def missing_package(error: ModuleNotFoundError) -> BothhandsError | None:
    """The error that names the extra of a package which was not found; None where no extra brings it."""
    package = (error.name or "").partition(".")[0]
    extra = _PACKAGES.get(package)
    return None if extra is None else missing("What you asked for", extra, error)


def missing(what: str, extra: str, error: ImportError | None = None) -> BothhandsError:
    """The error that names an extra; see `extra_for`."""
    reason = f" ({error})" if error is not None else ""
    verb = "need" if what.endswith("s") else "needs"
    return BothhandsError(
        f"{what} {verb} the extra {extra!r}, which is not installed{reason}: `{remedy(extra)}` brings it."
    )
