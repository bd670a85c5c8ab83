"""Pages to the printer one by one: pictures of the PDF at the printer's own fineness, with a count and Cancel."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtPrintSupport import QPrinter

from wellbeing_desktop.documents.page_images import read_pages
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.ui.pages.letters_parts.preview import image_of
from wellbeing_desktop.ui.worker import Job, run_in_worker

DPI = 200
"""Fine enough for 12 point text on any office printer; more only makes the wait longer."""


class PrintRun(QObject):
    """One run. `on_page(done, total)` counts, `on_end(done)` says how many pages reached the printer."""

    def __init__(
        self,
        owner: QObject,
        printer: QPrinter,
        pdf: bytes,
        pages: int,
        on_page: Callable[[int, int], object],
        on_end: Callable[[int], object],
        on_failure: Callable[[BaseException], object],
    ) -> None:
        super().__init__(owner)
        self._printer, self._pdf, self._pages = printer, pdf, pages
        self._on_page, self._on_end, self._on_failure = on_page, on_end, on_failure
        self._painter: QPainter | None = None
        self._done = 0
        self._cancelled = False
        self._job: Job | None = None

    def begin(self) -> None:
        """Start with the first page."""
        self._printer.setFullPage(True)
        painter = QPainter()
        if not painter.begin(self._printer):
            self._on_failure(Refused("The printer did not take the first page. Check that it is on, then print again."))
            return
        self._painter = painter
        self._next()

    def cancel(self) -> None:
        """Stop after the page under way. What is on paper stays counted."""
        self._cancelled = True

    def _next(self) -> None:
        if self._cancelled or self._done >= self._pages:
            self._end()
            return
        self._job = run_in_worker(
            self,
            "wellbeing_desktop.documents.page_images:pages",
            (self._pdf, self._done, 1, DPI),
            self._paint,
            self._failed,
        )

    def _paint(self, answer: bytes) -> None:
        painter = self._painter
        if painter is None:
            return
        if self._done and not self._printer.newPage():
            self._failed(Refused("The printer stopped. Check paper and ink, then print what is left."))
            return
        image = image_of(read_pages(answer)[0])
        painter.drawImage(QRectF(painter.viewport()), image, QRectF(image.rect()))
        self._done += 1
        self._on_page(self._done, self._pages)
        self._next()

    def _failed(self, problem: BaseException) -> None:
        self._end()
        self._on_failure(problem)

    def _end(self) -> None:
        if self._painter is not None:
            self._painter.end()
            self._painter = None
        self._on_end(self._done)
