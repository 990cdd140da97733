"""Which cameras a person has yet to be asked about."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracking.sources import CameraInfo


class CameraOffers:
    """Tells cameras that were plugged in from those that were there before; each is offered once. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: set[str] | None = None
        self._new: dict[str, CameraInfo] = {}

    def know(self, cameras: Iterable[CameraInfo]) -> None:
        """These need no offer: they were tried or chosen."""
        with self._lock:
            specs = {camera.spec for camera in cameras}
            self._known = (self._known or set()) | specs
            self._new = {spec: camera for spec, camera in self._new.items() if spec not in specs}

    def see(self, cameras: Iterable[CameraInfo]) -> None:
        """These are there now. The first ones that are ever seen are known; one that went away is offered no more."""
        cameras = list(cameras)
        if self._known is None:
            self.know(cameras)
            return
        with self._lock:
            there = {camera.spec: camera for camera in cameras}
            self._new = {spec: camera for spec, camera in there.items() if spec in self._new or spec not in self._known}
            self._known |= there.keys()

    def take(self) -> CameraInfo | None:
        """One that was not offered yet."""
        with self._lock:
            return self._new.pop(next(iter(self._new)), None) if self._new else None
