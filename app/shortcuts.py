"""What the main window can be told to do by a key: the keys it begins with, and those that a person chose instead.

Keys are written as Qt's portable text has them: "Ctrl+Shift+S", "F5". A key that types something needs Ctrl, Alt or
Meta beside it, so that nothing happens while a person types.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from models.errors import BothhandsError
from models.sentences import say

MODELS = 9
"""So many models get a key of their own."""
_TYPING = re.compile(r".|Space|Tab|Return|Enter|Backspace|Delete|Left|Right|Up|Down|Home|End|PgUp|PgDown|Ins|Del")
_MODIFIERS = ("Ctrl", "Meta", "Alt", "Shift")


@dataclass(frozen=True)
class Command:
    """Something the window can be told to do.

    Attributes:
        title: in the menu, "&" before its letter.
        key: that it has unless a person chose another one; "" for none.
    """

    title: str
    key: str

    @property
    def name(self) -> str:
        """The title as it is read."""
        return self.title.replace("&", "").rstrip("…")


COMMANDS: Mapping[str, Command] = {
    "open-file": Command("&Open file…", "Ctrl+O"),
    "open-folder": Command("Open fol&der of images…", "Ctrl+Shift+O"),
    "sessions": Command("&Sessions…", "Ctrl+B"),
    "replay": Command("Replay a session &folder…", "Ctrl+Shift+R"),
    "find-cameras": Command("Look for &cameras again", "F5"),
    "record": Command("&Record or stop", "Ctrl+R"),
    "snapshot-hands": Command("Snapshot with the &hands", "Ctrl+S"),
    "snapshot": Command("S&napshot without the hands", "Ctrl+Shift+S"),
    "quit": Command("&Quit", "Ctrl+Q"),
    "play": Command("&Play or pause the clip", "Ctrl+P"),
    "back": Command("One frame &back", "Ctrl+Left"),
    "forward": Command("One frame &forward", "Ctrl+Right"),
    "loop": Command("&Loop the clip", "Ctrl+L"),
    "mirror": Command("&Mirror the video", "Ctrl+M"),
    "turn-back": Command("&Turn a mirrored source back", "Ctrl+Shift+M"),
    "view": Command("Mesh or &skeleton", "Ctrl+K"),
    "crisp": Command("&Crisp hands", ""),
    "scene": Command("&3D view beside the video", "Ctrl+D"),
    "theme": Command("&Light colours", ""),
    "larger-text": Command("La&rger text", "Ctrl++"),
    "smaller-text": Command("Sm&aller text", "Ctrl+-"),
    "shortcuts": Command("Chan&ge keys…", ""),
    "full-screen": Command("&Full screen", "F11"),
    "zoom-in": Command("Zoom &in", "Ctrl+Up"),
    "zoom-out": Command("Zoom &out", "Ctrl+Down"),
    "zoom-all": Command("Sho&w the whole frame", "Ctrl+Home"),
    "leave-full-screen": Command("L&eave full screen or comparison", "Esc"),
    "calibrate-hands": Command("&Calibrate hand shape…", "Ctrl+H"),
    "lock-sides": Command("&Lock sides", ""),
    "camera-angle": Command("Calibrate by its &field of view…", ""),
    "camera-board": Command("Calibrate by a &board…", "Ctrl+Shift+C"),
    "print-board": Command("&Print a calibration board…", ""),
    "camera-controls": Command("&Exposure, gain and focus…", ""),
    "models": Command("&Compare the models…", "Ctrl+0"),
    "compare": Command("Compare two models &live", "Ctrl+T"),
    "swap": Command("S&wap the two models", "Ctrl+Shift+T"),
    **{f"model-{row + 1}": Command(f"Model {row + 1}", f"Ctrl+{row + 1}") for row in range(MODELS)},
    "setup": Command("&Check this setup…", ""),
    "log": Command("&Log and health", "Ctrl+Shift+L"),
    "help": Command("Keys and &tips", "F1"),
    "about": Command("&About Bothhands", ""),
}


def check_key(key: str) -> str:
    """The key, if it can be one.

    Raises:
        BothhandsError: it acts while a person types.
    """
    modifiers, last = _parts(key)
    if key and not {"Ctrl", "Alt", "Meta"} & modifiers and _TYPING.fullmatch(last):
        raise BothhandsError(
            say("{key} would act while something is typed; hold Ctrl or Alt with it, or take an F key.", key=key)
        )
    if "," in key[:-1] or (key and last in ("", *_MODIFIERS)):
        raise BothhandsError(say("{key} is no key; press one key, with Ctrl or Alt held.", key=key))
    return key


def keys_of(chosen: Mapping[str, str]) -> dict[str, str]:
    """The key of every command; "" for none.

    Args:
        chosen: command to key where a person chose another one. What is no command, cannot be a key, or is another
            command's is passed over: the file may be of another version, or edited by hand.
    """
    keys = {name: command.key for name, command in COMMANDS.items()}
    for name, key in chosen.items():
        if name in COMMANDS and _is_key(key):
            for other, its in keys.items():
                if key and its == key and other != name and other not in chosen:
                    keys[other] = ""
            keys[name] = key if not key or key not in (keys[other] for other in keys if other != name) else ""
    return keys


def choose(chosen: Mapping[str, str], name: str, key: str) -> dict[str, str]:
    """The choices with another key for a command; one that has it already loses it, so that it is one's alone.

    Args:
        chosen: as `keys_of` takes it.
        name: of the command.
        key: "" for none.

    Raises:
        BothhandsError: it cannot be a key.
    """
    check_key(key)
    keys = keys_of(chosen)
    if key:
        keys.update({other: "" for other, its in keys.items() if its == key})
    keys[name] = key
    return {other: its for other, its in keys.items() if its != COMMANDS[other].key}


def _is_key(key: str) -> bool:
    try:
        check_key(key)
    except BothhandsError:
        return False
    return True


def _parts(key: str) -> tuple[set[str], str]:
    """Modifiers, and the key they are held with; "+" is a key as well."""
    held, _, last = key.rpartition("+") if not key.endswith("+") else (key[:-2], "+", "+")
    return {part for part in held.split("+") if part}, last
