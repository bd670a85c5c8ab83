"""What a column of a row says. NULL, and an empty text, are absent."""

import datetime as dt

import msgspec


def as_day(column: str | None) -> dt.date | None:
    return dt.date.fromisoformat(column) if column else None


def as_moment(column: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(column) if column else None


def as_members(column: str | None) -> tuple[str, ...]:
    """The members of a set field."""
    return msgspec.json.decode(column, type=tuple[str, ...]) if column else ()
