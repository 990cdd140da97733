"""The menu of named sets of settings: save as, choose, delete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt5.QtCore import QObject
from PyQt5.QtWidgets import QMenu, QWidget

from app.live import Message
from app.naming import given_name, with_one, without
from app.profiles import Profile, holds, profile_of
from app.settings import Settings
from app.window.banner import BannerStack
from app.window.dialogs import ask_name
from app.window.language import Texts
from app.window.menu_entries import add_entry, as_entry
from models.errors import BothhandsError

tr = Texts("ProfileMenu")


class ProfileMenu(QObject):
    """Keeps profiles and fills a menu with them whenever it is opened.

    Attributes:
        menu: to be entered into the menu bar.

    Args:
        window: that dialogs belong to.
        banners: where messages are shown.
        settings: gives those that hold now.
        remember: changes and saves settings.
        apply: makes everything as a profile has it.
    """

    def __init__(
        self,
        window: QWidget,
        banners: BannerStack,
        settings: Callable[[], Settings],
        remember: Callable[..., Any],
        apply: Callable[[Profile], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._banners = banners
        self._settings = settings
        self._remember = remember
        self._apply = apply
        self.menu = QMenu(tr("&Profiles"), window)
        self.menu.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """Show what there is, and which of them holds now."""
        self.menu.clear()
        settings = self._settings()
        add_entry(self.menu, tr("&Save these settings as…"), self.ask)
        if not settings.profiles:
            return
        self.menu.addSeparator()
        for profile in settings.profiles:
            action = add_entry(self.menu, as_entry(profile.name), lambda profile=profile: self._apply(profile))
            action.setCheckable(True)
            action.setChecked(holds(profile, settings))
        self.menu.addSeparator()
        deleting = self.menu.addMenu(tr("&Delete"))
        assert deleting is not None
        for profile in settings.profiles:
            add_entry(deleting, as_entry(profile.name), lambda profile=profile: self.delete(profile))

    def ask(self) -> None:
        """Ask for a name, and save under it."""
        label = tr("Name of the profile; one that is there already is replaced:")
        ask_name(self._window, tr("Bothhands: profile"), label, self.save)

    def save(self, name: str) -> None:
        """Keep the settings as they are, under a name."""
        try:
            profile = profile_of(given_name(name), self._settings())
        except BothhandsError as error:
            self._banners.show_refusal(error)
            return
        self._remember(profiles=with_one(self._settings().profiles, profile))
        said = tr("The profile {name} is saved: File > Profiles chooses it.", name=profile.name)
        self._banners.show_message(Message("info", said), about=_about(profile))

    def delete(self, profile: Profile) -> None:
        """Forget a profile; a message offers to bring it back."""
        self._remember(profiles=without(self._settings().profiles, profile.name))
        self._banners.show_message(
            Message("info", tr("The profile {name} was deleted.", name=profile.name)),
            [(tr("Undo"), lambda: self._bring_back(profile))],
            about=_about(profile),
        )

    def _bring_back(self, profile: Profile) -> None:
        self._remember(profiles=with_one(self._settings().profiles, profile))


def _about(profile: Profile) -> str:
    return f"profile {profile.name}"
