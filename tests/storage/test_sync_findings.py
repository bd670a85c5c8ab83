"""What syncs found is kept until somebody has read it."""

import datetime as dt

from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.sync_findings import MOST, Finding, findings, forget_findings, note_findings

AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)


def test_what_is_said_again_stands_once_with_its_latest_moment(writer: Writer) -> None:
    note_findings(writer, ["Two people left.", "A document is damaged."], AT)
    note_findings(writer, ["A document is damaged."], AT + dt.timedelta(hours=1))
    note_findings(writer, [], AT + dt.timedelta(hours=2))
    assert findings(writer) == (
        Finding(AT + dt.timedelta(hours=1), "A document is damaged."),
        Finding(AT, "Two people left."),
    )


def test_of_many_the_oldest_go(writer: Writer) -> None:
    for number in range(MOST + 3):
        note_findings(writer, [f"Finding {number}"], AT + dt.timedelta(minutes=number))
    assert [found.words for found in findings(writer)] == [f"Finding {number}" for number in range(MOST + 2, 2, -1)]


def test_only_what_was_read_is_forgotten(writer: Writer) -> None:
    note_findings(writer, ["First"], AT)
    shown = findings(writer)
    note_findings(writer, ["Second"], AT + dt.timedelta(minutes=1))
    forget_findings(writer, shown)
    assert [found.words for found in findings(writer)] == ["Second"]
