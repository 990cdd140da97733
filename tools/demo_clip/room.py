"""The room behind the hands: drawn from boxes and gradients, out of focus as behind a webcam's near hands."""

from __future__ import annotations

import cv2
import numpy as np

from tools.demo_clip.size import HEIGHT, WIDTH

SCALE = 2
"""The room is drawn this many times larger than the clip, and shrunk."""
FOCUS_BLUR = 3.2
"""Standard deviation of the blur, px of the clip."""

Colour = tuple[int, int, int]

WALL_LIT = np.array([206, 199, 187], np.float32)
WALL_DIM = np.array([128, 125, 124], np.float32)
WOOD: Colour = (122, 88, 60)
WOOD_EDGE: Colour = (88, 62, 42)
BOOKS: tuple[Colour, ...] = (
    (140, 62, 54),
    (58, 84, 112),
    (196, 178, 132),
    (72, 98, 78),
    (60, 58, 66),
    (172, 118, 64),
    (118, 130, 142),
    (98, 56, 78),
)


def draw_room(seed: int = 7) -> np.ndarray:
    """The room, (HEIGHT, WIDTH, 3) float32, sRGB 0..255."""
    rng = np.random.default_rng(seed)
    canvas = _wall()
    _window(canvas)
    _image_frame(canvas)
    _shelf(canvas, rng, top=96, left=428, right=640)
    _shelf(canvas, rng, top=196, left=428, right=640)
    _lamp(canvas)
    _sofa(canvas)
    _desk(canvas)
    small = cv2.resize(canvas, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), FOCUS_BLUR, borderType=cv2.BORDER_REFLECT)
    return _add_light(blurred)


def _grid() -> tuple[np.ndarray, np.ndarray]:
    """Column and row of every pixel of the large canvas, in px of the clip."""
    y, x = np.mgrid[0 : HEIGHT * SCALE, 0 : WIDTH * SCALE].astype(np.float32) / SCALE
    return x, y


def _wall() -> np.ndarray:
    x, y = _grid()
    light = np.exp(-(((x - 150) / 420) ** 2) - ((y - 110) / 330) ** 2)[..., None]
    return WALL_DIM + (WALL_LIT - WALL_DIM) * light


def _box(
    canvas: np.ndarray, left: float, top: float, right: float, bottom: float, colour: Colour, shading: float = 0.0
) -> None:
    """A filled rectangle, px of the clip; brighter at its left edge by `shading`, darker by it at its right."""
    rows = slice(max(0, round(top * SCALE)), max(0, round(bottom * SCALE)))
    columns = slice(max(0, round(left * SCALE)), max(0, round(right * SCALE)))
    area = canvas[rows, columns]
    ramp = 1.0 + shading * np.linspace(1.0, -1.0, area.shape[1], dtype=np.float32)
    area[...] = np.asarray(colour, np.float32) * ramp[None, :, None]


def _darken(
    canvas: np.ndarray, left: float, top: float, right: float, bottom: float, amount: float, blur: float
) -> None:
    """A soft shadow."""
    mask = np.zeros(canvas.shape[:2], np.float32)
    rows = slice(max(0, round(top * SCALE)), max(0, round(bottom * SCALE)))
    columns = slice(max(0, round(left * SCALE)), max(0, round(right * SCALE)))
    mask[rows, columns] = amount
    mask = cv2.GaussianBlur(mask, (0, 0), blur * SCALE)
    canvas *= 1.0 - mask[..., None]


