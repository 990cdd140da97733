"""The menu of languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PyQt5.QtWidgets import QAction, QActionGroup, QMenu, QWidget

from app.settings import Language
from app.window.language import NAMES, Texts, apply_language

tr = Texts("LanguageMenu")


class LanguageMenu(QMenu):
    """Languages by what they call themselves; the one that is chosen is spoken at once.

    Args:
        language: that is set.
        remember: changes and saves settings.
        parent: window that it belongs to.
    """

    def __init__(self, language: Language, remember: Callable[..., Any], parent: QWidget | None = None) -> None:
        super().__init__(tr("Lan&guage"), parent)
        self._remember = remember
        group = QActionGroup(self)
        titles: Mapping[Language, str] = {
            "system": tr("&As the system"),
            "en": f"&{NAMES['en']}",
            "de": f"&{NAMES['de']}",
        }
        for name, title in titles.items():
            action = QAction(title, self)
            action.setCheckable(True)
            action.setChecked(name == language)
            action.setData(name)
            group.addAction(action)
            self.addAction(action)
        group.triggered.connect(lambda action: self._choose(action.data()))

    def _choose(self, language: Language) -> None:
        self._remember(language=language)
        apply_language(language)
