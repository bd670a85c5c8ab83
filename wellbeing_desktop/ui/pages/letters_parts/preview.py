"""The preview of a letter: pictures of the PDF itself, made in the rendering process."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.documents.blocks import Document
from wellbeing_desktop.documents.page_images import PageImage, Preview, read_preview
from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_S
from wellbeing_desktop.ui.widgets import labels, messages
from wellbeing_desktop.ui.worker import Job, run_in_worker

DPI = 110
MOST_PAGES = 6


def image_of(page: PageImage) -> QImage:
    """A picture that owns its bytes."""
    return QImage(page.data, page.width, page.height, page.stride, QImage.Format.Format_RGB32).copy()


class PagePicture(QWidget):
    """One page, as wide as its place."""

    def __init__(self, image: QImage, words: str) -> None:
        super().__init__()
        self._pixmap = QPixmap.fromImage(image)
        self.setAccessibleName(words)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(160)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(min(width, self._pixmap.width()) * self._pixmap.height() / max(1, self._pixmap.width()))

    def sizeHint(self) -> QSize:
        return QSize(420, self.heightForWidth(420))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        width = min(self.width(), self._pixmap.width())
        scale = self.devicePixelRatioF()
        height = self.heightForWidth(width)
        fitted = self._pixmap.scaled(
            round(width * scale),
            round(height * scale),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitted.setDevicePixelRatio(scale)
        painter.drawPixmap(0, 0, fitted)
        painter.setPen(QColor(theme().tokens.line))
        painter.drawRect(0, 0, width - 1, height - 1)


class PreviewPanel(QWidget):
    """Format in words, then the pages. What cannot be made says why in its place."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        self.format = labels.strong("")
        self.state = labels.muted("")
        self.problem = messages.notice("", "warning")
        self.problem.hide()
        for widget in (self.format, self.state, self.problem):
            column.addWidget(widget)
        self._pages = QVBoxLayout()
        self._pages.setSpacing(SPACE_M)
        column.addLayout(self._pages)
        column.addStretch()
        self.pictures: list[PagePicture] = []
        self.answer: Preview | None = None
        self._job: Job | None = None
        self._question = 0

    def show_document(
        self, document: Document, style: str, format_words: str, then: Callable[[], object] | None = None
    ) -> None:
        """Asks for the pages; those on screen stay until the new ones are there."""
        self._question += 1
        question = self._question
        if self._job is not None:
            self._job.cancel()
        self.format.setText(format_words)

        def take(answer: bytes) -> None:
            if question == self._question:
                self._show(read_preview(answer))
                if then is not None:
                    then()

        self._job = run_in_worker(
            self,
            "wellbeing_desktop.documents.page_images:preview",
            (document, style, DPI, MOST_PAGES),
            take,
            self.show_problem,
        )

    def show_problem(self, problem: BaseException) -> None:
        """Why there is no preview."""
        self.answer = None
        self._clear()
        self.state.setText("")
        self.problem.show()
        self.problem.show_message(messages.message_for(problem))

    def show_nothing(self, words: str) -> None:
        """Nothing to show yet, and what is missing."""
        self._question += 1
        self.answer = None
        self._clear()
        self.format.setText("")
        self.problem.hide()
        self.state.setText(words)

    def _show(self, answer: Preview) -> None:
        self.answer = answer
        self._clear()
        self.problem.setVisible(bool(answer.missing))
        if answer.missing:
            self.problem.show_message(
                messages.Message(
                    f"These characters cannot be printed: {' '.join(answer.missing[:8])}",
                    "Write them another way.",
                    "",
                    "warning",
                )
            )
        sheets = "1 page" if answer.pages == 1 else f"{answer.pages} pages"
        self.state.setText(f"{sheets}. This is what will be printed.")
        for number, page in enumerate(answer.images, 1):
            picture = PagePicture(image_of(page), f"Page {number} of {answer.pages}")
            self.pictures.append(picture)
            self._pages.addWidget(picture)

    def _clear(self) -> None:
        for picture in self.pictures:
            self._pages.removeWidget(picture)
            picture.hide()
            picture.deleteLater()
        self.pictures = []
