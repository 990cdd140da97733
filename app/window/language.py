"""The languages of the window, through Qt's translation.

A text is written in English where it is shown, `tr("Record")`, with `tr = Texts("ControlPanel")` at the module's top.
The catalogues in `translations` are Qt Linguist's .ts files and are read as they lie: nothing is compiled, and nothing
can be older than its source. English has one too, for its plurals alone.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from PyQt5.QtCore import QCoreApplication, QDateTime, QLibraryInfo, QLocale, QTranslator
from PyQt5.QtGui import QKeySequence

from app.settings import Language
from models.sentences import Sentence, said

CATALOGUES = Path(__file__).parent / "translations"
NAMES: Mapping[str, str] = {"en": "English", "de": "Deutsch"}
"""The languages, as those call them who speak them."""
SENTENCES = "Sentence"
"""Context of what the rest of the program says, see `models.sentences`."""
COMMANDS_CONTEXT = "Command"
"""Context of the titles in `app.shortcuts`."""

Key = tuple[str, str, str]
"""Context, source text, and what tells it from the same text with another meaning ("" for nothing)."""


class Texts:
    """Translates the texts of one context.

    Args:
        context: under which the catalogue has them, usually the class that shows them.
    """

    def __init__(self, context: str) -> None:
        self.context = context

    def __call__(self, text: str, /, meaning: str = "", n: int = -1, **values: Any) -> str:
        """The text in the window's language.

        Args:
            text: in English, with a placeholder in braces for each value and "%n" for the number. It is a literal, or
                was marked by `mark`.
            meaning: tells it from the same text with another meaning.
            n: number on which the plural depends.
            values: by the names of their placeholders; floats get the language's decimal point.
        """
        found = QCoreApplication.translate(self.context, text, meaning or None, n)
        return _FORMATTER.vformat(found, (), values) if values else found

    @staticmethod
    def mark(text: str) -> str:
        """The text as it is: it is translated where it is shown. For constants, which are made before there is a
        language.
        """
        return text


_OTHER_SIGNS = str.maketrans(".,", ",.")


class _Formatter(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        text = super().format_field(value, format_spec)
        if not isinstance(value, float) or not format_spec or decimal_point() == ".":
            return text
        return text.translate(_OTHER_SIGNS)  # a point stands between thousands then


_FORMATTER = _Formatter()
_sentences = Texts(SENTENCES)


def worded(text: str | BaseException) -> str:
    """What the rest of the program says, in the window's language as far as it can be said in it.

    Args:
        text: a `Sentence` is translated, any other string stays as it is; of an exception its text.
    """
    if isinstance(text, BaseException):
        text = said(text)
    if not isinstance(text, Sentence):
        return text
    values = {name: worded(value) if isinstance(value, str) else value for name, value in text.values.items()}
    found = _sentences(text.template)
    return _FORMATTER.vformat(found, (), values) if values else found


def decimal_point() -> str:
    """Of the language that is spoken."""
    return QLocale().decimalPoint()


def key_text(key: str) -> str:
    """A key as this system and language write it, from Qt's portable text."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def date_text(when: Any, pattern: str) -> str:
    """A `datetime` with the language's names of months and days.

    Args:
        when: a `datetime`.
        pattern: in Qt's letters: "d MMM yyyy, HH:mm:ss".
    """
    return QLocale().toString(QDateTime(when.replace(tzinfo=None)), pattern)


def chosen_language(language: Language) -> str:
    """The language that is spoken where this one is set: the first of the system's that the window has, or English."""
    if language != "system":
        return language
    spoken = (QLocale(name).name().partition("_")[0] for name in QLocale.system().uiLanguages())
    return next((name for name in spoken if name in NAMES), "en")


class Catalogue(QTranslator):
    """The texts of one .ts file.

    Args:
        language: whose it is.
    """

    def __init__(self, language: str) -> None:
        super().__init__()
        self._forms = forms(CATALOGUES / f"bothhands_{language}.ts")

    def isEmpty(self) -> bool:  # noqa: N802
        """Qt: whether there is nothing to ask for."""
        return not self._forms

    def translate(  # type: ignore[override]
        self,
        context: str | None,
        sourceText: str | None,  # noqa: N803
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str | None:
        """Qt: the text, None where it is not here."""
        found = self._forms.get((context or "", sourceText or "", disambiguation or ""))
        # Both languages have a form for one and a form for all other numbers.
        return None if found is None else found[min(0 if n == 1 else 1, len(found) - 1)]


@cache
def forms(path: Path) -> Mapping[Key, tuple[str, ...]]:
    """The finished translations of a .ts file; two of each text that depends on a number."""
    found: dict[Key, tuple[str, ...]] = {}
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None or translation.get("type") is not None:
                continue
            several = [form.text or "" for form in translation.iter("numerusform")]
            key = (context.findtext("name", ""), message.findtext("source", ""), message.findtext("comment", ""))
            found[key] = tuple(several) or (translation.text or "",)
    return found


_installed: list[QTranslator] = []


@cache
def _translators(name: str) -> list[QTranslator]:
    """Of a language: the window's texts, and Qt's for dialogs of files and their buttons.

    They are never destroyed. Qt holds a lock while it asks one for a text; Python may clear away what nobody uses in
    the middle of that, and the end of a translator waits for the same lock: the window would stand still for ever.
    """
    own, qt = Catalogue(name), QTranslator()
    found = qt.load(QLocale(name), "qtbase", "_", QLibraryInfo.location(QLibraryInfo.LibraryLocation.TranslationsPath))
    return [own, qt] if found else [own]


def apply_language(language: Language) -> None:
    """Speak this language from now on. Open windows are told by Qt's LanguageChange and make their texts anew.

    Args:
        language: as it is set.
    """
    name = chosen_language(language)
    for old in _installed:
        QCoreApplication.removeTranslator(old)
    _installed[:] = _translators(name)
    locale = QLocale(name)
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    QLocale.setDefault(locale)
    for translator in _installed:
        QCoreApplication.installTranslator(translator)
