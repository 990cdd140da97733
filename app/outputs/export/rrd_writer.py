"""Rerun: meshes, joints, camera and images on one timeline (https://rerun.io), where rerun-sdk is installed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from app.outputs.export.formats import Progress, WriterOptions
from app.outputs.export.take import Take
from app.outputs.export.tracked_images import image_count, tracked_images
from models.errors import BothhandsError
from models.extras import extra_for
from models.sentences import say
from models.values import SIDES, HandReconstruction, Intrinsics, Side
from render.geometry import VertexNormals
from render.protocol import SIDE_COLOURS
from render.skeleton import BONES

_END = bytes(16)
"""Header of the last message in a recording of rerun-sdk 0.23: of kind 0, of no length."""
_FOOTER = b"RRF2FOOT"
"""With which the last 12 bytes begin, as later ones write them."""
_JPEG = (cv2.IMWRITE_JPEG_QUALITY, 85)


def write(take: Take, path: Path, options: WriterOptions, progress: Progress) -> list[str]:
    """Write the recording, in camera axes (x right, y down, z forward). See `app.outputs.export.formats.Writer`.

    Raises:
        BothhandsError: rerun-sdk is not installed, or the file cannot be written whole.
    """
    rerun = _rerun()
    total = image_count(take)
    with _rerun_errors(path):
        log = _Log(rerun, take, path)
    try:
        for done, moment in enumerate(_moments(take), start=1):
            with _rerun_errors(path):
                log.add(moment)
            progress(done, max(done, total))
    finally:
        with _rerun_errors(path):
            log.close()
    _check_whole(path)
    return []


@dataclass(frozen=True, eq=False)
class _Moment:
    """What is shown at a time: hands, the image where there is one, its camera, and what made the hands."""

    captured_ns: int
    hands: Mapping[Side, HandReconstruction]
    image: np.ndarray | None
    camera: Intrinsics
    model: str


def _rerun() -> Any:
    with extra_for(say("The format rrd"), "rerun"):
        import rerun
    return rerun


@contextlib.contextmanager
def _rerun_errors(path: Path) -> Iterator[None]:
    """Rerun's library says that a disk is full, or a folder read-only, by errors of no kind of its own."""
    try:
        yield
    except UnicodeEncodeError as error:
        raise BothhandsError(
            say("{path} cannot be written: Rerun takes no names that are not Unicode; choose another place.", path=path)
        ) from error
    except (RuntimeError, ValueError, OSError) as error:
        reason = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
        raise BothhandsError(
            say(
                "{path} cannot be written: {reason}; free some space or choose another place.",
                path=path,
                reason=str(reason),
            )
        ) from error


def _check_whole(path: Path) -> None:
    """Rerun writes in a thread of its own, and only logs where that fails; but a whole file ends with a mark."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - len(_END)))
        last = file.read()
        if last != _END and last[-12:-4] != _FOOTER:
            raise BothhandsError(
                say("{path} cannot be written whole; free some space or choose another place.", path=path)
            )


def _moments(take: Take) -> Iterator[_Moment]:
    """Without a video the frames with hands only."""
    if take.video is not None:
        for tracked in tracked_images(take, take.video):
            frame = tracked.frame
            yield _Moment(frame.captured_ns, tracked.hands.hands, frame.image, tracked.intrinsics, tracked.model)
        return
    columns = take.columns
    for captured_ns in np.unique(columns.captured_ns):
        rows = np.flatnonzero(columns.captured_ns == captured_ns)
        hands, camera = columns.hands(rows, take.hand_models), take.info.camera_table[columns.camera[rows[0]]]
        yield _Moment(int(captured_ns), hands, None, camera, str(columns.model[rows[0]]))


class _Log:
    """The recording while it is written."""

    def __init__(self, rerun: Any, take: Take, path: Path) -> None:
        self._rerun = rerun
        self._time = take.time
        self._origin: int | None = None
        self._camera: Intrinsics | None = None
        self._model = ""
        self._record = rerun.RecordingStream("bothhands", send_properties=True)
        self._record.save(path)
        self._record.log("/", rerun.ViewCoordinates.RDF, static=True)
        self._normals: dict[Side, VertexNormals] = {}
        for side in take.sides:
            model = take.hand_models[side]
            self._normals[side] = VertexNormals(model.faces, len(model.arrays.template))
            faces = rerun.Mesh3D.from_fields(triangle_indices=model.faces, albedo_factor=SIDE_COLOURS[side])
            self._record.log(f"hands/{side}/mesh", faces, static=True)

    def add(self, moment: _Moment) -> None:
        """Add a moment."""
        rerun, record, hands, image = self._rerun, self._record, moment.hands, moment.image
        media_ns = int(self._time.at(np.array([moment.captured_ns]))[0])
        if self._origin is None:
            self._origin = media_ns
        record.set_time("time", duration=(media_ns - self._origin) * 1e-9)
        self._note_changes(moment)
        if image is not None:
            _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), _JPEG)
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

    def _note_changes(self, moment: _Moment) -> None:
        if moment.camera is not self._camera:
            self._camera = camera = moment.camera
            pinhole = self._rerun.Pinhole(image_from_camera=camera.matrix, resolution=[camera.width, camera.height])
            self._record.log("camera", pinhole)
        if moment.model and moment.model != self._model:
            self._model = moment.model
            self._record.log("model", self._rerun.TextLog(f"The model is {moment.model}."))

    def close(self) -> None:
        """Write what waits and close the file."""
        self._record.flush()  # waits: 0.23 by its default, later ones without a choice
        self._record.disconnect()
