"""Sources that move into the package `bothhands`: their imports follow, and nothing else changes."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tools.build_wheel.build import ROOMS, contents
from tools.build_wheel.imports import moved

ROOT = Path(__file__).parents[2]
SOURCES = [path for path in contents() if path.suffix == ".py"]


def move(source: str) -> str:
    return moved(source, ROOMS, "bothhands")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from models import x", "from bothhands.models import x"),
        (
            "from   models.a.b import (\n    x,\n    y as z,\n)",
            "from   bothhands.models.a.b import (\n    x,\n    y as z,\n)",
        ),
        ("from app.a import x; from render import y", "from bothhands.app.a import x; from bothhands.render import y"),
        ("import models.a as m", "import bothhands.models.a as m"),
        ("import models", "from bothhands import models"),
        ("import os, models.a", "import os; import bothhands.models.a; from bothhands import models"),
        (
            "def f():\n    'ä'; from app import x  # from app",
            "def f():\n    'ä'; from bothhands.app import x  # from app",
        ),
        ("if T:\n\tfrom tracking.values import F", "if T:\n\tfrom bothhands.tracking.values import F"),
    ],
)
def test_imports_of_the_rooms_are_moved(before: str, after: str):
    assert move(before) == after
    ast.parse(after)


@pytest.mark.parametrize(
    "source",
    [
        "from modelsmith import x",
        "import application, os.path",
        "from . import models",
        "from .models import x",
        "text = '''\nfrom models import x\nimport app\n'''",
        "# import models",
        "models = 1\nmodels.real",
        "x = '\\x0c'\r\ny = 2\r\n",
    ],
)
def test_everything_else_stays(source: str):
    assert move(source) == source


def test_no_import_of_a_room_is_left():
    left = []
    for path in SOURCES:
        own = (ROOT / path).read_text(encoding="utf-8")
        after = move(own)
        left += [
            (path, name)
            for node in ast.walk(ast.parse(after))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
            if not getattr(node, "level", 0) and name.partition(".")[0] in ROOMS
        ]
        assert len(own.splitlines()) == len(after.splitlines()), path
    assert left == []


def test_no_string_names_a_module_of_a_room():
    """Such a name would be another one in the wheel: write it relative to `__package__`."""
    rooms = "|".join(ROOMS)
    imports, names = (
        re.compile(rf"\b(from|import)\s+({rooms})\b[.\w]*\s*(import\b|;|$)"),
        re.compile(rf"({rooms})(\.\w+)+\.?"),
    )
    said = []
    for path in SOURCES:
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                module = ROOT.joinpath(*node.value.strip(".").split(".")) if names.fullmatch(node.value) else None
                is_name = module is not None and (
                    module.is_dir() or module.with_suffix(".py").is_file() or node.value.endswith(".")
                )
                if is_name or imports.search(node.value):
                    said.append((path, node.value))
    assert said == []
