"""Hand shapes in the window: the menu of the people whose hands were measured, and measuring them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from PyQt5.QtCore import QObject
from PyQt5.QtWidgets import QMenu, QWidget

from app.live import Message
from app.live.hand_calibration import HandCalibration
from app.naming import find, given_name, with_one, without
from app.persons import FIRST_NAME, Person, renamed
from app.settings import Settings
from app.window.banner import BannerStack
from app.window.dialogs import ask_name
from app.window.hand_shape_guide import HandShapeGuide
from app.window.language import Texts
from app.window.menu_entries import MenuEntries, as_entry
from app.window.texts import palm_text
from models.errors import BothhandsError
from models.fitting.calibration import SHAPE_SIZE
from tracking.values import TrackedFrame

tr = Texts("HandShapes")


tr.mark("Me")  # `FIRST_NAME`


class ShapedSession(Protocol):
    """What is asked of `app.live.LiveSession`."""

    @property
    def hand_model(self) -> str:
        """Name of the hand model in use, "" until a model is loaded."""
        ...

    def set_hand_shape(self, shape: tuple[float, ...] | None) -> None:
        """Hold this shape; None adapts it."""
        ...

    def measure_hand_shape(self) -> None:
        """Let every frame estimate it."""
        ...

    def palm_length(self, shape: Any) -> float | None:
        """Metres."""
        ...


class HandShapes(QObject):
    """Measures a person's hands, keeps people and chooses among them.

    Attributes:
        guide: to be laid over the image.
        entries: of the menu; None until there is one.

    Args:
        window: that dialogs belong to.
        session: whose fits hold the shape.
        banners: where messages are shown.
        settings: gives those that hold now.
        remember: changes and saves settings.
    """

    def __init__(
        self,
        window: QWidget,
        session: ShapedSession,
        banners: BannerStack,
        settings: Callable[[], Settings],
        remember: Callable[..., Any],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._banners = banners
        self._settings = settings
        self._remember = remember
        self._calibration: HandCalibration | None = None
        self._before: np.ndarray = np.zeros(SHAPE_SIZE)
        self._adapted: np.ndarray | None = None
        self.entries: MenuEntries | None = None
        self.guide = HandShapeGuide()
        self.guide.kept.connect(self._keep)
        self.guide.again.connect(self.measure)
        self.guide.cancelled.connect(self.leave)

    @property
    def measuring(self) -> bool:
        """Whether the guide is open."""
        return self._calibration is not None

    # Measuring.

    def measure(self) -> None:
        """Open the guide, or begin anew where it is open."""
        if not self.measuring:
            held = self._settings().hand_shape
            before = self._adapted if held is None else np.array(held)
            self._before = np.zeros(SHAPE_SIZE) if before is None else before
        self._calibration = HandCalibration()
        self._session.measure_hand_shape()
        self.guide.show_progress(self._calibration)
        self.guide.show()
        self.guide.raise_()

    def leave(self) -> None:
        """Close the guide; the fits go on with the shape that is chosen."""
        self._calibration = None
        self.guide.hide()
        self._session.set_hand_shape(self._settings().hand_shape)

    def restart(self) -> None:
        """Another source begins: there may be somebody else in it."""
        self._adapted = None
        if self._calibration is not None and self._calibration.result is None:
            self._calibration.restart()
            self.guide.show_progress(self._calibration)

    def see(self, tracked: TrackedFrame) -> None:
        """Take the next frame in."""
        calibration = self._calibration
        if calibration is None:
            for parameters in tracked.raw.values():
                self._adapted = np.asarray(parameters.shape, np.float64)
            return
        if calibration.result is not None:
            return
        calibration.update(tracked)
        if calibration.result is None:
            self.guide.show_progress(calibration)
            return
        shape = calibration.result.shape
        self._session.set_hand_shape(shape)  # the effect is seen before it is kept
        settings = self._settings()
        chosen = find(settings.persons, settings.person)
        self.guide.show_result(self._effect(shape), tr(FIRST_NAME) if chosen is None else chosen.name)

    def _effect(self, shape: tuple[float, ...]) -> str:
        before, now = self._session.palm_length(self._before), self._session.palm_length(shape)
        return "" if before is None or now is None else palm_text(before, now)

    def _keep(self, name: str) -> None:
        calibration = self._calibration
        if calibration is None or calibration.result is None:
            return
        try:
            person = Person(
                name=given_name(name),
                shape=calibration.result.shape,
                hand_model=self._session.hand_model or self._settings().hand_model,
            )
        except BothhandsError as error:
            self._banners.show_refusal(error)
            return
        self._remember(persons=with_one(self._settings().persons, person), person=person.name)
        self.leave()
        self.show_persons()
        self._banners.show_message(
            Message("info", tr("Every fit now holds the hand shape of {name}.", name=person.name)),
            about=_about(person),
        )

    # People.

    def build(self, menu: QMenu) -> None:
        """Add the people to a menu, below what is in it."""
        menu.addSeparator()
        self.entries = MenuEntries(self, menu)
        self.show_persons()

    def show_persons(self) -> None:
        """Show who there is, and who is chosen."""
        entries, settings = self.entries, self._settings()
        if entries is None:
            return
        entries.clear()
        chosen = find(settings.persons, settings.person)
        nobody = tr("&Nobody: adapt to whoever is seen")
        entries.add_choice(nobody, lambda: self.choose(None), checked=chosen is None)
        for person in settings.persons:
            usable = person.hand_model == settings.hand_model
            title, name = as_entry(person.name), person.name
            if not usable:
                title = tr("{name} (of the {hand_model} hand model)", name=title, hand_model=person.hand_model)
            entry = entries.add_choice(title, lambda name=name: self.choose(name), checked=person == chosen)
            entry.setEnabled(usable)
        if chosen is not None:
            title = as_entry(chosen.name)
            entries.add_separator()
            entries.add(tr("&Rename {name}…", name=title), self.rename)
            entries.add(tr("&Delete {name}", name=title), self.delete)

    def choose(self, name: str | None) -> None:
        """Hold the shape of this person, or of nobody."""
        self._remember(person=name)
        if self.measuring:
            self.leave()
        else:
            self._session.set_hand_shape(self._settings().hand_shape)
        self.show_persons()

    def rename(self) -> None:
        """Ask for another name of the chosen person."""
        name = self._settings().person or ""
        title, label = tr("Bothhands: hand shape"), tr("Whose hands these are:")
        ask_name(self._window, title, label, lambda new: self.rename_to(name, new), name)

    def rename_to(self, name: str, new: str) -> None:
        """Call a person otherwise."""
        settings = self._settings()
        try:
            persons = renamed(settings.persons, name, new)
        except BothhandsError as error:
            self._banners.show_refusal(error)
            return
        self._remember(persons=persons, person=given_name(new) if settings.person == name else settings.person)
        self.show_persons()

    def delete(self) -> None:
        """Forget the chosen person; a message offers to bring them back."""
        settings = self._settings()
        person = find(settings.persons, settings.person)
        if person is None:
            return
        self._remember(persons=without(settings.persons, person.name))
        self.choose(None)
        self._banners.show_message(
            Message("info", tr("The hand shape of {name} was deleted.", name=person.name)),
            [(tr("Undo"), lambda: self._bring_back(person))],
            about=_about(person),
        )

    def _bring_back(self, person: Person) -> None:
        self._remember(persons=with_one(self._settings().persons, person))
        self.choose(person.name)


def _about(person: Person) -> str:
    return f"person {person.name}"