def _window(canvas: np.ndarray) -> None:
    """A bright window at the left, with mullions and a curtain."""
    _darken(canvas, -20, 8, 152, 236, 0.12, 9)
    _box(canvas, -10, 14, 140, 226, (226, 222, 214))
    for left, right in ((-10, 62), (70, 132)):
        for top, bottom in ((22, 114), (122, 218)):
            _box(canvas, left, top, right, bottom, (240, 246, 252))
            _box(canvas, left, bottom - 26, right, bottom, (214, 226, 216), 0.03)
    x, _ = _grid()
    folds = 196 + 20 * np.sin(x / 5.2) + 9 * np.sin(x / 2.3 + 1.0)
    curtain = slice(round(6 * SCALE), round(262 * SCALE)), slice(0, round(44 * SCALE))
    cloth = folds[curtain][..., None] * np.array([0.98, 0.95, 0.89], np.float32)
    canvas[curtain] = 0.25 * canvas[curtain] + 0.75 * cloth
    _box(canvas, -10, 228, 152, 236, (214, 208, 198))


def _image_frame(canvas: np.ndarray) -> None:
    _darken(canvas, 262, 52, 352, 118, 0.22, 5)
    _box(canvas, 256, 44, 344, 110, (52, 46, 42))
    _box(canvas, 261, 49, 339, 105, (222, 216, 204))
    _box(canvas, 272, 58, 328, 96, (142, 168, 178), 0.08)
    _box(canvas, 272, 80, 328, 96, (96, 118, 88), 0.08)


def _shelf(canvas: np.ndarray, rng: np.random.Generator, top: float, left: float, right: float) -> None:
    """A board with books on it."""
    board = top + 60
    _darken(canvas, left, board + 4, right, board + 22, 0.30, 5)
    x = left + 8.0
    while x < right:
        width, height = rng.uniform(7, 15), rng.uniform(34, 52)
        if rng.random() < 0.14:
            x += rng.uniform(8, 26)
            continue
        colour = BOOKS[rng.integers(len(BOOKS))]
        _box(canvas, x, board - height, x + width, board, colour, 0.18)
        _box(canvas, x + 1, board - height + 7, x + width - 1, board - height + 10, (210, 200, 176), 0.1)
        x += width + 0.6
    _box(canvas, left, board, right, board + 6, WOOD, 0.08)
    _box(canvas, left, board + 6, right, board + 8, WOOD_EDGE)


def _lamp(canvas: np.ndarray) -> None:
    """A floor lamp between window and shelf."""
    _box(canvas, 391, 128, 394, 300, (70, 64, 58), 0.3)
    shade = np.array([[374, 128], [411, 128], [403, 88], [382, 88]], np.float32) * SCALE
    cv2.fillConvexPoly(canvas, np.rint(shade).astype(np.int32), (236, 220, 188))


def _sofa(canvas: np.ndarray) -> None:
    _darken(canvas, 150, 238, 470, 300, 0.30, 12)
    _box(canvas, 160, 244, 460, 330, (92, 104, 112), 0.12)
    for left in (164, 262, 360):
        _box(canvas, left, 250, left + 94, 300, (104, 117, 126), 0.10)
    _box(canvas, 196, 262, 244, 300, (186, 128, 72), 0.12)


def _desk(canvas: np.ndarray) -> None:
    """The table edge nearest to the camera."""
    _darken(canvas, -20, 312, 660, 330, 0.28, 7)
    _, y = _grid()
    rows = slice(round(322 * SCALE), None)
    depth = ((y[rows] - 322) / (HEIGHT - 322))[..., None]
    canvas[rows] = np.array([128, 96, 68], np.float32) * (1.12 - 0.35 * depth)


def _add_light(picture: np.ndarray) -> np.ndarray:
    """Light that spills over the window's and the lamp's edges, and a lens's darker corners."""
    bright = np.clip(picture - 205.0, 0.0, None)
    bloom = cv2.GaussianBlur(bright, (0, 0), 26.0, borderType=cv2.BORDER_REFLECT)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    radius = np.hypot((x - WIDTH / 2) / (WIDTH / 2), (y - HEIGHT / 2) / (WIDTH / 2))
    vignette = 1.0 - 0.20 * np.clip(radius, 0.0, 1.2) ** 2.2
    return np.clip((picture + 1.1 * bloom) * vignette[..., None], 0.0, 255.0)
