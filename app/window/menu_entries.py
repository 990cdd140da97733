"""Entries of menus that come and go while the program runs: what a person keeps under names."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject
from PyQt5.QtWidgets import QAction, QActionGroup, QMenu


def as_entry(name: str) -> str:
    """A name as a menu shows it: its "&" is one, and marks no letter."""
    return name.replace("&", "&&")


def add_entry(menu: QMenu, title: str, slot: Callable[[], None]) -> QAction:
    """Add an entry to a menu, to which it belongs.

    Args:
        menu: it.
        title: with "&" before its letter.
        slot: called when it is chosen.
    """
    action = QAction(title, menu)
    action.triggered.connect(lambda: slot())
    menu.addAction(action)
    return action


class MenuEntries:
    """The entries at the end of a menu that are made anew whenever what they name has changed.

    Attributes:
        actions: those that there are now, separators included.

    Args:
        owner: what they belong to.
        menu: that they are at the end of.
    """

    def __init__(self, owner: QObject, menu: QMenu) -> None:
        self.actions: list[QAction] = []
        self._menu = menu
        self._choices = QActionGroup(owner)

    def clear(self) -> None:
        """Take all of them away."""
        for action in self.actions:
            self._menu.removeAction(action)
            self._choices.removeAction(action)
            action.deleteLater()
        self.actions = []

    def add(self, title: str, slot: Callable[[], None]) -> QAction:
        """Add one; see `add_entry`."""
        action = add_entry(self._menu, title, slot)
        self.actions.append(action)
        return action

    def add_choice(self, title: str, slot: Callable[[], None], *, checked: bool) -> QAction:
        """Add one of several of which one holds."""
        action = self.add(title, slot)
        action.setCheckable(True)
        action.setChecked(checked)
        self._choices.addAction(action)
        return action

    def add_separator(self) -> None:
        """Add a line."""
        action = self._menu.addSeparator()
        assert action is not None
        self.actions.append(action)
