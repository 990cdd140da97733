"""What was named on the command line of a window, looked for before it opens: the window would only say it later."""

from __future__ import annotations

import os
from pathlib import Path

from app.live.source_choice import DEMO
from models.errors import BothhandsError
from models.values import SIDES


def check_given(
    source: str | None = None, mano_dir: Path | None = None, camera_file: Path | None = None, fov: float | None = None
) -> None:
    """Refuse what is not there; None was not named, and is not looked for.

    Args:
        source: a file or folder among them; cameras and addresses are left to the window, which can try them again.
        mano_dir: folder of official MANO files.
        camera_file: file with intrinsics.
        fov: horizontal field of view that goes with it, degrees.

    Raises:
        BothhandsError: it is not there or cannot be read; the text names it.
    """
    if source is not None and source != DEMO:
        _check_source(source)
    if mano_dir is not None:
        _check_mano(mano_dir)
    if camera_file is not None:
        from tracking.camera_model import camera_from  # heavier than a start without it

        camera_from(fov, camera_file)


def _check_source(source: str) -> None:
    from tracking.sources import is_camera, is_url

    if not source.strip():
        raise BothhandsError("The source is empty: name a camera (0), a video, a folder of images or a URL.")
    if is_camera(source) or is_url(source):
        return
    names = (source, source.strip())  # names of files may begin and end with spaces
    try:
        there = any(os.path.exists(os.path.expanduser(name)) for name in names)  # noqa: PTH110, PTH111
    except ValueError:  # a name that cannot be
        there = False
    if not there:
        raise BothhandsError(f"There is no file or folder {source}; check the name, or leave --source away.")


def _check_mano(folder: Path) -> None:
    for side in SIDES:
        file = folder / f"MANO_{side.upper()}.pkl"
        if not file.is_file():
            raise BothhandsError(
                f"The folder {folder} has no {file.name}; name the folder of the official MANO files, or leave --mano "
                "away for the free hand model."
            )
