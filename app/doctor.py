"""What this machine has and lacks, and the command that fixes it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from rich.text import Text

from app.terminal import printable
from models.errors import BothhandsError
from models.extras import is_installed, remedy, repair
from models.places import INSTALLED
from models.registry import models_without_extra
from models.values import Side

State = Literal["ok", "limited", "missing"]


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report.

    Attributes:
        subject: what was looked at.
        state: "ok"; "limited" where the app works without it; "missing" where it does not.
        detail: what was found.
        remedy: the command or step that fixes it, or "".
    """

    subject: str
    state: State
    detail: str
    remedy: str = ""


class Extra(NamedTuple):
    """A package that the app does without until somebody asks for what it is for.

    Attributes:
        requirement: for pip; the version is the one that goes with the rest (requirements-dev.txt).
        purpose: what it is for.
        name: of the extra that brings it where the program is installed.
    """

    requirement: str
    purpose: str
    name: str


EXTRAS = (
    Extra("ray==2.60.0", "`process --ray`: archives on a cluster", "ray"),
    Extra("pyvirtualcam==0.15.0", "`--virtual-camera`", "virtual-camera"),
    Extra("rerun-sdk==0.23.1", "`export --format rrd`", "rerun"),
    Extra("tensorboard==2.19.0", "curves and images of `train`", "train"),
)


def diagnose(mano_dir: Path | None = None) -> list[Finding]:
    """Look at everything that the app stands on.

    Args:
        mano_dir: folder with official MANO files, None for the one in the settings or the free hand model.
    """
    checks: dict[str, Callable[[], Finding]] = {
        "Python": _python,
        "folders": _folders,
        "torch": _torch,
        "OpenVINO": _openvino,
        "hand detector": _detector,
        "hand model": lambda: _hand_model(mano_dir),
        "compiled code": _compiled,
        "renderer moderngl": lambda: _renderer("moderngl"),
        "renderer pyrender": lambda: _renderer("pyrender"),
        "display": _display,
        "cameras": _cameras,
        "video": _encoder,
    }
    return [*(_guarded(subject, check) for subject, check in checks.items()), *extras()]


def extras() -> list[Finding]:
    """Which of `EXTRAS` are installed."""
    findings = []
    for requirement, purpose, name in EXTRAS:
        package = requirement.partition("==")[0]
        try:
            findings.append(Finding(package, "ok", f"{version(package)}, for {purpose}"))
        except PackageNotFoundError:
            detail = f"not installed; for {purpose}"
            command = remedy(name) if INSTALLED else f"pip install {requirement}"
            findings.append(Finding(package, "limited", detail, command))
    return findings


def report(findings: list[Finding]) -> Text:
    """The findings as text for a terminal."""
    colours = {"ok": "green", "limited": "yellow", "missing": "red"}
    lines = []
    for finding in findings:
        state = (f"{finding.state:7}", colours[finding.state])
        lines.append(Text.assemble(state, printable(f"  {finding.subject}: {finding.detail}")))
        if finding.remedy:
            lines.append(Text(printable(f"         fix: {finding.remedy}")))
    return Text("\n").join(lines)


def _guarded(subject: str, check: Callable[[], Finding]) -> Finding:
    """A check that fails in a way nobody foresaw is a finding too, not the end of the report."""
    try:
        return check()
    except BothhandsError as error:
        return Finding(subject, "missing", str(error))
    except ImportError as error:
        return Finding(subject, "missing", f"{type(error).__name__}: {error}", repair())
    except Exception as error:  # noqa: BLE001 - the doctor reports whatever is broken
        return Finding(subject, "missing", f"{type(error).__name__}: {error}")


def _folders() -> Finding:
    from app.settings import settings_path
    from models.user_folders import cache_folder, notice

    where = f"settings in {settings_path().parent}, cache in {cache_folder()}"
    if said := notice():
        return Finding("folders", "limited", said, "export HOME=DIR, a folder that you can write")
    return Finding("folders", "ok", where)


