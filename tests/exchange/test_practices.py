"""Practices from the shipped files and from lists of other shapes."""

import datetime as dt

import pytest

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.resources import resource
from wellbeing_desktop.exchange.practices import read_practices, shipped_practices


def test_every_shipped_practice_is_read() -> None:
    folder = resource("reference/practices")
    counts = {path.name: read_practices(path.read_bytes()) for path in folder.glob("*.csv")}
    assert {name: (len(found.practices), found.refused) for name, found in counts.items()} == {
        "epraccur-2019-herefordshire-excerpt.csv": (16, ()),
        "ncl-emis-practices-list-size-2026-02.csv": (173, ()),
    }
    assert len(shipped_practices()) == 189


def test_closed_practices_are_kept_and_said_to_be_closed() -> None:
    by_code = {practice.code: practice for practice in shipped_practices()}
    assert (by_code["M81013"].closed, by_code["M81013"].closed_on) == (True, dt.date(2019, 7, 31))
    assert not by_code["M81054"].closed


def test_two_practices_at_one_postcode_stay_two() -> None:
    there = [practice for practice in shipped_practices() if practice.postcode == "HR6 8HD"]
    assert {practice.code for practice in there} == {"M81003", "M81016"}


def test_names_in_capitals_are_made_readable() -> None:
    names = {practice.code: practice.name for practice in shipped_practices()}
    assert names["M81035"] == "St Martin's Gate Surgery"
    assert names["M81018"] == "Weobley & Staunton on Wye Surgeries"
    assert names["E83009"] == "PHGH Doctors"
    assert names["E83005"] == "Lichfield Grove Surgery"


def test_list_sizes_have_their_date() -> None:
    by_code = {practice.code: practice for practice in shipped_practices()}
    assert (by_code["E83003"].list_size, by_code["E83003"].list_size_on) == (10552, dt.date(2026, 2, 25))


def test_a_bad_line_is_refused_and_the_rest_is_read() -> None:
    found = read_practices(b"Code,Name\nM81054,Kington\nM8!,Nowhere\nM81018,\nM81054,Kington again\n")
    assert [practice.code for practice in found.practices] == ["M81054"]
    assert [refusal.line for refusal in found.refused] == [3, 4, 5]
    assert "line 2" in found.refused[2].reason


def test_another_list_is_refused() -> None:
    with pytest.raises(Refused, match="ODS code and the name"):
        read_practices(b"Surname,First name\nJones,Ann\n")
