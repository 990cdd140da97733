"""The main window's commands: menu items with the keys that a person has given them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QAction, QMainWindow, QMenu

from app.shortcuts import COMMANDS, keys_of
from app.window.actions import add_action
from app.window.language import COMMANDS_CONTEXT, Texts

tr = Texts(COMMANDS_CONTEXT)


def command_name(name: str) -> str:
    """What a command is called where it is no menu item, in the window's language."""
    return tr(COMMANDS[name].title).replace("&", "").rstrip("…")


class Commands:
    """Makes the menu items of `app.shortcuts.COMMANDS` and gives them their keys.

    Attributes:
        actions: command to its menu item.

    Args:
        window: in which the keys work.
        chosen: command to key, where a person has chosen another one.
    """

    def __init__(self, window: QMainWindow, chosen: Mapping[str, str]) -> None:
        self._window = window
        self._keys = keys_of(chosen)
        self.actions: dict[str, QAction] = {}

    def add(self, menu: QMenu | None, name: str, slot: Callable[[], object], title: str = "") -> QAction:
        """Enter a command into a menu.

        Args:
            menu: as `QMenuBar.addMenu` gives it.
            name: of the command.
            slot: called without arguments.
            title: in place of the command's own.
        """
        action = add_action(self._window, menu, title or tr(COMMANDS[name].title), self._keys[name], slot)
        self.actions[name] = action
        return action

    @property
    def keys(self) -> Mapping[str, str]:
        """Command to its key; "" for none."""
        return self._keys

    def set_keys(self, chosen: Mapping[str, str]) -> None:
        """Go over to other keys at once."""
        self._keys = keys_of(chosen)
        for name, action in self.actions.items():
            action.setShortcut(QKeySequence(self._keys[name]))
