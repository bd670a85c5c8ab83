"""Community services from Open Referral UK answers."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.open_referral import read_services

DATA = Path(__file__).parents[1] / "data" / "open-referral-uk"

# file -> services, refused items; None where the file holds no services at all
EXPECTED = {
    "api_details.json": None,
    "organization.json": (1, 0),
    "organization_list.json": (0, 10),
    "service_at_location_full.json": (1, 0),
    "service_at_location_list.json": (1, 0),
    "service_full.json": (1, 0),
    "service_list.json": (1, 0),
    "taxonomy.json": None,
    "taxonomy_term.json": None,
    "taxonomy_term_list.json": None,
}


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.json")))
def test_each_answer_gives_its_services_or_a_sentence(name: str) -> None:
    expected = EXPECTED[name]
    data = (DATA / name).read_bytes()
    if expected is None:
        try:
            found = read_services(data)
        except Refused as refusal:
            message = refusal.message
        else:
            message = found.refused[0].reason
            assert found.services == ()
        assert "service" in message
        return
    found = read_services(data)
    assert (len(found.services), len(found.refused)) == expected


def test_a_full_service_is_read_and_what_is_not_is_named() -> None:
    found = read_services((DATA / "service_full.json").read_bytes())
    (service,) = found.services
    assert service.name == "Community Counselling"
    assert service.organisation == "Example Organization Inc."
    assert (service.minimum_age, service.maximum_age) == (12, 100)
    assert service.opening == ("Thursday, Friday 10:00 to 18:00",)
    assert service.fees[-1] == "Under 18s and Over 60s, £35.00, per 1 hour session"
    assert service.places[0].name == "MyCity Civic Center"
    assert service.checked_on == dt.date(2005, 1, 1)
    assert found.not_understood == ("funding",)


def test_a_link_that_is_a_script_is_not_kept_and_a_missing_page_is_counted() -> None:
    page = {
        "total_pages": 3,
        "page_number": 1,
        "contents": [
            {"id": "1", "name": "Lunch club", "status": "active", "url": "javascript:alert(1)",
             "phones": [{"number": "01568 612229"}, {"number": "111"}]},
            {"id": "1", "name": "Lunch club", "status": "active"},
            {"id": "2", "status": "active"},
            "nonsense",
        ],
    }  # fmt: skip
    found = read_services(json.dumps(page).encode())
    assert found.services[0].website == ""
    assert found.services[0].telephones == ("+441568612229", "111")
    assert found.pages_missing == 2
    assert [item.item for item in found.refused] == ["service 2", "service 3", "service 4"]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["id", "name", "status", "service", "services", "contents", "schedules", "phones",
                                       "organization", "service_at_locations", "location", "addresses"]),
                      inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_any_json_is_services_or_a_refusal(content: object) -> None:
    try:
        read_services(json.dumps(content).encode())
    except Refused:
        return


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 200_000, b'{"a": NaN}', b"3"])
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        read_services(data)
