"""What a server is told at start, read once."""

from pathlib import Path

import msgspec

DATABASE_FOLDER = "wellbeing-server"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`database` is a PostgreSQL connection string, or empty for the encrypted file in `folder`. A server without a
    certificate listens on the loopback address only. `request_seconds` bounds how long a body may take to arrive.
    `all_files_bytes` is the organisation's room for files; `files_at_once` keeps them from holding up records."""

    folder: Path
    database: str = ""
    organisation: str = ""
    host: str = "127.0.0.1"
    port: int = 8443
    certificate: Path | None = None
    certificate_key: Path | None = None
    request_seconds: float = 60.0
    requests_at_once: int = 32
    files_at_once: int = 6
    laptop_requests_a_minute: int = 1_200
    stranger_requests_a_minute: int = 2_400
    metrics_token: str = ""
    pair_attempts_a_minute: int = 10
    session_attempts_a_minute: int = 120
    largest_file_bytes: int = 50 * 1024 * 1024
    all_files_bytes: int = 50 * 1024**3
    upkeep_seconds: float = 3600.0
