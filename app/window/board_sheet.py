"""The calibration board on paper and on a screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PyQt5.QtCore import QEvent, QLocale, QMarginsF, QRectF, QSizeF, Qt
from PyQt5.QtGui import QColor, QFont, QImage, QKeyEvent, QMouseEvent, QPageSize, QPainter, QPaintEvent, QPdfWriter
from PyQt5.QtWidgets import QApplication, QWidget

from app.live.calibration_board import CELLS, COLUMNS, ROWS, SQUARE_MM, board_cells
from app.window.language import Texts
from models.errors import BothhandsError
from models.sentences import say

tr = Texts("BoardSheet")

_PDF_DPI, _PNG_DPI = 1200, 300
_MM_AN_INCH = 25.4
_TEXT_MM = 3.2
_SCREEN_RIM = 0.06


@dataclass(frozen=True)
class Paper:
    """A size of paper.

    Attributes:
        name: of it.
        width, height: mm.
    """

    name: str
    width: float
    height: float


PAPERS = (Paper("A4", 210.0, 297.0), Paper("Letter", 215.9, 279.4))


def usual_paper() -> Paper:
    """What printers hold where this machine is."""
    metric = QLocale.system().measurementSystem() == QLocale.MeasurementSystem.MetricSystem
    return PAPERS[0 if metric else 1]


def save_sheet(path: Path, paper: Paper) -> Path:
    """Write the board in its true size, as a PDF, or as a PNG where the name ends like one. Any thread.

    Returns:
        The file, with an ending.

    Raises:
        BothhandsError: it cannot be written.
    """
    if path.suffix.lower() not in (".pdf", ".png"):
        path = path.with_name(f"{path.name}.pdf")
    try:
        path.open("ab").close()  # Qt says no more than that it failed
        written = _save_png(path, paper) if path.suffix.lower() == ".png" else _save_pdf(path, paper)
    except (OSError, ValueError) as error:
        raise BothhandsError(
            say(
                "The board cannot be saved as {path}: {reason}; choose another folder.",
                path=path,
                reason=getattr(error, "strerror", error),
            )
        ) from error
    if not written:
        raise BothhandsError(say("The board cannot be saved as {path}; choose another folder.", path=path))
    return path


def _save_pdf(path: Path, paper: Paper) -> bool:
    writer = QPdfWriter(str(path))
    writer.setResolution(_PDF_DPI)
    writer.setTitle(tr("Bothhands: calibration board"))
    writer.setPageSize(QPageSize(QSizeF(paper.width, paper.height), QPageSize.Unit.Millimeter, paper.name))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter()
    if not painter.begin(writer):
        return False
    _paint_sheet(painter, paper, _PDF_DPI / _MM_AN_INCH)
    return painter.end()


def _save_png(path: Path, paper: Paper) -> bool:
    scale = _PNG_DPI / _MM_AN_INCH
    image = QImage(round(paper.width * scale), round(paper.height * scale), QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    image.setDotsPerMeterX(round(1000 * scale))
    image.setDotsPerMeterY(round(1000 * scale))
    painter = QPainter(image)
    _paint_sheet(painter, paper, scale)
    painter.end()
    return image.save(str(path), "PNG")


def _paint_sheet(painter: QPainter, paper: Paper, scale: float) -> None:
    """Paint a page.

    Args:
        painter: whose device is as large as the paper.
        paper: its size.
        scale: of the device, px a mm.
    """
    width, height = COLUMNS * SQUARE_MM, ROWS * SQUARE_MM
    left, top = (paper.width - width) / 2, (paper.height - height) / 2
    painter.save()
    painter.scale(scale, scale)
    paint_board(painter, QRectF(left, top, width, height))
    painter.restore()
    font = QFont(QApplication.font())
    font.setPixelSize(max(1, round(_TEXT_MM * scale)))
    painter.setFont(font)
    painter.setPen(QColor(Qt.GlobalColor.black))
    line = QRectF(left * scale, (top + height + 3) * scale, width * scale, 2 * _TEXT_MM * scale)
    text = tr(
        "Squares of {side} mm. Print at 100 %, not fitted to the page, and lay it on something flat.", side=SQUARE_MM
    )
    painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)


def paint_board(painter: QPainter, place: QRectF) -> None:
    """Paint the black of the board into a rectangle of its shape; what is white is left as it is."""
    cell = place.width() / (COLUMNS * CELLS)
    for left, top, width, height in board_rectangles():
        part = QRectF(place.left() + left * cell, place.top() + top * cell, width * cell, height * cell)
        painter.fillRect(part, Qt.GlobalColor.black)


@cache
def board_rectangles() -> tuple[tuple[int, int, int, int], ...]:
    """Left, top, width and height of black rectangles, cells, that make up the board and meet in few seams."""
    return tuple(_rectangles())


def _rectangles() -> Iterator[tuple[int, int, int, int]]:
    left_over = board_cells().copy()
    rows, columns = left_over.shape
    for top in range(rows):
        for left in range(columns):
            if not left_over[top, left]:
                continue
            width = height = 1
            while left + width < columns and left_over[top, left + width]:
                width += 1
            while top + height < rows and left_over[top + height, left : left + width].all():
                height += 1
            left_over[top : top + height, left : left + width] = False
            yield left, top, width, height


class BoardScreen(QWidget):
    """The board over a whole screen, on another one than a window's where there are several; any key or click ends it.

    Args:
        beside: a window on the screen that a person looks at.
    """

    def __init__(self, beside: QWidget) -> None:
        super().__init__(beside, Qt.WindowType.Window)
        self.setWindowTitle(tr("Bothhands: calibration board"))
        self.setAccessibleName(tr("Calibration board; any key or click closes it"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setCursor(Qt.CursorShape.BlankCursor)
        own = QApplication.screenAt(beside.frameGeometry().center())
        others = [screen for screen in QApplication.screens() if screen is not own]
        screen = others[0] if others else own
        if screen is not None:
            self.setGeometry(screen.geometry())

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802
        """Qt: the board as large as it fits, whole pixels a cell, so that all edges are sharp."""
        ratio = self.devicePixelRatioF()
        width, height = self.width() * ratio, self.height() * ratio
        rim = 1 - 2 * _SCREEN_RIM
        lying = width > height
        columns, rows = (ROWS, COLUMNS) if lying else (COLUMNS, ROWS)
        cell = max(1, int(min(rim * width / columns, rim * height / rows) / CELLS))
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        painter.scale(1 / ratio, 1 / ratio)
        painter.translate(int(width / 2), int(height / 2))
        if lying:
            painter.rotate(90)
        across, down = COLUMNS * CELLS * cell, ROWS * CELLS * cell
        paint_board(painter, QRectF(-across // 2, -down // 2, across, down))
        painter.end()

    def event(self, a0: QEvent | None) -> bool:
        """Qt: keys are no shortcuts of the window that this belongs to."""
        if a0 is not None and a0.type() == QEvent.Type.ShortcutOverride:
            a0.accept()
            return True
        return super().event(a0)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:  # noqa: N802
        """Qt: done."""
        self.close()

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Qt: done."""
        self.close()
