"""Returns as data."""

import datetime as dt
import json

import pytest

from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.resources import resource
from wellbeing_desktop.domain.return_definition import (
    Month,
    band_label,
    parse_month,
    read_definition,
    shipped_definition,
)

SHIPPED = json.loads(resource("returns/monthly-coordination.json").read_bytes())


def test_the_shipped_return_has_what_a_coordinator_reports() -> None:
    definition = shipped_definition()
    assert [split.by for split in definition.measure("referrals").breakdowns] == [
        "source",
        "practice",
        "age_band",
        "asked_for",
        "gender",
        "ethnicity",
    ]
    for id in (
        "first_attempts",
        "first_contacts",
        "first_plans",
        "people_seen",
        "plans_offered",
        "plans_declined",
        "plans_overdue",
        "onward",
        "onward_waiting",
        "not_recorded",
        "gad7",
        "contacts",
        "did_not_attend",
        "plans_agreed",
        "plans_reviewed",
        "caseload_open",
        "caseload_opened",
        "caseload_closed",
        "ons4_anxious",
    ):
        assert definition.measure(id).definition
    for measure in definition.measures:
        for split in measure.breakdowns:
            if split.code_list:
                assert code_list(split.code_list).entries


def test_w27_no_measure_counts_who_improved() -> None:
    for measure in shipped_definition().measures:
        assert "improved" not in measure.title.lower()
        assert "improved" not in measure.id


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["measures"].append(d["measures"][0]),
        lambda d: d["measures"][0].update(query="drop table"),
        lambda d: d["measures"][0].update(counts="money"),
        lambda d: d["measures"][0]["breakdowns"].append({"by": "medium", "title": "x"}),
        lambda d: d["suppression"].update(below=3),
        lambda d: d.pop("measures"),
        lambda d: d.update(version=1),
    ],
)
def test_a_definition_that_cannot_be_counted_by_is_refused(change) -> None:
    changed = json.loads(json.dumps(SHIPPED))
    change(changed)
    with pytest.raises(Refused):
        read_definition(json.dumps(changed))


def test_a_month_is_a_year_and_a_number() -> None:
    month = parse_month(" 2028-02 ")
    assert (month.first, month.last) == (dt.date(2028, 2, 1), dt.date(2028, 2, 29))
    assert str(month) == "2028-02"
    assert Month(2026, 9) < Month(2026, 10) < Month(2027, 1)
    for bad in ("2026", "2026-13", "2026-00", "26-10", "October 2026", "2026-10-01"):
        with pytest.raises(Refused):
            parse_month(bad)


def test_bands_have_labels_in_words() -> None:
    bands = shipped_definition().age_bands
    assert [band_label(bands, age) for age in (0, 17, 18, 84, 85, 120, None)] == [
        "0 to 17",
        "0 to 17",
        "18 to 24",
        "75 to 84",
        "85 and over",
        "85 and over",
        "Not known",
    ]
