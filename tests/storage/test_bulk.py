"""Python's search for dead objects waits for bulk work, and is afterwards as it was, whatever came of the work."""

import gc
from collections.abc import Iterator

import pytest

from wellbeing_desktop.storage.bulk import collecting_later


@pytest.fixture(params=[True, False], ids=["on", "off"])
def was_on(request: pytest.FixtureRequest) -> Iterator[bool]:
    before = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if before else gc.disable)()


def test_collecting_waits_until_the_last_bulk_work_has_ended(was_on: bool) -> None:
    with collecting_later():
        with collecting_later():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled() is was_on


def test_collecting_is_as_it_was_after_an_error(was_on: bool) -> None:
    with pytest.raises(ValueError, match="stopped"), collecting_later():
        raise ValueError("stopped")
    assert gc.isenabled() is was_on
