"""Services of a directory: brought in once, changed here or there, taken back as one, published and read back equal."""

import datetime as dt
from pathlib import Path

import msgspec
import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.knowledge import Service
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.exchange.open_referral import ServiceRow, read_services
from wellbeing_desktop.operations import directory, knowledge

DATA = Path(__file__).parents[1] / "data" / "open-referral-uk"
# file -> created, updated, unchanged in an empty directory; then after service_full.json. None: no service in it.
EXPECTED = {
    "api_details.json": None,
    "organization.json": ((1, 0, 0), (0, 0, 1)),
    "organization_list.json": ((0, 0, 0), (0, 0, 0)),
    "service_at_location_full.json": ((1, 0, 0), (0, 0, 1)),
    "service_at_location_list.json": ((1, 0, 0), (0, 1, 0)),  # its words on cost are shorter
    "service_full.json": ((1, 0, 0), (0, 0, 1)),
    "service_list.json": ((1, 0, 0), (0, 1, 0)),
    "taxonomy.json": None,
    "taxonomy_term.json": None,
    "taxonomy_term_list.json": ((0, 0, 0), (0, 0, 0)),
}
LUNCH = ServiceRow(
    source_id="lunch", name="Lunch club", organisation="Age Well", telephones=("+441632960009",), topics=("Food",),
    status="active", checked_on=dt.date(2026, 3, 1), fees=("£4 a meal",), areas=("York",),
)  # fmt: skip


def brought_in(made: Made, *rows: ServiceRow, source: str = directory.SOURCE) -> directory.DirectoryPlan:
    return directory.import_directory(made.writer, rows, source=source, at=NOW)[1]


def counts(plan: directory.DirectoryPlan) -> tuple[int, int, int]:
    return len(plan.created), len(plan.updated), plan.unchanged


def test_the_table_names_every_file() -> None:
    assert sorted(EXPECTED) == sorted(path.name for path in DATA.glob("*.json"))


@pytest.mark.parametrize("name", sorted(name for name, expected in EXPECTED.items() if expected is not None))
def test_each_file_gives_as_many_services_as_it_should(made: Made, name: str) -> None:
    rows = read_services((DATA / name).read_bytes()).services
    full = read_services((DATA / "service_full.json").read_bytes()).services
    assert counts(directory.plan_directory(made.writer, rows)) == EXPECTED[name][0]
    brought_in(made, *full)
    plan = brought_in(made, *rows)
    assert counts(plan) == EXPECTED[name][1]
    assert (plan.kept, plan.refused) == ((), ())


def test_a_service_is_kept_with_all_that_its_directory_says(made: Made) -> None:
    brought_in(made, *read_services((DATA / "service_full.json").read_bytes()).services)
    service = made.only(Service)
    assert (service.name, service.minimum_age, service.state) == ("Community Counselling", 12, "active")
    assert service.address == "MyCity Civic Center\n1-30 Main Street\nMyCity\nMyRegion\nMyState"
    assert service.opening == "Thursday, Friday 10:00 to 18:00"
    assert made.one(Organisation, service.organisation_id).name == "Example Organization Inc."
    assert service.description.startswith("Counselling Services")
    assert "moved most of our" in service.description


def test_an_organisation_that_is_here_by_its_name_is_not_added_again(made: Made) -> None:
    plan = brought_in(made, LUNCH, msgspec.structs.replace(LUNCH, source_id="choir", organisation=" AGE  well"))
    assert [one.name for one in plan.organisations] == ["Age Well"]
    assert len({service.organisation_id for service in made.all(Service)}) == 1
    assert brought_in(made, msgspec.structs.replace(LUNCH, source_id="walk")).organisations == ()


def test_what_was_changed_here_stands_and_the_rest_follows_the_directory(made: Made) -> None:
    brought_in(made, LUNCH)
    id = made.only(Service).id
    knowledge.change_service(made.writer, id, {"cost": "£5 a meal"}, at=NOW)
    knowledge.check_service(made.writer, id, at=NOW)
    newer = msgspec.structs.replace(
        LUNCH, fees=("£6 a meal",), telephones=("+441632960010",), topics=("Food", "Company")
    )
    plan = brought_in(made, newer)
    service = made.one(Service, id)
    assert (service.cost, service.telephone) == ("£5 a meal", "01632 960010")
    assert (service.topics, service.checked_on) == (("Company", "Food"), TODAY)
    assert [each.reason for each in plan.kept] == ["Changed here, so it stays: Cost."]
    assert counts(brought_in(made, newer)) == (0, 0, 1)


def test_what_a_file_leaves_out_takes_nothing_away_and_an_older_check_is_not_believed(made: Made) -> None:
    brought_in(made, LUNCH)
    short = ServiceRow(source_id="lunch", name="Lunch club", checked_on=dt.date(2025, 1, 1))
    assert counts(brought_in(made, short)) == (0, 0, 1)
    assert made.only(Service).cost == "£4 a meal"
    brought_in(made, msgspec.structs.replace(short, checked_on=dt.date(2026, 10, 1)))
    assert made.only(Service).checked_on == dt.date(2026, 10, 1)


