"""How long a window may stand idle before it locks (PRACTICE W5): the organisation's choice within these bounds.

Minutes. The bounds are a product choice from UX section 2; no law or standard names them.
"""

from typing import Final

IDLE_SETTING: Final = "lock.idle_minutes"
PIN_SETTING: Final = "lock.quick_pin"
"""False turns the quick PIN off for everybody."""
USUAL_MINUTES: Final = 5
LEAST_MINUTES: Final = 1
MOST_MINUTES: Final = 15
