"""What only Windows offers, through its own library."""

import sys
from typing import Any


def kernel() -> Any:
    """The functions of kernel32. Raises OSError on any other system."""
    if sys.platform == "win32":
        import ctypes

        return ctypes.windll.kernel32
    raise OSError("kernel32 is a library of Windows")
