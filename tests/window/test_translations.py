"""That the catalogues are whole, and that no text of the window goes past them."""

from __future__ import annotations

import ast
import functools
import math
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Set
from pathlib import Path
from string import Formatter
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError
from PyQt5.QtWidgets import QApplication

from app.live.smoothing_presets import OWN, PRESETS
from app.live.smoothing_trace import QUANTITIES
from app.persons import FIRST_NAME
from app.settings import Settings
from app.window import texts as window_texts
from app.window.control_panel import PRESET_TITLES
from app.window.language import CATALOGUES, NAMES, apply_language, forms, worded
from app.window.smoothing_plot import _QUANTITIES
from app.window.texts import model_tooltip
from models.errors import BothhandsError
from models.mano_files import load_mano_pickle
from models.registry import list_models, model_card
from models.sentences import Sentence
from models.validation import fault_text
from models.values import SIDES
from tools import translations
from tools.build_wheel.build import contents
from tools.translations import NotALiteralError, Text, catalogue_of, texts, updated
from tracking.gestures import GESTURES

ROOT = Path(__file__).parents[2]
WINDOW = ROOT / "app" / "window"
SHOWN_BY = {
    *("setText", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setPlaceholderText", "setStatusTip"),
    *("setWindowTitle", "setTitle", "setLabelText", "setFormat", "setPlainText", "setHtml", "setSuffix", "setPrefix"),
    *("setWhatsThis", "setHeaderLabels", "setTabText", "setItemText", "setNameFilter", "setSpecialValueText"),
    *("addItem", "addItems", "addAction", "addMenu", "addRow", "addTab", "insertItem", "addButton"),
    *("set_hint", "set_placeholder", "set_sign", "add_action", "narrow_combo", "showMessage", "drawText"),
    *("add_entry", "add_choice", "ask_name", "text_button"),
    *("question", "information", "warning", "critical", "about", "getText", "getItem"),
    *("QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QToolButton", "QGroupBox", "QAction", "QMenu"),
    *("QFileDialog", "QMessageBox", "QInputDialog", "QProgressDialog", "QListWidgetItem", "QDockWidget", "Message"),
    *("_combo", "_link", "_line", "_slider", "_button", "_label", "_box", "_text", "_say", "Section"),
}
"""Functions whose texts a person sees."""
LOGS = {"logger"}
NOT_WORDS = {
    # Names, units and letters that are the same in every language, and words for Qt's style sheet.
    *("Bothhands", "warning", "info", "error", "cardName", "caption", "figure", "badge", "m"),
}


def placeholders(text: str) -> list[str]:
    """Names with their formats, and "%n"."""
    named = [f"{name}!{kind}:{form}" for _, name, form, kind in Formatter().parse(text) if name is not None]
    return sorted(named + ["%n"] * text.count("%n"))


@pytest.fixture(scope="module")
def wanted() -> list[Text]:
    return texts()


@pytest.fixture(autouse=True, scope="module")
def _sources_are_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(translations, "texts", functools.cache(texts))
        yield


@pytest.mark.parametrize("language", NAMES)
def test_the_catalogue_has_every_text_and_no_other(language: str):
    path, keys = catalogue_of(language)
    assert len(keys) > (300 if language == "de" else 2)
    content = path.read_text(encoding="utf-8")
    assert content == updated(path, keys, language), "`python -m tools.translations` brings it up to date"
    assert "unfinished" not in content
    assert set(forms(path)) == set(keys)


@pytest.mark.parametrize("language", NAMES)
def test_translations_have_the_placeholders_of_their_texts(language: str):
    path, keys = catalogue_of(language)
    for key, translated in forms(path).items():
        assert len(translated) == (2 if keys[key] else 1), key
        for form in translated:
            assert placeholders(form) == placeholders(key[1]), key
            assert form.strip(), key
            assert form.count("…") == key[1].count("…"), key
            assert form.count("\n") == key[1].count("\n"), key
            assert form.count(";;") == key[1].count(";;"), key
            assert (" " if form.startswith(" ") else "") == (" " if key[1].startswith(" ") else ""), key
            letters = form.replace("&&", "").count("&")
            assert letters == key[1].replace("&&", "").count("&"), f"{key}: a letter to press, or none, in both"


def test_one_word_for_one_thing():
    """The same English text has the same German one wherever it stands, but for the letter to press."""
    by_text: dict[str, set[str]] = {}
    for (_, text, _), (form, *_) in forms(CATALOGUES / "bothhands_de.ts").items():
        by_text.setdefault(text.replace("&", ""), set()).add(form.replace("&", ""))
    allowed = {
        "None": {"Keine", "Aus"},  # no key, and nothing to see
        "Play": {"Abspielen", "Wiedergabe"},  # what a button does, and what a menu is of
        "Opening the source": {"Die Quelle wird geöffnet", "Öffnen der Quelle"},  # by itself, and in a sentence
    }
    assert {text: said for text, said in by_text.items() if len(said) > 1} == allowed


def test_a_text_that_is_put_together_is_found_out(tmp_path: Path):
    module = tmp_path / "app" / "part.py"
    module.parent.mkdir()
    module.write_text('tr = Texts("Part")\nname = "x"\ntr(f"Hello {name}")\n')
    with pytest.raises(NotALiteralError, match=r"app/part.py:3"):
        texts(tmp_path)


def test_what_is_new_is_added_as_unfinished_and_what_is_gone_is_dropped(tmp_path: Path):
    module = tmp_path / "app" / "part.py"
    module.parent.mkdir()
    module.write_text(
        'tr = Texts("Part")\ntr("Old")\ntr("New" if x else "Newer", n=3)\ntr.mark("Marked")\nsay("Said {a}", a=1)\n'
        'tr("Open", "a door")\nCommand("&Go", "Ctrl+G")\n'
    )
    found = {text.key: text.plural for text in texts(tmp_path)}
    assert found == {
        ("Part", "Old", ""): False,
        ("Part", "New", ""): True,
        ("Part", "Newer", ""): True,
        ("Part", "Marked", ""): False,
        ("Part", "Open", "a door"): False,
        ("Sentence", "Said {a}", ""): False,
        ("Command", "&Go", ""): False,
    }
    path = tmp_path / "x.ts"
    path.write_text(
        "<TS><context><name>Part</name><message><source>Old</source><translation>Alt &amp; gut</translation></message>"
        "<message><source>Gone</source><translation>Fort</translation></message></context></TS>"
    )
    content = updated(path, found, "de")
    assert "Gone" not in content
    path.write_text(content)
    assert forms(path) == {("Part", "Old", ""): ("Alt & gut",)}
    assert len(ET.parse(path).findall(".//translation[@type='unfinished']")) == 6


def test_the_catalogues_go_into_the_wheel():
    assert {CATALOGUES / f"bothhands_{language}.ts" for language in NAMES} <= {ROOT / path for path in contents()}


def literals(node: ast.expr) -> list[str]:
    """Words in an expression that no function has translated."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        return [part.value for part in node.values if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    if isinstance(node, (ast.BinOp, ast.BoolOp)):
        return [text for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr) for text in literals(part)]
    if isinstance(node, (ast.Tuple, ast.List)):
        return [text for part in node.elts for text in literals(part)]
    return []


def untranslated(source: str, shown_by: Set[str] = frozenset(SHOWN_BY)) -> list[tuple[int, str]]:
    """Texts that one of these functions gets as they are, and their lines."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        owner = function.value if isinstance(function, ast.Attribute) else None
        if name not in shown_by or (isinstance(owner, ast.Name) and owner.id in LOGS):
            continue
        said = [text for part in (*node.args, *(word.value for word in node.keywords)) for text in literals(part)]
        words = [text for text in said if any(letter.isalpha() for letter in text) and text not in NOT_WORDS]
        found += [(node.lineno, text) for text in words]
    return found


KEYS = {"Ctrl+S", "Ctrl+W", "Ctrl+M", "Ctrl+K", "Ctrl+D", "F1", "Up, Down"}
"""Of the replay's commands."""
SIGNS = {":", "–", "s", "px"}


@pytest.mark.parametrize("path", sorted(WINDOW.glob("*.py")), ids=lambda path: path.stem)
def test_no_text_is_shown_untranslated(path: Path):
    found = untranslated(path.read_text(encoding="utf-8"))
    words = [(line, re.sub(r"<[^>]*>|Bothhands", "", text).strip()) for line, text in found if text not in KEYS]
    assert [(line, text) for line, text in words if text and text not in SIGNS] == []


WORDS = re.compile(r"[A-Za-z]{2,}[,:;.]? [A-Za-z]{2,}")
CAMERAS = ("camera.py", "live.py", "watch.py")
SAY_IT_ALL = sorted(
    [*(ROOT / "app" / "live").glob("*.py"), *(ROOT / "tracking" / "sources" / name for name in CAMERAS)]
)


@pytest.mark.parametrize("path", SAY_IT_ALL, ids=lambda path: path.stem)
def test_what_happens_while_a_camera_is_live_is_said_in_sentences_that_can_be_translated(path: Path):
    told = untranslated(path.read_text(encoding="utf-8"), {"post", "stop", "_notice", "_tell", "on_notice"})
    assert [(line, text) for line, text in told if WORDS.search(text)] == []


IN_ENGLISH = {"health_text", "stalls_text"}
"""Functions of a report, which is English whoever writes it."""


def loose_words(source: str, programmers: Set[str] = frozenset()) -> list[tuple[int, str]]:
    """Literals of several words that nothing translates or marks, wherever they stand, and their lines.

    Args:
        source: of a module.
        programmers: exceptions whose texts only those see who call a function wrongly.

    Constants and what functions return are shown too. Left out are docstrings, what assertions and the log say, types,
    keys of dictionaries, and names of data, which begin small and end without a stop.
    """
    tree = ast.parse(source)
    translators = {"say", "Command", "Texts", "mark", "Literal"}
    left_out: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            if getattr(node.value.func, "id", "") == "Texts" and isinstance(node.targets[0], ast.Name):
                translators.add(node.targets[0].id)
        elif isinstance(node, ast.Dict):
            left_out |= {key for key in node.keys if key is not None}
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else node.value if isinstance(node, ast.Subscript) else None
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        owner = getattr(called.value, "id", "") if isinstance(called, ast.Attribute) else ""
        report = isinstance(node, ast.FunctionDef) and node.name in IN_ENGLISH
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if name in translators | programmers or owner in LOGS or report or docstring or isinstance(node, ast.Assert):
            left_out |= set(ast.walk(node))
    parts = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in left_out:
            text = re.sub(r"<[^>]*>?", "", node.value)
            a_name = node not in parts and text[:1].islower() and text[-1:].isalpha()
            if WORDS.search(text) and not a_name:
                found.append((node.lineno, node.value))
    return found


IN_A_TERMINAL = {"display.py"}
"""What these say is printed before there is a window, in English as all that a terminal shows."""


@pytest.mark.parametrize(
    "path", sorted(path for path in WINDOW.glob("*.py") if path.name not in IN_A_TERMINAL), ids=lambda path: path.stem
)
def test_no_sentence_goes_past_the_catalogues(path: Path):
    found = loose_words(path.read_text(encoding="utf-8"))
    assert [(line, text) for line, text in found if text not in KEYS] == []


LOGGED = {"compiled.py", "conversion.py", "crop_network.py", "torch_module.py"}
"""What these say goes into the log: something slower takes the place of what failed."""
SAID_IN_THE_WINDOW = [
    *sorted(
        path
        for room in ("app/live", "app/replay", "app/sessions", "app/outputs", "tracking/sources")
        for path in (ROOT / room).rglob("*.py")
    ),
    *(ROOT / "app" / f"{name}.py" for name in ("cameras", "demo", "isolation", "persons", "settings", "snapshots")),
    *sorted(path for path in (ROOT / "models").rglob("*.py") if path.name not in LOGGED),
    *(ROOT / "tracking" / "detector" / f"{name}.py" for name in ("__init__", "mediapipe_detector", "networks")),
    *(ROOT / "tracking" / f"{name}.py" for name in ("camera_file", "camera_model", "tracker")),
    *(ROOT / "render" / f"{name}.py" for name in ("cpu_renderer", "factory")),
    ROOT / "app" / "weights.py",
]
"""What files, replays, recordings, exports, streams, weights, networks and renderers tell a person; it goes into the
window through `say`."""
WRONG_CALLS = frozenset({"ValueError", "TypeError", "KeyError", "AttributeError", "RuntimeError"})
NO_SENTENCES = {
    # Only a command line names an export format that there is not.
    "formats.py": {"There is no ", "; choose one of: ", "JPEG XL", "Radiance HDR"},
    "bvh_writer.py": {"Zrotation Xrotation Yrotation", "Xposition Yposition Zposition", "\tEnd Site", "\nFrame Time: "},
    "glb_writer.py": {"Meshes and skinning weights: MANO, https://mano.is.tue.mpg.de/license.html"},
    "rrd_writer.py": {"The model is "},
    "presets.py": {"Unreal Engine"},
    # Papers, data and variants of a network are called so in every language.
    "cards.py": {
        "Park, Jung, Moon and Lee, EANet, 2023, https://arxiv.org/abs/2309.01943",
        "EANet with c = ",
        " SA and ",
        " CA blocks in each FuseFormer and ",
        " SJT blocks for each hand",
    },
    "weights.py": {"InterHand2.6M, by EANet's authors (", "` uses it and its .json when they lie at "},
    "reconstructor.py": {
        "Di and Yu, LWA-HAND, 2022, https://arxiv.org/abs/2208.09815",
    },
    "openvino.py": {
        "tuple[torch.nn.Module, Sequence[torch.Tensor], Precision]",
        "A converted network cannot be kept in %s: %s",
    },
    "extras.py": {
        "pip install",
        "pip install ",
        "pip install -r ",
        "pip install -r requirements.txt",
        "pipx runpip ",
        'pipx install "./bothhands-',
        'uv pip install --python "',
    },
    "stall_watch.py": {"no code of ours (the machine was busy)", ", called by "},  # of the report
    "settings.py": {"Recording options"},  # the name by which it is kept
}
"""What files hold, names, and what is shown in a terminal or a report."""
VALIDATION = {"checks.py"}
"""Words of faults that are technical: what of a journal's batch cannot be."""


@pytest.mark.parametrize(
    "path",
    [path for path in SAID_IN_THE_WINDOW if path.name not in VALIDATION],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_what_files_and_replays_say_can_be_translated(path: Path):
    found = loose_words(path.read_text(encoding="utf-8"), WRONG_CALLS)
    allowed = NO_SENTENCES.get(path.name, set())
    assert [(line, text) for line, text in found if text not in allowed] == []


def test_what_only_programmers_see_is_let_through_where_that_is_said():
    line = 'raise ValueError("It cannot be.")'
    assert loose_words(line)
    assert not loose_words(line, WRONG_CALLS)
    assert loose_words('raise SourceError("It cannot be.")', WRONG_CALLS)


@pytest.mark.parametrize(
    "text",
    [
        'X = {"a": "Hold it still."}',
        'def f():\n    return f"{count} views of the board"',
        'def f(x):\n    return "These are good" if x else tr("They are not.")',
        'Y = ("Compare live", 3)',
        'raise ValueError("It cannot be.")',
    ],
)
def test_a_sentence_that_goes_past_them_is_noticed(text: str):
    assert loose_words(text)


@pytest.mark.parametrize(
    "text",
    [
        'tr = Texts("A B")\ntr("Hello there", n=3)',
        'X = {"a b": tr.mark("Hold it still.")}',
        'raise ValueError(say("It cannot be."))',
        'def health_text():\n    return f"{x} of them all"',
        'logger.info("It is so")',
        'def f():\n    """Says what is so."""\n    assert x, "It is so"',
        "label.setText(\"<span style='color: red'>\")",
        'x: Literal["Upper left"] = "upper left"',
    ],
)
def test_what_is_translated_or_no_sentence_is_let_through(text: str):
    assert loose_words(text) == []


@pytest.mark.parametrize(
    "line",
    [
        'label.setText("Hello")',
        'label.setText(f"{count} hands")',
        'QPushButton(icon, "Go" if x else tr("Stop"))',
        'Message("info", "It is done")',
        'layout.addRow("File", field)',
        'box.addItem("Both: " + name, name)',
        'add_action(window, menu, text="Go", key="", slot=None)',
    ],
)
def test_a_text_that_is_shown_untranslated_is_noticed(line: str):
    assert untranslated(line)
    assert not untranslated('label.setText(tr("Hello"))')


def test_what_other_parts_name_has_a_title_in_the_window():
    """Names that are data elsewhere are worded here; a new one needs its text."""
    assert set(PRESET_TITLES) == {*PRESETS, OWN}
    assert set(_QUANTITIES) == set(QUANTITIES)
    assert set(window_texts.GESTURE_NAMES) == set(GESTURES)
    assert set(window_texts.SIDE_NAMES) == set(SIDES)
    german = forms(CATALOGUES / "bothhands_de.ts")
    assert ("HandShapes", FIRST_NAME, "") in german
    assert all(("SectionTitle", title, "") in german for title in Settings().folded)


def test_the_rest_of_the_program_speaks_english_without_qt():
    """Sentences are made without Qt, also where the window's catalogue has them."""
    code = (
        "import sys; from app.live.model_facts import model_facts; from models.registry import model_card\n"
        "print(model_facts(model_card('landmark-fit')).good_at); assert not any('PyQt' in name for name in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Fast, steady and exact")


def test_what_cards_say_of_their_models_is_translated(application: QApplication):
    """Titles, strengths and licences that are ours; of weights that bring notes their authors' words stay."""
    english = [model_card(name) for name in list_models()]
    apply_language("de")
    for card in english:
        own_licence = isinstance(card.licence, Sentence)
        for text in (card.title, card.good_at, *([card.licence] if own_licence else ())):
            assert isinstance(text, Sentence), text
            assert worded(text) != text
        assert worded(card.licence) in model_tooltip(card, "")
    apply_language("en")


@pytest.mark.parametrize(
    ("values", "german"),
    [
        ({"opacity": 3.0}, "Die Einstellung opacity kann nicht 3.0 sein: Der Wert darf höchstens 1 sein."),
        ({"view": "x"}, "Die Einstellung view kann nicht 'x' sein: Möglich ist: "),
        ({"countdown": "x"}, "Die Einstellung countdown kann nicht 'x' sein: "),
    ],
)
def test_what_is_wrong_with_a_value_is_said_in_german(application: QApplication, values: dict[str, Any], german: str):
    with pytest.raises(BothhandsError) as caught:
        Settings().changed(**values)
    apply_language("de")
    assert worded(caught.value).startswith(german)
    assert "Input should" not in worded(caught.value)
    apply_language("en")


def test_faults_of_values_are_pydantic_s_own_words_in_english():
    """So that none is changed by being translated; those that are not known stay as they are."""

    class Model(BaseModel):
        whole: int = Field(ge=1, le=9, strict=True)
        real: float = Field(gt=0, lt=1, allow_inf_nan=False, strict=True)
        text: str = Field(strict=True)
        flag: bool = Field(strict=True)
        count: int = 0
        share: float = 0.0
        on: bool = False
        one: Literal["a", "b"]

    good = {"whole": 3, "real": 0.5, "text": "x", "flag": True, "one": "a"}
    bad = [("whole", 0), ("whole", 10), ("whole", "x"), ("real", 0.0), ("real", 1.0), ("real", math.inf), ("real", "x")]
    bad += [("count", "x"), ("share", "x"), ("text", 3), ("flag", 3), ("on", "x"), ("one", "c"), ("one", None)]
    for name, value in bad:
        with pytest.raises(ValidationError) as caught:
            Model.model_validate(good | {name: value})
        (fault,) = caught.value.errors()
        text = fault_text(fault)
        assert text == fault["msg"]
        assert isinstance(text, Sentence), text
    with pytest.raises(ValidationError) as caught:
        Model.model_validate({key: good[key] for key in good if key != "one"})
    assert isinstance(fault_text(caught.value.errors()[0]), Sentence)
    assert fault_text({"type": "strange", "msg": "It is strange"}) == "It is strange"


def test_what_the_system_says_stands_in_a_german_sentence(application: QApplication, tmp_path: Path):
    with pytest.raises(BothhandsError) as caught:
        load_mano_pickle(tmp_path)  # a folder
    apply_language("de")
    assert worded(caught.value) == f"Das Handmodell {tmp_path} lässt sich nicht lesen: Is a directory."
    apply_language("en")
