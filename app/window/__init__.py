"""The window, and the only place that imports Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.settings import SettingsStore


def run_window(settings: SettingsStore) -> int:
    """Show the window until it is closed.

    Args:
        settings: what to begin with, and where choices are remembered.

    Returns:
        Exit code.
    """
    from app.window.qt_environment import drop_opencv_qt_paths

    drop_opencv_qt_paths()  # before Qt makes its application
    from app.window.application import run

    return run(settings)
