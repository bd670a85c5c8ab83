"""For work that makes hundreds of thousands of objects which all stay until it ends, such as an import."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_inside = 0
_was_on = False


@contextmanager
def collecting_later() -> Iterator[None]:
    """Python's search for rings of dead objects waits until this ends, also by an error.

    It would walk everything that was made so far, again and again, find nothing, and stop every thread meanwhile: a
    fourteenth of an import. What is dropped in the ordinary way goes at once, as ever. Where the search is off, as it
    is beside a window (ui/garbage.py), it stays off.
    """
    global _inside, _was_on
    with _lock:
        if not _inside:
            _was_on = gc.isenabled()
            gc.disable()
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside and _was_on:
                gc.enable()
