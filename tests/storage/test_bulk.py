"""Python's search for dead objects waits for bulk work, and goes on after it whatever came of it."""

import gc

import pytest

from wellbeing_desktop.storage.bulk import collecting_later


def test_collecting_waits_until_the_last_bulk_work_has_ended() -> None:
    with collecting_later():
        with collecting_later():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_collecting_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="stopped"), collecting_later():
        raise ValueError("stopped")
    assert gc.isenabled()
