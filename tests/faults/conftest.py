"""The X server without a screen that the window's tests have."""

from tests.window.conftest import display

__all__ = ["display"]
