"""`run`, `replay`, and what happens without a command: everything that opens a window."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from app import __version__
from app.commands import process
from app.commands.console import choice, out
from app.commands.options import (
    Fov,
    GivenCamera,
    GivenDevice,
    GivenModel,
    GivenReadings,
    GivenRenderer,
    HandShapeName,
    Mano,
    Mirrored,
    Osc,
    Response,
    Steadiness,
    VirtualCamera,
    Vmc,
    WebSocket,
    WebSocketOrigin,
    camera_of,
    hand_shape_of,
)
from app.display import display_problem
from models.errors import BothhandsError
from tracking.readings import READINGS


def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False,
) -> None:
    """Two-hand tracking from one webcam: two live 3D hand meshes. Without a command: the window."""
    if version:
        out.print(f"bothhands {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is not None:
        return
    problem = display_problem()
    if problem is None:
        _open_window()
        return
    from app.demo import demo_clip

    out.say(f"{problem}, so the demo clip is processed without a window.")
    process.process(str(demo_clip()))


def run(
    source: Annotated[
        str | None, typer.Option("--source", metavar="0|FILE|FOLDER|URL", help="Default: the first working camera.")
    ] = None,
    mirrored: Mirrored = False,
    model: GivenModel = None,
    device: GivenDevice = None,
    mano: Mano = None,
    fov: Fov = None,
    camera: GivenCamera = None,
    hand_shape: HandShapeName = None,
    readings: GivenReadings = None,
    steadiness: Steadiness = None,
    response: Response = None,
    renderer: GivenRenderer = None,
    vmc: Vmc = None,
    osc: Osc = None,
    websocket: WebSocket = None,
    websocket_origin: WebSocketOrigin = None,
    virtual_camera: VirtualCamera = False,
) -> None:
    """Open the window. What is given here holds for this start; the rest is as it was left."""
    from app.given import check_given

    named = camera_of(camera)
    camera_file = named if isinstance(named, Path) else None
    check_given(source, mano, camera_file, fov)
    hand_shape_of(hand_shape, _mano_in_use(mano) if hand_shape else None)
    problem = display_problem()
    if problem is not None:
        raise BothhandsError(f"{problem}; use `process SOURCE` instead.")
    if model is not None:
        from models.registry import require_weights

        require_weights(model)
    from app.outputs.streaming.settings import given_streams, stream_settings
    from tracking.sources import storable

    _open_window(
        source=None if source is None else storable(source),
        model=model,
        readings=None if readings is None else choice("--readings", readings, READINGS),
        device=device,
        mano_dir=mano,
        fov=fov,
        camera_file=camera_file,
        camera=None if named is None or isinstance(named, Path) else named.name,
        person=hand_shape,
        smoothing=True if steadiness is not None or response is not None else None,
        steadiness=steadiness,
        response=response,
        renderer=renderer,
        websocket_origins=tuple(websocket_origin) if websocket_origin else None,
        mirrored_files=mirrored or None,
        mirrored_cameras=mirrored or None,
        **stream_settings(given_streams(vmc, osc, websocket, virtual_camera)),
    )


def replay(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the session.")],
    model: Annotated[
        str | None, typer.Option("--model", metavar="NAME", help="Run this model over it, to compare with.")
    ] = None,
    device: GivenDevice = None,
    mano: Mano = None,
    renderer: GivenRenderer = None,
) -> None:
    """Show a recorded session in a window: any frame, any speed, any two runs side by side."""
    from app.replay.clip import open_clip
    from app.settings import SettingsStore
    from app.window import run_replay_window

    settings = SettingsStore.load(device=device, mano_dir=mano, renderer=renderer).current
    clip = open_clip(folder, settings.mano_dir)
    if model is not None:
        clip.check_runnable(model)
    problem = display_problem()
    if problem is not None:
        raise BothhandsError(f"{problem}; `export` makes a video without one.")
    raise typer.Exit(run_replay_window(clip, settings, model))


def _mano_in_use(given: Path | None) -> Path | None:
    """The folder of MANO files that the window will load."""
    from app.settings import SettingsStore

    return given or SettingsStore.load().current.mano_dir


def _open_window(**overrides: Any) -> None:
    from app.settings import SettingsStore
    from app.window import run_window

    raise typer.Exit(run_window(SettingsStore.load(**overrides)))
