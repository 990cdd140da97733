"""The style sheet and the colours it is filled with."""

import re
from pathlib import Path

import pytest
from PyQt5.QtWidgets import QApplication

from app.settings import Theme
from app.window import theme
from app.window.icons import dismiss_icon
from app.window.theme import apply_theme, style_sheet

TEMPLATE = (Path(theme.__file__).parent / "style.qss").read_text(encoding="utf-8")


def test_colours_are_named_in_one_place():
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?!\w)(?=[\s;])", TEMPLATE) == []
    for scheme, colours in theme.SCHEMES.items():
        sheet = style_sheet(scheme)
        assert "$" not in sheet
        assert f"background: {colours['SURFACE']};" in sheet


def test_every_colour_is_used():
    folder = Path(theme.__file__).parent
    elsewhere = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    assert theme.DARK.keys() == theme.LIGHT.keys()
    for name in theme.DARK:
        assert f"${name}" in TEMPLATE or f'colour("{name}")' in elsewhere or f': "{name}"' in elsewhere, name


def _luminance(colour: str) -> float:
    """WCAG 2.1's relative luminance of "#rrggbb"."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", theme.SCHEMES)
@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("TEXT", "SURFACE"),
        ("TEXT", "CONTROL"),
        ("TEXT", "SELECTED"),
        ("TEXT", "RECORDING"),
        ("MUTED", "SURFACE"),
        ("STATUS_TEXT", "SURFACE"),
        ("ACCENT", "SURFACE"),
        ("ERROR", "SURFACE"),
        ("WARNING", "RAISED"),
        ("ON_ACCENT", "ACCENT"),
        ("ICON_INK", "WARNING"),
        ("ICON_INK", "GOOD"),
    ],
)
def test_text_can_be_read_in_both_schemes(scheme: Theme, ink: str, paper: str):
    colours = theme.SCHEMES[scheme]
    light, dark = sorted((_luminance(colours[ink]), _luminance(colours[paper])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5, "WCAG 2.1 asks this of text"


def test_what_is_drawn_gets_the_colours_of_then(application: QApplication):
    try:
        icon = dismiss_icon()
        seen = set()
        for scheme in theme.SCHEMES:
            apply_theme(application, scheme)
            image = icon.pixmap(32, 32).toImage()
            seen.add(max(image.pixelColor(x, 16).name() for x in range(32) if image.pixelColor(x, 16).alpha() == 255))
            assert application.palette().window().color().name() == theme.SCHEMES[scheme]["SURFACE"]
        assert seen == {colours["TEXT"] for colours in theme.SCHEMES.values()}
    finally:
        apply_theme(application)


def test_the_images_it_names_are_there():
    for scheme in theme.SCHEMES:
        images = re.findall(r"url\(([^)]+)\)", style_sheet(scheme))
        assert images
        assert all(Path(image).is_file() for image in images)


def _contrast(one: str, other: str) -> float:
    """Ratio of luminances as WCAG 2.1 defines it, 1 to 21."""

    def luminance(name: str) -> float:
        shares = [int(name[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", theme.SCHEMES)
@pytest.mark.parametrize(
    ("text", "below"),
    [
        ("TEXT", ("SURFACE", "RAISED", "FIELD", "CONTROL", "SELECTED", "RECORDING")),
        ("MUTED", ("SURFACE", "RAISED", "FIELD")),
        ("STATUS_TEXT", ("SURFACE",)),
        ("ACCENT", ("SURFACE", "RAISED")),
        ("ON_ACCENT", ("ACCENT",)),
        ("WARNING", ("SURFACE", "RAISED")),
        ("ERROR", ("SURFACE", "RAISED")),
        ("GOOD", ("SURFACE",)),
        ("DISABLED_CONTROL_TEXT", ("RAISED",)),  # models without weights, which can be read about all the same
    ],
)
def test_text_can_be_read_on_what_lies_below_it(scheme: Theme, text: str, below: tuple[str, ...]):
    colours = theme.SCHEMES[scheme]
    poor = {name: ratio for name in below if (ratio := _contrast(colours[text], colours[name])) < 4.5}
    assert poor == {}