def _python() -> Finding:
    own = platform.python_version()
    if (3, 11) <= sys.version_info[:2] <= ((3, 13) if INSTALLED else (3, 12)):
        return Finding("Python", "ok", own)
    return Finding("Python", "missing", f"{own}; 3.11 or 3.12 has everything", "make PYTHON=python3.11")


def _torch() -> Finding:
    if not is_installed("networks"):
        without = ", ".join(models_without_extra())
        return Finding("torch", "limited", f"not installed; for {without} and GPUs", remedy("networks"))
    import torch

    if torch.cuda.is_available():
        return Finding("torch", "ok", f"{torch.__version__}, {torch.cuda.get_device_name(0)}")
    return Finding("torch", "ok", f"{torch.__version__}, CPU with {torch.get_num_threads()} threads")


def _openvino() -> Finding:
    from models.runtime.openvino import describe

    return Finding("OpenVINO", "ok", describe())


def _detector() -> Finding:
    from tracking.detector import create_detector

    detector = create_detector("auto")
    detector.close()
    if detector.name == "openvino":
        return Finding("hand detector", "ok", "MediaPipe's networks, compiled by OpenVINO")
    return Finding("hand detector", "limited", f"{detector.name}: works, but slower", repair())


def _hand_model(mano_dir: Path | None) -> Finding:
    from app.settings import SettingsStore
    from models.hand_model import load_hand_models

    mano_dir = mano_dir or SettingsStore.load().current.mano_dir
    try:
        model = load_hand_models(mano_dir)["right"]
    except BothhandsError as error:
        return Finding("hand model", "missing", str(error), "give --mano DIR with both files, or leave it out")
    if model.name == "free":
        return Finding("hand model", "ok", "the free hand model (CC0); --mano DIR uses official MANO files")
    return Finding("hand model", "ok", f"{model.name}, from {mano_dir}")


def _compiled() -> Finding:
    from app.compiled import MODULES
    from models.runtime.compiled import load, problem

    if load(MODULES, compiling=False):
        return Finding("compiled code", "ok", "the fit and the drawing of the hands, compiled by numba")
    cause = problem()
    if cause is None:
        detail = "none yet; the window makes it beside its next start"
        fix = "open the window once" if INSTALLED else "python -m app.compiled"
        return Finding("compiled code", "limited", detail, fix)
    fix = repair() if "numba" in cause else "export NUMBA_CACHE_DIR=DIR, one you can write"
    return Finding("compiled code", "limited", f"none, because {cause}: hands are fitted and drawn more slowly", fix)


def _renderer(name: str) -> Finding:
    from models.hand_model import load_hand_models
    from render import create_renderer

    if name == "pyrender" and not is_installed(name):
        return Finding(f"renderer {name}", "limited", "not installed; to compare with", remedy(name))
    faces: dict[Side, np.ndarray] = {side: model.faces for side, model in load_hand_models().items()}
    try:
        create_renderer(name, faces).close()
    except BothhandsError as error:
        return Finding(f"renderer {name}", "limited", str(error), "apt-get install libegl1 libgl1 libgl1-mesa-dri")
    return Finding(f"renderer {name}", "ok", "draws offscreen")


def _display() -> Finding:
    from app.window.display import display_name, display_problem

    problem = display_problem()
    if problem is None:
        return Finding("display", "ok", display_name())
    return Finding("display", "limited", f"{problem}; `process` works without", "start from a desktop, or use xvfb-run")


def _cameras() -> Finding:
    from tracking.sources import list_cameras

    cameras = list_cameras()
    if cameras:
        return Finding("cameras", "ok", ", ".join(f"{camera.spec} ({camera.name})" for camera in cameras))
    return Finding(
        "cameras", "limited", "none found: the window shows the demo clip", "plug one in; on Linux: ls /dev/video*"
    )


def _encoder() -> Finding:
    import av

    return Finding("video", "ok", f"PyAV {av.__version__}, libx264")
