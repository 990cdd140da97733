"""The window, and the only place that imports Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.replay.clip import Clip
    from app.settings import Settings, SettingsStore


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


def run_replay_window(clip: Clip, settings: Settings, model: str | None = None) -> int:
    """Show a recorded session until its window is closed.

    Args:
        clip: the open session.
        settings: how hands are drawn.
        model: a model to run over it at once.

    Returns:
        Exit code.
    """
    from app.window.qt_environment import drop_opencv_qt_paths

    drop_opencv_qt_paths()
    from app.window.application import run_replay

    return run_replay(clip, settings, model)
