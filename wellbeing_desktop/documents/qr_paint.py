"""Square codes for cameras, as runs of dark cells (fewer shapes, smaller file)."""

import functools

from wellbeing_desktop.domain.errors import Refused


@functools.lru_cache(maxsize=64)
def qr_squares(content: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """Cells on a side, and each dark run as (column, row, cells).

    Error correction M, which survives a fold or a coffee ring. Raises Refused when `content` is too long for a code.
    """
    import segno

    try:
        code = segno.make(content, error="m", micro=False, boost_error=False)
    except segno.DataOverflowError as overflow:
        raise Refused("This is too long for a square code.") from overflow
    runs: list[tuple[int, int, int]] = []
    rows = tuple(code.matrix)
    for row_number, row in enumerate(rows):
        start: int | None = None
        for column, dark in enumerate((*row, 0)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                runs.append((start, row_number, column - start))
                start = None
    return len(rows), tuple(runs)
