"""Builds the wheel: the rooms of the house move into the package `bothhands`, and their imports follow.

The repository has `app`, `models`, `tracking` and others at its top, names that a user's own program may well have.
In the wheel they are `bothhands.app`, `bothhands.models` and so on; `imports` says how their sources are changed.
"""

from tools.build_wheel.build import BuildPy

__all__ = ["BuildPy"]
