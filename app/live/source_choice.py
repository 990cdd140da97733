"""Which source a session begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.cameras import source_identity
from app.demo import demo_clip
from app.live.camera_offers import CameraOffers
from app.live.factories import Factories
from app.live.feed import OpenedSource
from app.live.values import MessageBoard
from models.errors import BothhandsError
from models.sentences import say
from tracking.sources import is_camera
from tracking.sources.camera_controls import ControlledSource, ControlName
from tracking.sources.camera_mode import CameraMode, mode_text
from tracking.sources.mirrored import MirroredSource
from tracking.sources.protocol import FrameSource

DEMO = "demo"
"""What names the demo clip as a source, wherever the app is installed."""


class SourceOpener:
    """Opens sources and tells what a person should know about it.

    Args:
        factories: how sources are opened and cameras found.
        board: gets notices of sources and why one could not be opened.

    Attributes:
        mirrored_files, mirrored_cameras: whether files, and cameras and streams, are turned back left to right. The
            demo clip never is.
        mode_of: what to ask a camera for, by its identity; None for the usual mode.
        controls_of: what the driver of a camera is told, by the camera's identity.
        offers: which cameras a person knows of already.
    """

    def __init__(self, factories: Factories, board: MessageBoard) -> None:
        self._factories = factories
        self._board = board
        self.offers = CameraOffers()
        self.mirrored_files = False
        self.mirrored_cameras = False
        self.mode_of: Callable[[str], CameraMode | None] = lambda camera: None
        self.controls_of: Callable[[str], Mapping[ControlName, int]] = lambda camera: {}

    def open(self, spec: str) -> OpenedSource:
        """Open a source; the demo clip starts over at its end.

        Raises:
            BothhandsError: it cannot be opened.
        """
        path = str(demo_clip()) if spec == DEMO else spec
        identity = source_identity(spec)  # once: Windows and macOS take a while to list their cameras
        source = self._open(path, identity)
        mirrored = spec != DEMO and (self.mirrored_cameras if source.live else self.mirrored_files)
        if mirrored:
            source = MirroredSource(source)
        reopen = None if source.live else lambda: self.open(spec)
        return OpenedSource(source, spec, identity, reopen, loop=spec == DEMO, mirrored=mirrored)

    def wanted_mode(self, spec: str) -> CameraMode | None:
        """What a source is to be asked for; None for the usual mode, and for what is no camera."""
        return self.mode_of(source_identity(spec)) if is_camera(spec) else None

    def open_first(self, wanted: str | None) -> OpenedSource:
        """What was used last, else the first camera that works, else the demo clip.

        Raises:
            BothhandsError: not even the demo clip can be opened.
        """
        if wanted is not None:
            opened = self._attempt(wanted)
            if opened is not None:
                return opened
        cameras = self._factories.list_cameras()
        self.offers.know(cameras)
        for camera in cameras:
            opened = self._attempt(camera.spec) if camera.spec != wanted else None
            if opened is not None:
                return opened
        opened = self.open(DEMO)
        lacking = say("No camera works") if cameras else say("No camera was found")
        self._board.post(
            "info",
            say(
                "{lacking}, so this is the demo clip. Connect a camera, press the refresh button and choose it as "
                "source.",
                lacking=lacking,
            ),
        )
        return opened

    def _open(self, spec: str, identity: str) -> FrameSource:
        source = self._open_in_its_mode(spec, self.mode_of(identity) if is_camera(spec) else None)
        if isinstance(source, ControlledSource):
            source.hold_controls(lambda: self.controls_of(identity))
        return source

    def _open_in_its_mode(self, spec: str, mode: CameraMode | None) -> FrameSource:
        try:
            return self._factories.open_source(spec, self._notice, mode)
        except BothhandsError:
            if mode is None:
                raise
            # One that can be chosen and gives no image would keep the camera shut at every start.
            source = self._factories.open_source(spec, self._notice, None)
        self._notice(
            say(
                "{name} gives no image when it is asked for {mode}, so it is asked for the usual mode; choose another "
                "one below Source.",
                name=source.name,
                mode=mode_text(mode),
            )
        )
        return source

    def _attempt(self, spec: str) -> OpenedSource | None:
        try:
            return self.open(spec)
        except BothhandsError as error:
            self._board.post_error(say("Opening the source"), error)
            return None

    def _notice(self, text: str) -> None:
        self._board.post("warning", text)
