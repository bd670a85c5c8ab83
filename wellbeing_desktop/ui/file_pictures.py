"""Pictures of a document that came from outside, made in a process of its own that ends with them (threat 42).

Nothing is executed, followed or unpacked beyond drawing: a PDF's pages by pypdfium2, a picture by Qt under the format
that its bytes were found to have. The process may write no file, and has bounds of memory and time.
"""

import contextlib
from collections.abc import Callable
from typing import Final

import msgspec

from wellbeing_desktop.documents.page_images import PageImage
from wellbeing_desktop.domain.errors import Refused

MOST_PAGES: Final = 30
MOST_SIDE: Final = 1_800
MOST_POINTS: Final = 60_000_000
"""Of a picture before it is made smaller; a page photographed by a telephone has fewer."""
_MEMORY_BYTES: Final = 4 << 30
_SECONDS: Final = 25
_QT_FORMATS: Final = {
    "image/jpeg": b"jpeg",
    "image/png": b"png",
    "image/gif": b"gif",
    "image/bmp": b"bmp",
    "image/webp": b"webp",
}


class FilePictures(msgspec.Struct, frozen=True):
    """How many pages there are, and pictures of the first ones."""

    pages: int
    images: list[PageImage]


def pictures(payload: tuple[bytes, str], report: Callable[[int, int], None]) -> bytes:
    """(content, media type): the pages. Raises Refused for what cannot be drawn."""
    content, media_type = payload
    with contextlib.suppress(ImportError, ValueError, OSError):
        _bound()
    found = _of_pdf(content) if media_type == "application/pdf" else _of_picture(content, media_type)
    report(1, 1)
    return msgspec.msgpack.encode(found)


def read_pictures(answer: bytes) -> FilePictures:
    return msgspec.msgpack.decode(answer, type=FilePictures)


def _bound() -> None:
    """Windows has no such limits: there the time alone is bounded, by whoever waits."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))


def _of_pdf(content: bytes) -> FilePictures:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refused("This PDF asks for a password. Save a copy to open it in another program.") from error
        raise Refused(_CANNOT) from error
    try:
        count = len(document)
        if not count:
            raise Refused(_CANNOT)
        return FilePictures(count, [_page(document[number]) for number in range(min(count, MOST_PAGES))])
    except pypdfium2.PdfiumError as error:
        raise Refused(_CANNOT) from error
    finally:
        document.close()


def _page(page: "object") -> PageImage:
    from typing import Any

    drawn: Any = page
    width, height = drawn.get_size()
    scale = min(110 / 72, MOST_SIDE / max(1.0, width, height))
    bitmap = drawn.render(scale=scale, prefer_bgrx=True)
    made = PageImage(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
    bitmap.close()
    drawn.close()
    return made


def _of_picture(content: bytes, media_type: str) -> FilePictures:
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
    from PySide6.QtGui import QImage, QImageReader

    form = _QT_FORMATS.get(media_type)
    if form is None:
        raise Refused(_CANNOT)
    held = QByteArray(content)
    device = QBuffer(held)
    device.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(device, QByteArray(form))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MOST_POINTS:
        raise Refused("This picture is too large to be shown here. Save a copy to open it in another program.")
    if max(size.width(), size.height()) > MOST_SIDE:
        reader.setScaledSize(size.scaled(QSize(MOST_SIDE, MOST_SIDE), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read().convertToFormat(QImage.Format.Format_RGB32)
    if image.isNull():
        raise Refused(_CANNOT)
    data = bytes(image.constBits())
    return FilePictures(1, [PageImage(image.width(), image.height(), image.bytesPerLine(), data)])


_CANNOT: Final = "This document is damaged or of a kind that cannot be shown here. You can save a copy of it."
