"""Services and articles are found together, and the index of their words follows whatever writes the tables."""

import datetime as dt

import pytest

from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.knowledge import ArticleEdition, Service
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.registry import type_of
from wellbeing_desktop.domain.wire import body_of
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.directory_search import search_directory, service_named
from wellbeing_desktop.storage.records import StoredRow, erase_row, store_body, store_many

DAY = dt.date(2026, 11, 20)


def row(record, **more) -> StoredRow:
    kind = type_of(record)
    id = record.id or new_id()
    return StoredRow(
        type=kind.name, id=id, subject="org", compartment=str(kind.compartment), body=body_of(kind, record), **more
    )


def kept(writer: Writer, *records, **more) -> list[str]:
    """Put into the store as a pull puts them, all together."""
    rows = [row(record, **more) for record in records]
    with writer.immediate():
        store_many(writer, rows)
    return [each.id for each in rows]


def names(writer: Writer, typed: str, **how) -> list[str]:
    whole(writer)
    return [found.name for found in search_directory(writer, typed, **how)[0]]


def whole(writer: Writer) -> None:
    """The words of the index are those of the tables; it says so itself or raises."""
    with writer.immediate():
        writer.execute("INSERT INTO directory (directory, rank) VALUES ('integrity-check', 1)")


def edition(article_id: str, title: str, words: str = "Words", **more) -> ArticleEdition:
    return ArticleEdition(article_id=article_id, title=title, words=words, approved_on=DAY, review_on=DAY, **more)


def test_services_and_articles_are_found_together_the_name_counting_most(writer: Writer) -> None:
    kept(
        writer,
        Service(name="Walking group", description="We stop for lunch"),
        Service(name="Lunch club", topics=("Loneliness",), areas=("York",)),
        edition("a", "Getting to lunch", localities=("York",)),
    )
    assert names(writer, "lunch") == ["Lunch club", "Getting to lunch", "Walking group"]
    assert names(writer, "york lun") == ["Lunch club", "Getting to lunch"]
    assert names(writer, "lunch", kind="article") == ["Getting to lunch"]
    assert search_directory(writer, "", 2)[1] == 3
    assert names(writer, "") == ["Getting to lunch", "Lunch club", "Walking group"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lonelyness", ["Lunch club"]),
        ("lunhc", ["Lunch club"]),
        ("kounselling", ["Counselling"]),
        ("councel", ["Counselling"]),
        ("mens shed", ["Men’s Shed"]),
        ("men's shed", ["Men’s Shed"]),
        ("cafe", ["Café"]),
        ("zebra", []),
        ("xx", []),
        ('" OR name : * NEAR( --', []),
    ],
)
def test_a_word_spelt_wrong_is_forgiven_and_a_sign_is_no_command(writer: Writer, typed: str, found: list[str]) -> None:
    kept(
        writer,
        Service(name="Lunch club", topics=("Loneliness",)),
        Service(name="Men’s Shed"),
        Service(name="Café"),
        Service(name="Counselling"),
    )
    assert names(writer, typed) == found


def test_a_word_that_exists_is_taken_at_its_word_unless_nothing_is_found_so(writer: Writer) -> None:
    kept(writer, Service(name="Banking advice"), Service(name="Baking for carers"))
    assert names(writer, "banking advise") == ["Banking advice"]
    assert names(writer, "banking carrers") == ["Baking for carers"]


def test_of_many_matches_those_with_the_word_in_their_name_come_first(writer: Writer) -> None:
    many = [Service(name=f"Club {number:03}", description="Garden") for number in range(300)]
    kept(writer, *many, Service(name="Zinnia garden"), Service(name="Yew", topics=("Gardening",)))
    found, total = search_directory(writer, "garden", 4)
    assert [each.name for each in found] == ["Zinnia garden", "Yew", "Club 000", "Club 001"]
    assert total == 302


def test_the_index_follows_what_a_service_becomes(writer: Writer) -> None:
    (id,) = kept(writer, Service(name="Choir"))
    kept(writer, Service(id=id, name="Singing group"))
    assert (names(writer, "choir"), names(writer, "singing")) == ([], ["Singing group"])
    with writer.immediate():
        store_body(writer, row(Service(id=id, name="Singing group"), deleted=True))
    assert names(writer, "singing") == []
    with writer.immediate():
        store_body(writer, row(Service(id=id, name="Singing group")))
    assert names(writer, "singing") == ["Singing group"]
    with writer.immediate():
        erase_row(writer, "service", id)
    assert names(writer, "singing") == []


def test_who_runs_a_service_is_found_whichever_arrives_first_and_renamed(writer: Writer) -> None:
    run_by = new_id()
    kept(writer, Service(name="Choir", organisation_id=run_by))
    assert names(writer, "age well") == []
    kept(writer, Organisation(id=run_by, name="Age Well"))
    assert names(writer, "age well") == ["Choir"]
    kept(writer, Organisation(id=run_by, name="Later Life"))
    assert (names(writer, "age well"), names(writer, "later life")) == ([], ["Choir"])


def test_an_article_is_found_as_its_newest_edition_that_stands(writer: Writer) -> None:
    (first,) = kept(writer, edition("a", "Old bus times"))
    (second,) = kept(writer, edition("a", "New bus times", supersedes=first))
    assert names(writer, "bus") == ["New bus times"]
    assert [found.id for found in search_directory(writer, "bus")[0]] == ["a"]
    (third,) = kept(writer, edition("a", "Retired bus times", supersedes=second, retired=True))
    assert names(writer, "bus") == []
    with writer.immediate():
        erase_row(writer, "article_edition", third)
    assert names(writer, "bus") == ["New bus times"]


def test_editions_that_arrive_in_any_order_leave_the_newest(writer: Writer) -> None:
    first, second = new_id(), new_id()
    kept(writer, edition("a", "Second", id=second, supersedes=first))
    kept(writer, edition("a", "First", id=first))
    assert names(writer, "") == ["Second"]


def test_only_a_name_that_one_service_has_means_that_service(writer: Writer) -> None:
    lunch, _, _, _ = kept(
        writer,
        Service(name="Lunch club"),
        Service(name="Choir"),
        Service(name="choir"),
        Service(name="Gone club", state="defunct"),
    )
    assert (service_named(writer, " lunch  CLUB"), service_named(writer, "Choir")) == (lunch, "")
    assert service_named(writer, "Gone club") == ""
    assert "Gone club" not in names(writer, "club", in_use=True)
