"""How large a message may be, how much is asked for at once, how long what is given out is good: the same at both ends."""

from typing import Final

MAX_REQUEST_BYTES: Final = 8 * 1024 * 1024
MAX_PUSH_BYTES: Final = 1024 * 1024
"""What a laptop aims for in one push, before compression; the server takes up to MAX_REQUEST_BYTES."""
MAX_REPLY_BYTES: Final = 64 * 1024 * 1024
MAX_PUSH_OPERATIONS: Final = 500
PAGE_ROWS: Final = 5_000
PAGE_ROWS_FLOOR: Final = 200
BUCKETS_AT_ONCE: Final = 100
"""A caseload of sixty that is handed over is three hundred buckets: three requests, not three hundred."""
PAGE_BYTES: Final = 4 * 1024 * 1024
TOKEN_SECONDS: Final = 15 * 60
NONCE_SECONDS: Final = 120
