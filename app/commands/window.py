"""`run`, `replay`, and what happens without a command: everything that opens a window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app import __version__
from app.commands import process
from app.commands.console import choice, out
from app.commands.options import (
    Fov,
    GivenCamera,
    GivenDevice,
    GivenMode,
    GivenModel,
    GivenReadings,
    GivenRenderer,
    HandShapeName,
    LockSides,
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
    mano_for,
    readable_path,
)
from app.window.display import display_problem
from models.errors import BothhandsError
from tracking.readings import READINGS

if TYPE_CHECKING:
    from app.settings import SettingsStore


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
        from app.settings import SettingsStore

        _open_window(SettingsStore.load())
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
    camera_mode: GivenMode = None,
    hand_shape: HandShapeName = None,
    lock_sides: LockSides = False,
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
    from app.outputs.streaming.settings import given_streams, stream_settings
    from app.persons import named
    from app.settings import SettingsStore
    from models.registry import require_weights
    from tracking.sources import storable

    known = camera_of(camera)
    camera_file = known if isinstance(known, Path) else None
    check_given(source, mano, camera_file, fov)
    store = SettingsStore.load(
        source=None if source is None else storable(source),
        model=model,
        readings=None if readings is None else choice("--readings", readings, READINGS),
        device=device,
        mano_dir=mano,
        fov=fov,
        camera_file=camera_file,
        camera=None if known is None or isinstance(known, Path) else known.name,
        camera_mode=camera_mode,
        person=hand_shape,
        lock_sides=lock_sides or None,
        smoothing=True if steadiness is not None or response is not None else None,
        steadiness=steadiness,
        response=response,
        renderer=renderer,
        websocket_origins=tuple(websocket_origin) if websocket_origin else None,
        mirrored_files=mirrored or None,
        mirrored_cameras=mirrored or None,
        **stream_settings(given_streams(vmc, osc, websocket, virtual_camera)),
    )
    if hand_shape is not None:  # else the window would leave it out without a word
        named(store.current.persons, hand_shape, store.current.hand_model)
    problem = display_problem()
    if problem is not None:
        raise BothhandsError(f"{problem}; use `process SOURCE` instead.")
    if model is not None:
        require_weights(model)
    _open_window(store)


def replay(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the session.", parser=readable_path)],
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

    settings = SettingsStore.load(device=device, mano_dir=mano_for(folder, mano), renderer=renderer).current
    clip = open_clip(folder, settings.mano_dir)
    if model is not None:
        clip.check_runnable(model)
    problem = display_problem()
    if problem is not None:
        raise BothhandsError(f"{problem}; `export` makes a video without one.")
    raise typer.Exit(run_replay_window(clip, settings, model))


def _open_window(store: SettingsStore) -> None:
    from app.window import run_window

    raise typer.Exit(run_window(store))
