"""Parts of the panel that fold."""

from __future__ import annotations

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QGridLayout, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.window.language import Texts

tr = Texts("SectionTitle")
_says = Texts("Section")


class Section(QWidget):
    """A title, which folds what is below it away.

    Signals:
        folded: whether it is folded now, when a person has changed that.

    Args:
        title: of the section, in English: it names the section where settings keep what is folded.
        parts: what is below it, from the top.
        beside_title: at the end of the title's line, also while it is folded.
    """

    folded = pyqtSignal(bool)

    def __init__(
        self, title: str, *parts: QWidget | QHBoxLayout | QGridLayout, beside_title: QWidget | None = None
    ) -> None:
        super().__init__()
        self.title = title
        self.button = QToolButton()
        self.button.setObjectName("sectionTitle")
        self._shown = tr(title)
        self.button.setText(self._shown.upper())
        self.button.setCheckable(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.clicked.connect(self._toggled)
        head = QHBoxLayout()
        head.addWidget(self.button)
        head.addStretch(1)
        if beside_title is not None:
            head.addWidget(beside_title)
        self.body = QWidget()
        below = QVBoxLayout(self.body)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(6)
        for part in parts:
            if isinstance(part, QWidget):
                below.addWidget(part)
            else:
                below.addLayout(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self.body)
        self.fold(False)

    def fold(self, folded: bool) -> None:
        """Show the title alone, or all."""
        self.button.setChecked(not folded)
        self.button.setArrowType(Qt.ArrowType.RightArrow if folded else Qt.ArrowType.DownArrow)
        self.button.setAccessibleName(_says("{title}, folded" if folded else "{title}, unfolded", title=self._shown))
        self.button.setToolTip(
            _says("Show the section {title}" if folded else "Hide the section {title}", title=self._shown)
        )
        if self.body.isHidden() != folded:  # showing what is not in the window yet has Qt style it, and again there
            self.body.setVisible(not folded)

    def _toggled(self, shown: bool) -> None:
        self.fold(not shown)
        self.folded.emit(not shown)
