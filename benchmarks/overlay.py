"""How long drawing two hands takes, by renderer and image size, and at the resolution of a screen.

Run as `python -m benchmarks.overlay`. The renderers take turns image by image, so that a machine that slows down
slows both; the hands move from image to image, so that nothing can be kept.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.spatial.transform import Rotation

from models.hand_model import HandModel, load_hand_models
from models.values import SIDES, HandParameters, HandReconstruction, Intrinsics, Reconstruction, Side
from render.factory import RENDERERS, create_renderer
from render.layers import Canvas, draw_layers
from render.overlay import OverlayPainter
from render.protocol import MeshRenderer, OverlayStyle

SIZES = ((640, 360), (640, 480), (1280, 720))
SMALL = (640, 360)
SCREENS = (("1280x720", 2.0), ("3840x2160", 6.0))
"""Px of the screen for each px of the frame."""
WARM_UP = 20
# The right model's fingers point along -x and its palm along -y: upright before the camera, palm towards it. The left
# hand is its mirror image across x = 0.
UPRIGHT = Rotation.from_matrix([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]).as_rotvec()
MIRRORED = (1.0, -1.0, -1.0)


def moving_hands(models: dict[Side, HandModel], count: int, apart: float) -> list[dict[Side, np.ndarray]]:
    """Vertices of both hands, 50 cm in front of the camera, swaying a few centimetres."""
    frames: list[dict[Side, np.ndarray]] = []
    for index in range(count):
        phase = 2.0 * np.pi * index / 40.0
        hands: dict[Side, np.ndarray] = {}
        for side in SIDES:
            pose = np.random.default_rng(3).normal(0.0, 0.15, (16, 3))
            pose[0] = UPRIGHT
            if side == "left":
                pose *= MIRRORED
            shape = np.zeros(10, np.float32)
            place = np.array([apart if side == "left" else -apart, 0.08, 0.5])
            sway = 0.02 * np.array([np.sin(phase), np.cos(phase), 0.0])
            translation = (place + sway - models[side].rest_wrist(shape)).astype(np.float32)
            hands[side] = models[side].mesh(HandParameters(pose.astype(np.float32), shape, translation))[0]
        frames.append(hands)
    return frames


def measure(size: tuple[int, int], renderers: list[MeshRenderer], hands: list[dict[Side, np.ndarray]]) -> np.ndarray:
    """Milliseconds (renderer, image) after warming up."""
    width, height = size
    image = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    intrinsics, style = Intrinsics.from_fov(width, height), OverlayStyle()
    durations = np.empty((len(renderers), len(hands)))
    for index, vertices in enumerate(hands):
        for row, renderer in enumerate(renderers):
            start = time.perf_counter()
            renderer.render(image, vertices, intrinsics, style)
            durations[row, index] = 1e3 * (time.perf_counter() - start)
    return durations[:, WARM_UP:]


def measure_on_screen(
    frame: tuple[int, int], scale: float, renderer: MeshRenderer, hands: list[dict[Side, np.ndarray]]
) -> np.ndarray:
    """Milliseconds for each image after warming up, hands alone, as many times finer than the frame."""
    camera, style, painter = Intrinsics.from_fov(*frame), OverlayStyle(), OverlayPainter(renderer)
    canvas = Canvas(round(scale * frame[0]), round(scale * frame[1]), scale, 0.0, 0.0)
    parameters = HandParameters(np.zeros((16, 3)), np.zeros(10), np.zeros(3))
    durations = []
    for vertices in hands:
        seen: dict[Side, HandReconstruction] = {
            side: HandReconstruction(parameters, mesh, mesh[:21], camera.project(mesh[:21]).astype(np.float32), 1.0)
            for side, mesh in vertices.items()
        }
        start = time.perf_counter()
        draw_layers(painter, Reconstruction(seen), camera, style, canvas)
        durations.append(1e3 * (time.perf_counter() - start))
    return np.array(durations[WARM_UP:])


def screen_table(images: int, models: dict[Side, HandModel], renderers: list[MeshRenderer]) -> Table:
    """Hands of a frame of 640x360 px, drawn with the pixels of larger screens."""
    table = Table(
        "screen", "drawn with", "hands", *(f"{one.name}, ms" for one in renderers), title=f"{SMALL} on a screen"
    )
    for name, finest in SCREENS:
        for scale in (finest / coarser for coarser in (1, 2, 3) if finest / coarser > 1):
            for label, apart in (("apart", 0.13), ("touching", 0.04)):
                hands = moving_hands(models, WARM_UP + images, apart)
                figures = [measure_on_screen(SMALL, scale, renderer, hands) for renderer in renderers]
                cells = (f"{np.median(one):.1f} ({np.percentile(one, 95):.1f})" for one in figures)
                table.add_row(name, f"{scale * SMALL[0]:.0f}x{scale * SMALL[1]:.0f}", label, *cells)
    return table


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=100, help="how many are timed for each value")
    images: int = parser.parse_args().images
    models = load_hand_models()
    faces: dict[Side, np.ndarray] = {side: model.faces for side, model in models.items()}
    renderers = [create_renderer(name, faces) for name in RENDERERS]
    table = Table(
        "image", "hands", *(f"{renderer.name}, ms" for renderer in renderers), title="median (95th percentile)"
    )
    for size in SIZES:
        for label, apart in (("apart", 0.13), ("touching", 0.04)):
            durations = measure(size, renderers, moving_hands(models, WARM_UP + images, apart))
            figures = zip(np.median(durations, axis=1), np.percentile(durations, 95, axis=1), strict=True)
            table.add_row(f"{size[0]}x{size[1]}", label, *(f"{median:.1f} ({high:.1f})" for median, high in figures))
    on_screen = screen_table(images, models, [one for one in renderers if one.name != "pyrender"])
    for renderer in renderers:
        renderer.close()
    Console().print(table, on_screen)


if __name__ == "__main__":
    main()
