"""Keeps the window's catalogues in step with its texts: `python -m tools.translations`.

New texts are added as unfinished, texts that are gone are dropped. What is left to do is translating them, in Qt
Linguist or any editor; a test holds that nothing is unfinished.
"""

from __future__ import annotations

import ast
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from app.window.language import CATALOGUES, COMMANDS_CONTEXT, NAMES, SENTENCES, Key

_ROOT = Path(__file__).resolve().parents[1]
_ROOMS = ("app", "models", "render", "tracking")


@dataclass(frozen=True)
class Text:
    """A text of the program that can be translated.

    Attributes:
        key: context, English text and meaning.
        plural: it depends on a number.
        place: file and line.
    """

    key: Key
    plural: bool
    place: str


class NotALiteralError(ValueError):
    """A text is put together before it is translated, so that no catalogue can have it."""


def texts(root: Path = _ROOT) -> list[Text]:
    """All texts of the window, and the sentences that the rest of the program says to it.

    Raises:
        NotALiteralError: one is no literal.
    """
    found = []
    for room in _ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += list(_texts_of(tree, path.relative_to(root).as_posix()))
    return found


def _texts_of(tree: ast.Module, place: str) -> Iterator[Text]:
    contexts = _contexts(tree) | {"say": SENTENCES, "Command": COMMANDS_CONTEXT}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        marks = isinstance(node.func, ast.Attribute) and node.func.attr == "mark"
        name = node.func.value if marks and isinstance(node.func, ast.Attribute) else node.func
        if not isinstance(name, ast.Name) or name.id not in contexts:
            continue
        where = f"{place}:{node.lineno}"
        ours = name.id not in ("say", "Command")
        words = {keyword.arg: keyword.value for keyword in node.keywords} if ours else {}
        meaning = node.args[1] if ours and len(node.args) > 1 else words.get("meaning")
        told = meaning.value if isinstance(meaning, ast.Constant) else ""
        if name.id == "Command" and not isinstance(node.args[0], ast.Constant):
            continue  # those of models, which are called by the models' names
        for text in _literals(node.args[0], where):
            yield Text((contexts[name.id], text, str(told)), "n" in words, where)


def _literals(node: ast.expr, where: str) -> Iterator[str]:
    """What a text may be; nothing where a variable holds one that was marked elsewhere."""
    if isinstance(node, ast.IfExp):
        yield from _literals(node.body, where)
        yield from _literals(node.orelse, where)
    elif isinstance(node, (ast.JoinedStr, ast.BinOp)):
        raise NotALiteralError(f"{where}: put together before it is translated; translate it whole, with placeholders")
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _contexts(tree: ast.Module) -> dict[str, str]:
    """Name of each `Texts` of a module, and its context."""
    return {
        node.targets[0].id: str(node.value.args[0].value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "Texts"
        and isinstance(node.value.args[0], ast.Constant)
    }


def updated(path: Path, wanted: dict[Key, bool], language: str) -> str:
    """A .ts file with exactly the wanted texts; what was translated before stays.

    Args:
        path: of the file as it is, which need not be there.
        wanted: texts, and whether each depends on a number.
        language: of the file.
    """
    known: dict[Key, ET.Element] = {}
    if path.is_file():
        for context in ET.parse(path).getroot().iter("context"):
            for message in context.iter("message"):
                key = context.findtext("name", ""), message.findtext("source", ""), message.findtext("comment", "")
                translation = message.find("translation")
                if translation is not None:
                    known[key] = translation
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>"]
    lines.append(f'<TS version="2.1" language="{language}" sourcelanguage="en">')
    for context in sorted({key[0] for key in wanted}):
        lines += ["<context>", f"    <name>{escape(context)}</name>"]
        for key in sorted(key for key in wanted if key[0] == context):
            lines += _message(key, wanted[key], known.get(key))
        lines.append("</context>")
    return "\n".join([*lines, "</TS>", ""])


def _message(key: Key, plural: bool, old: ET.Element | None) -> list[str]:
    lines = ['    <message numerus="yes">' if plural else "    <message>"]
    lines.append(f"        <source>{escape(key[1])}</source>")
    if key[2]:
        lines.append(f"        <comment>{escape(key[2])}</comment>")
    forms = [form.text or "" for form in old.iter("numerusform")] if old is not None else []
    if old is None or plural != bool(forms):
        forms, text, kind = ["", ""], "", ' type="unfinished"'
    else:
        text, kind = old.text or "", f' type="{old.get("type")}"' if old.get("type") else ""
    if plural:
        several = "".join(f"<numerusform>{escape(form)}</numerusform>" for form in forms)
        lines.append(f"        <translation{kind}>{several}</translation>")
    else:
        lines.append(f"        <translation{kind}>{escape(text)}</translation>")
    return [*lines, "    </message>"]


def catalogue_of(language: str) -> tuple[Path, dict[Key, bool]]:
    """File of a language, and what is to be in it: of English, only what has a plural."""
    wanted = {text.key: text.plural for text in texts()}
    if language == "en":
        wanted = {key: plural for key, plural in wanted.items() if plural}
    return CATALOGUES / f"bothhands_{language}.ts", wanted


def main() -> None:
    """Write all catalogues, and say what is unfinished."""
    for language in NAMES:
        path, wanted = catalogue_of(language)
        content = updated(path, wanted, language)
        path.write_text(content, encoding="utf-8", newline="\n")
        print(f"{path.name}: {len(wanted)} texts, {content.count('unfinished')} unfinished")


if __name__ == "__main__":
    main()
