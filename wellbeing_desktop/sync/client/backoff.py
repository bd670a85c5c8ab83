"""How long to leave a server alone: longer after each failure, never in step with the other laptops (SYNC 3.8)."""

from typing import Final

FIRST_SECONDS: Final = 1.0
LONGEST_SECONDS: Final = 300.0


def wait_after(failures: int, chance: float, *, asked_for: float = 0.0) -> float:
    """Seconds to wait after so many failures in a row (at least 1): 1 s doubling to 5 min, the upper half random.

    `chance` is in [0, 1); `asked_for` is the server's Retry-After, kept to and spread out by up to a quarter, because
    two hundred laptops are told the same.
    """
    full = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(failures - 1, 20))
    own = full * (0.5 + chance / 2)
    return max(own, asked_for * (1 + chance / 4))
