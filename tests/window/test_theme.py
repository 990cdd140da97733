"""The style sheet and the colours it is filled with."""

import re
from pathlib import Path

from app.window import theme
from app.window.theme import style_sheet

TEMPLATE = (Path(theme.__file__).parent / "style.qss").read_text(encoding="utf-8")


def test_colours_are_named_in_one_place():
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?!\w)(?=[\s;])", TEMPLATE) == []
    sheet = style_sheet()
    assert "$" not in sheet
    assert f"background: {theme.SURFACE};" in sheet


def test_every_colour_is_used():
    folder = Path(theme.__file__).parent
    elsewhere = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    for name, value in vars(theme).items():
        if name.isupper() and isinstance(value, str):
            assert f"${name}" in TEMPLATE or len(re.findall(rf"\b{name}\b", elsewhere)) > 1, name


def test_the_images_it_names_are_there():
    images = re.findall(r"url\(([^)]+)\)", style_sheet())
    assert images
    assert all(Path(image).is_file() for image in images)
