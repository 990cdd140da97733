"""What is said on a terminal, whatever it can show, and whatever the names are that it is about.

Names of files and what stands in them come from elsewhere: they may look like rich's markup or an emoji's name, hold
bytes that are no text, or sequences by which a terminal is controlled. They are shown as they are, never obeyed.
"""

from __future__ import annotations

import codecs
import contextlib
import re
import sys
from typing import Any

from rich.console import Console
from rich.text import Text

_ERRORS = "bothhands.spell"
_SPELT = {
    "–": "-", "—": "-", "‑": "-", "−": "-", "…": "...", "×": "x", "·": ".", "°": " deg", "µ": "u", "²": "2",
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "→": "->", "≤": "<=", "≥": ">=", "±": "+-", "\u00a0": " ",
}  # fmt: skip
"""Characters of our own texts that small character sets lack."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""All but tabs and line feeds; of Unicode's those that break lines or turn the direction of what follows, and what
stands for bytes that are no text (PEP 383)."""


class PlainConsole(Console):
    """A console that takes text as text.

    Args:
        stderr: write there.
    """

    def __init__(self, stderr: bool = False, **options: Any) -> None:
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """Rich: text on its way to the terminal; every piece of it comes by here, cells of tables included."""
        # Spelt as it will be written, or columns of a table would be measured by other text than stands in them.
        spelt = printable(text).encode(self.encoding, _ERRORS).decode(self.encoding)
        return super().render_str(spelt, **options)

    def say(self, text: str) -> None:
        """Lines as they are, not broken to the terminal's width: what is copied from them stays whole."""
        self.print(text, soft_wrap=True)


def printable(text: str) -> str:
    r"""A text without control characters and bytes; where one stood there is its escape, such as `\x1b`."""
    return _CONTROLS.sub(lambda found: _escaped(found[0]), text)


def prepare_streams() -> None:
    """Let stdout and stderr take every text, in whichever encoding they are: what it lacks is spelt or escaped."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            with contextlib.suppress(ValueError):  # closed
                reconfigure(errors=_ERRORS)


def _spell(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    spelt = []
    for character in error.object[error.start : error.end]:
        # What the encoding lacks in the spelling again must not come back here.
        spelt.append(_SPELT.get(character) or _escaped(character))
    return "".join(spelt), error.end


def _escaped(character: str) -> str:
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()


codecs.register_error(_ERRORS, _spell)
