"""`process`: a source, or an archive of many, without a window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.console import catch_ctrl_c, choice, out, with_progress
from app.commands.options import (
    DEFAULT_MODEL,
    Device,
    Fov,
    GivenCamera,
    HandShapeName,
    LockSides,
    Mano,
    Mirrored,
    Model,
    Osc,
    ReadingsName,
    Renderer,
    Response,
    Steadiness,
    VirtualCamera,
    Vmc,
    WebSocket,
    WebSocketOrigin,
    camera_of,
    hand_shape_of,
    smoothing_knobs,
    writable_path,
)
from models.errors import BothhandsError
from tracking.readings import READINGS

if TYPE_CHECKING:
    from app.processing import ProcessOptions


def process(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="Video, image, folder of images, camera; or an archive: folder of videos, or list.txt.",
        ),
    ],
    model: Model = DEFAULT_MODEL,
    out_dir: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Session folder to write. Default: out/NAME-TIME.", parser=writable_path
        ),
    ] = None,
    video: Annotated[
        Path | None,
        typer.Option(
            "--video", metavar="FILE", help="Overlay video. Default: overlay.mp4 in DIR.", parser=writable_path
        ),
    ] = None,
    no_video: Annotated[bool, typer.Option("--no-video", help="No overlay: only the parameters.")] = False,
    keep_frames: Annotated[bool, typer.Option("--keep-frames", help="Store the raw frames too (video.mkv).")] = False,
    detector: Annotated[
        str, typer.Option("--detector", help="auto, openvino or mediapipe. full-frame: as --full-frame.")
    ] = "auto",
    full_frame: Annotated[
        bool, typer.Option("--full-frame", help="The whole image, padded square, is the crop.")
    ] = False,
    sequence: Annotated[
        bool, typer.Option("--sequence", help="A folder of images is one clip, not independent images.")
    ] = False,
    mirrored: Mirrored = False,
    raw: Annotated[bool, typer.Option("--raw", help="No smoothing.")] = False,
    steadiness: Steadiness = None,
    response: Response = None,
    readings: ReadingsName = "both",
    view: Annotated[str, typer.Option("--view", help="mesh, wireframe, skeleton or mesh+skeleton.")] = "mesh",
    device: Device = "auto",
    mano: Mano = None,
    fov: Fov = None,
    camera: GivenCamera = None,
    hand_shape: HandShapeName = None,
    lock_sides: LockSides = False,
    renderer: Renderer = "auto",
    vmc: Vmc = None,
    osc: Osc = None,
    websocket: WebSocket = None,
    websocket_origin: WebSocketOrigin = None,
    virtual_camera: VirtualCamera = False,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, max=1024, help="Archives: videos at a time. Default: one a core."),
    ] = None,
    ray: Annotated[
        str | None, typer.Option("--ray", metavar="ADDRESS", help="Archives: let this Ray cluster do the work.")
    ] = None,
) -> None:
    """Track every frame of a source without a window and write a session folder; of an archive, one for each video."""
    from app.archives.catalog import is_archive
    from app.interruption import interruptible
    from app.outputs.streaming.settings import given_streams
    from app.processing import ProcessOptions, process_source
    from tracking.config import TrackerConfig
    from tracking.detector import DETECTOR_NAMES
    from tracking.smoothing import gains_of

    crops_all = choice("--detector", detector, ("auto", "openvino", "mediapipe", "full-frame")) == "full-frame"
    if websocket_origin and not websocket:
        raise BothhandsError("--websocket-origin lets pages connect to --websocket: give its port, too.")
    named = camera_of(camera)
    config = TrackerConfig(
        model=model,
        readings=choice("--readings", readings, READINGS),
        device=device,
        detector="auto" if crops_all else choice("--detector", detector, DETECTOR_NAMES),
        crop_mode="full-frame" if full_frame or crops_all else "hands",
        mano_dir=mano,
        fov=fov,
        camera_file=named if isinstance(named, Path) else None,
        camera=None if named is None or isinstance(named, Path) else named.camera,
        smoothing=gains_of(not raw, *smoothing_knobs(steadiness, response, raw)),
        hand_shape=hand_shape_of(hand_shape, mano),
        lock_sides=lock_sides,
    )
    options = ProcessOptions(
        source=source,
        tracker=config,
        out=out_dir,
        video=video,
        overlay=not no_video,
        keep_frames=keep_frames,
        sequence=sequence,
        mirrored=mirrored,
        view=choice("--view", view, ("mesh", "wireframe", "skeleton", "mesh+skeleton")),
        renderer=renderer,
        streams=given_streams(vmc, osc, websocket, virtual_camera),
        websocket_origins=websocket_origin or (),
    )
    if not sequence and is_archive(source):
        _process_archive(options, workers, ray)
        return
    if workers or ray:
        raise BothhandsError("--workers and --ray are for archives: name a folder of videos, or a list of them (.txt).")
    with interruptible() as interruption:
        try:
            result = with_progress("Tracking", lambda tick: process_source(options, tick))
        except KeyboardInterrupt:  # before the first frame, or a second time: nothing to tell of
            raise typer.Exit(interruption.exit_code) from None
    for line in result.lines():
        out.say(line)
    if result.stopped:
        raise typer.Exit(interruption.exit_code)


def _process_archive(options: ProcessOptions, workers: int | None, ray: str | None) -> None:
    from app.archives.archive import process_archive
    from app.archives.progress import ArchiveBar
    from app.archives.report import REPORT_FILE
    from app.interruption import interruptible

    bar = ArchiveBar()
    catch_ctrl_c()
    with interruptible() as interruption:  # or workers would go on by themselves
        try:
            report = process_archive(options, workers=workers, ray=ray, changed=bar.show)
        finally:
            bar.close()
    out.print(report.table())
    for line in (report.text(), f"Report: {report.folder / REPORT_FILE}"):
        out.say(line)
    if report.stopped:
        raise typer.Exit(interruption.exit_code)
    if not report.complete:
        raise typer.Exit(1)
