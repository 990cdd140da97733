"""Rerun: meshes, joints, camera and pictures on one timeline (https://rerun.io), where rerun-sdk is installed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from app.outputs.export.formats import Progress, WriterOptions
from app.outputs.export.pictures import picture_count, tracked_pictures
from app.outputs.export.take import Take
from models.errors import BothhandsError
from models.values import SIDES, HandReconstruction, Side
from render.geometry import VertexNormals
from render.protocol import SIDE_COLOURS
from render.skeleton import BONES

_END = bytes(16)
"""Header of the last message in a recording: of kind 0, of no length."""
_JPEG = (cv2.IMWRITE_JPEG_QUALITY, 85)


def write(take: Take, path: Path, options: WriterOptions, progress: Progress) -> list[str]:
    """Write the recording, in camera axes (x right, y down, z forward). See `app.outputs.export.formats.Writer`.

    Raises:
        BothhandsError: rerun-sdk is not installed, or the file cannot be written whole.
    """
    rerun = _rerun()
    log = _Log(rerun, take, path)
    total = picture_count(take)
    try:
        for done, (captured_ns, hands, picture) in enumerate(_moments(take), start=1):
            log.add(captured_ns, hands, picture)
            progress(done, max(done, total))
    finally:
        log.close()
    _check_whole(path)
    return []


def _rerun() -> Any:
    try:
        import rerun
    except ImportError as error:
        raise BothhandsError(
            "The format rrd needs the package rerun-sdk; run `pip install rerun-sdk==0.23.1` (newer ones want numpy 2, "
            "which MediaPipe does not go with)."
        ) from error
    return rerun


def _check_whole(path: Path) -> None:
    """Rerun writes in a thread of its own, and only logs where that fails; but a whole file ends with a mark."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - len(_END)))
        if file.read() != _END:
            raise BothhandsError(f"{path} cannot be written whole; free some space or choose another place.")


def _moments(take: Take) -> Iterator[tuple[int, dict[Side, HandReconstruction], np.ndarray | None]]:
    """Time, hands and picture; without a video the frames with hands only."""
    if take.video is not None:
        for tracked in tracked_pictures(take, take.video):
            yield tracked.frame.captured_ns, dict(tracked.hands.hands), tracked.frame.image
        return
    columns = take.columns
    for captured_ns in np.unique(columns.captured_ns):
        rows = np.flatnonzero(columns.captured_ns == captured_ns)
        yield int(captured_ns), columns.hands(rows, take.hand_models), None


class _Log:
    """The recording while it is written."""

    def __init__(self, rerun: Any, take: Take, path: Path) -> None:
        self._rerun = rerun
        self._origin: int | None = None
        self._record = rerun.RecordingStream("bothhands", send_properties=True)
        self._record.save(path)
        camera = take.info.intrinsics
        self._record.log("/", rerun.ViewCoordinates.RDF, static=True)
        matrix = [[camera.fx, 0.0, camera.cx], [0.0, camera.fy, camera.cy], [0.0, 0.0, 1.0]]
        pinhole = rerun.Pinhole(image_from_camera=matrix, resolution=[camera.width, camera.height])
        self._record.log("camera", pinhole, static=True)
        self._normals: dict[Side, VertexNormals] = {}
        for side in take.sides:
            model = take.hand_models[side]
            self._normals[side] = VertexNormals(model.faces, len(model.template))
            faces = rerun.Mesh3D.from_fields(triangle_indices=model.faces, albedo_factor=SIDE_COLOURS[side])
            self._record.log(f"hands/{side}/mesh", faces, static=True)

    def add(self, captured_ns: int, hands: dict[Side, HandReconstruction], picture: np.ndarray | None) -> None:
        """Add a moment."""
        rerun, record = self._rerun, self._record
        if self._origin is None:
            self._origin = captured_ns
        record.set_time("time", duration=(captured_ns - self._origin) * 1e-9)
        if picture is not None:
            _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), _JPEG)
            record.log("camera/picture", rerun.EncodedImage(contents=jpeg.tobytes(), media_type="image/jpeg"))
        for side in SIDES:
            found, colour = hands.get(side), SIDE_COLOURS[side]
            if found is None:
                record.log(f"hands/{side}", rerun.Clear(recursive=True))
                continue
            normals = self._normals[side](found.vertices)
            mesh = rerun.Mesh3D.from_fields(vertex_positions=found.vertices, vertex_normals=normals)
            record.log(f"hands/{side}/mesh", mesh)
            record.log(f"hands/{side}/joints", rerun.Points3D(found.joints, colors=colour, radii=0.003))
            bones = rerun.LineStrips3D([found.joints[list(bone)] for bone in BONES], colors=colour, radii=0.001)
            record.log(f"hands/{side}/bones", bones)

    def close(self) -> None:
        """Write what waits and close the file."""
        self._record.flush(blocking=True)
        self._record.disconnect()
