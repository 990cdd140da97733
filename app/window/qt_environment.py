"""Keeps OpenCV's Qt away from ours."""

from __future__ import annotations

import os
from pathlib import Path

QT_PATH_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")


def drop_opencv_qt_paths() -> None:
    """Undo what importing cv2 does to Qt's environment; call it before QApplication is made.

    OpenCV's Linux wheels bring their own Qt plugins, and on import name their folder to every Qt in the process. PyQt5
    then tries to load an "xcb" plugin that was built for another Qt, and aborts. cv2 is imported here so that it
    cannot happen later; paths that a person set for other folders stay.
    """
    import cv2

    opencv = Path(cv2.__file__).resolve().parent
    for name in QT_PATH_VARIABLES:
        path = os.environ.get(name)
        if path is not None and Path(path).resolve().is_relative_to(opencv):
            del os.environ[name]