def test_one_number_in_two_directories_is_two_services(made: Made) -> None:
    brought_in(made, LUNCH)
    assert counts(brought_in(made, LUNCH, source="Another directory")) == (1, 0, 0)


def test_what_cannot_be_kept_is_named_with_the_reason_and_the_rest_comes_in(made: Made) -> None:
    plan = brought_in(made, msgspec.structs.replace(LUNCH, source_id="bad", name="Bad \ud800"), LUNCH, LUNCH)
    assert [each.item for each in plan.refused] == ["service 1", "service 3"]
    assert "cannot be saved" in plan.refused[0].reason
    assert "earlier file" in plan.refused[1].reason
    assert [service.name for service in made.all(Service)] == ["Lunch club"]


def test_an_import_is_taken_back_as_one_unless_it_was_built_upon(made: Made) -> None:
    brought_in(made, LUNCH)
    id = made.only(Service).id
    newer = [msgspec.structs.replace(LUNCH, name="Lunch and tea"), msgspec.structs.replace(LUNCH, source_id="choir")]
    changes, _plan = directory.import_directory(made.writer, newer, at=NOW)
    directory.take_back_directory(made.writer, changes.undo_id, at=NOW)
    assert [service.name for service in made.all(Service)] == ["Lunch club"]
    changes, _plan = directory.import_directory(made.writer, newer, at=NOW)
    knowledge.change_service(made.writer, id, {"name": "Our lunch"}, at=NOW)
    with pytest.raises(Refused, match="changed since"):
        directory.take_back_directory(made.writer, changes.undo_id, at=NOW)
    assert len(made.all(Service)) == 2


WHOLE = Service(
    name="Men’s Shed", description="Woodwork.\n\nBring tea.", topics=("Company", "Skills"), eligibility="Men over 50",
    minimum_age=50, maximum_age=100, areas=("Hull", "York"), cost="Free; £2 for tea", how_to_use="Ring first",
    opening="Monday 10:00 to 12:00\nFriday", languages=("English", "Polish"), accessibility="Step free\nLoop",
    address="The Shed\n1 Low Road\nYork", postcode="YO1 7HH", telephone="01632 960009, 111", email="shed@example.org",
    website="https://example.org/shed", checked_on=dt.date(2026, 5, 1), state="temporarily closed",
)  # fmt: skip


@pytest.mark.parametrize(
    "service",
    [
        WHOLE,
        Service(name="Bare"),
        msgspec.structs.replace(WHOLE, address="Hall\nYork\n\nBarn\n1\n2\n3\n4\n5"),
        msgspec.structs.replace(WHOLE, address="Hall\nYork\n\nBarn\nHull\nHU1 1AA\n\nNo postcode"),
        msgspec.structs.replace(WHOLE, capacity="full", capacity_on=dt.date(2026, 11, 1)),
    ],
)
def test_what_is_published_reads_back_equal(made: Made, service: Service) -> None:
    changes = knowledge.add_service(made.writer, service, at=NOW)
    id = made_id(changes, "service")
    content, count = directory.directory_bytes(made.writer)
    rows = read_services(content)
    assert (count, rows.refused, rows.not_understood) == (1, (), ())
    plan = directory.plan_directory(made.writer, rows.services)
    assert (counts(plan), plan.kept) == ((0, 0, 1), ())
    before = made.one(Service, id)
    knowledge_lost = {
        "id": "",
        "subject": "",
        "checked_by": "",
        "capacity_by": "",
        "source": "",
        "source_id": "",
        "published": "",
    }
    (elsewhere,) = directory.plan_directory(
        made.writer, [msgspec.structs.replace(rows.services[0], source_id="x")]
    ).created
    assert msgspec.structs.replace(elsewhere, **knowledge_lost) == msgspec.structs.replace(before, **knowledge_lost)


def test_room_told_later_is_believed_and_a_publisher_s_notice_stays_words(made: Made) -> None:
    brought_in(made, LUNCH)
    id = made.only(Service).id
    knowledge.change_service(made.writer, id, {"capacity": "room"}, at=NOW)
    brought_in(made, msgspec.structs.replace(LUNCH, capacity="full", capacity_on=TODAY - dt.timedelta(days=3)))
    assert made.one(Service, id).capacity == "room"
    later = TODAY + dt.timedelta(days=3)
    brought_in(made, msgspec.structs.replace(LUNCH, capacity="full", capacity_on=later))
    assert (made.one(Service, id).capacity, made.one(Service, id).capacity_on) == ("full", later)
    notice = b'[{"id": "1", "name": "Choir", "status": "active", "alert": "Full, as of the summer."}]'
    (row,) = read_services(notice).services
    assert (row.capacity, row.alert) == ("", "Full, as of the summer.")


def test_who_checked_and_the_web_address_go_out_where_the_profile_has_a_place(made: Made) -> None:
    knowledge.add_service(made.writer, WHOLE, at=NOW)
    (published,) = msgspec.json.decode(directory.directory_bytes(made.writer)[0])["contents"]
    assert published["url"] == "https://example.org/shed"
    assert published["fees"] == "Free; £2 for tea"
    assert [contact["phones"][0]["number"] for contact in published["contacts"]] == ["01632 960009", "111"]
    assert {"fees_description", "phones"}.isdisjoint(published)
