"""Ready for the road on paper: what is missing, and if wanted the call sheet of the day's visits."""

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.domain.dates import long_date, staff_moment
from wellbeing_desktop.operations.road import Call, RoadCheck, missing_in_words

NO_SAFE_NUMBER = "No number recorded that is safe to call"


def road_document(check: RoadCheck, *, with_calls: bool, user_name: str) -> b.Document:
    """One page where it fits. Numbers that are not safe to call are never on it; neither is how to get in, nor an
    alert: paper is lost."""
    made: list[b.Block] = [
        b.Heading(f"For the road, {long_date(check.day)}", 1),
        b.Paragraph(f"{missing_in_words(check)} Checked by {user_name}, {staff_moment(check.made_at)}."),
    ]
    if check.missing:
        rows = tuple((line.title, str(line.state), f"{line.words} {line.advice}".strip()) for line in check.missing)
        made += [b.Heading("What is missing", 2), b.Table(("What", "State", "What to do"), rows, (2, 1.5, 5))]
    if with_calls:
        made.append(b.Heading("Visits and calls", 2))
        if check.calls:
            header = ("Time", "Who", "Where", "Safe to call")
            made.append(b.Table(header, tuple(_row(call) for call in check.calls), (1, 2.5, 3, 2.5)))
        else:
            made.append(b.Paragraph("Nobody is booked."))
    made.append(b.Paragraph("Carry it safely. Put it in confidential waste when the day is done.", tone="quiet"))
    return b.Document("For the road", tuple(made), purpose="Confidential: staff copy")


def _row(call: Call) -> tuple[b.Text, ...]:
    who = f"{call.name}. Two people go" if call.two_person else call.name
    where = ". ".join(part for part in (call.place, call.purpose) if part)
    return (call.time, who, where or "Not recorded", call.telephone or NO_SAFE_NUMBER)
