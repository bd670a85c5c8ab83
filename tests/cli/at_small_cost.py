"""`python -m tests.cli.at_small_cost ...` is `python -m wellbeing_desktop ...` without locking of the cipher's memory, and
with the least stretching of passphrases.

Neither changes what is written or read; a whole day of work takes a third as long so on a virtual machine. See
`tests.quick_stores`.
"""

import sys

import pytest

from tests.quick_stores import set_in_profile
from wellbeing_desktop.__main__ import main
from wellbeing_desktop.storage import kdf


def at_small_cost() -> None:
    """For the rest of this process."""
    patch = pytest.MonkeyPatch()
    set_in_profile(patch, cipher_memory_security=("OFF", "0"))
    patch.setattr(kdf, "calibrate", lambda: kdf.FAST_FOR_TESTS)


if __name__ == "__main__":
    at_small_cost()
    sys.exit(main())
