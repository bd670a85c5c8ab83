"""What a made-up service knows: places to go, articles in every state, content that was opened, people sent on.

Nothing here is advice about health: the words are about buses, forms and telephone numbers of nobody.
"""

import datetime as dt
from collections.abc import Sequence

from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.knowledge import Article, DigitalModule, Service
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.onward import OnwardReferral
from wellbeing_desktop.operations import digital, knowledge, onward
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store

_DAY = dt.timedelta(days=1)


def write_down(store: Store, person_ids: Sequence[str], now: dt.datetime) -> None:
    """Some of each, for a store whose one person writes and approves."""
    today = local_date(now)

    def work(writer: Writer) -> None:
        lunch, shed, transport = new_id(), new_id(), new_id()
        for service in (
            Service(
                id=lunch,
                name="Tuesday lunch club (made up)",
                description="Lunch and company for anybody who would like it.",
                topics=("Company", "Food"),
                areas=("Kington",),
                eligibility="Anybody over 60",
                minimum_age=60,
                cost="£4 a meal",
                opening="Tuesday 12:00 to 14:00",
                how_to_use="Ring the day before",
                address="The Old Hall\n1 High Street\nKington",
                telephone="01632 960200",
                capacity="room",
                capacity_on=today,
            ),
            Service(
                id=shed,
                name="The Shed (made up)",
                description="A workshop: mending, making and tea.",
                topics=("Company", "Skills"),
                areas=("Kington", "Leominster"),
                cost="Free",
                telephone="01632 960201",
                checked_on=today - 240 * _DAY,
            ),
            Service(
                id=transport,
                name="Lifts to appointments (made up)",
                description="Volunteers drive people who cannot use a bus.",
                topics=("Transport",),
                areas=("Kington",),
                telephone="01632 960202",
                capacity="waiting_list",
                capacity_on=today - 40 * _DAY,
            ),
        ):
            knowledge.add_service(writer, service, at=now)
        knowledge.report_missing_or_wrong(writer, "The telephone number rings out.", shed, at=now)
        knowledge.report_missing_or_wrong(writer, "Nothing about a choir, and three people asked.", at=now)
        _articles(writer, now, today)
        _sent_on(writer, person_ids, now, lunch, transport)
        _content(writer, person_ids, now)

    store.write(work)


def _articles(writer: Writer, now: dt.datetime, today: dt.date) -> None:
    def draft(title: str, words: str, *areas: str, at: dt.datetime = now) -> str:
        id = new_id()
        article = Article(id=id, title=title, words=words, localities=areas, sources="Made up for practice")
        knowledge.draft_article(writer, article, at=at)
        return id

    before = now - 300 * _DAY
    bus = draft(
        "Getting a bus pass", "Forms are at the library.\n\nBring a photograph and a letter.", "Kington", at=before
    )
    knowledge.send_for_approval(writer, bus, at=before)
    knowledge.approve_article(writer, bus, today - 200 * _DAY, at=before)
    again = now - 190 * _DAY
    changed = "Forms are at the library and the post office.\n\nBring a photograph and a letter."
    knowledge.change_article(writer, bus, {"words": changed}, at=again)
    knowledge.send_for_approval(writer, bus, at=again)
    knowledge.approve_article(writer, bus, today - 5 * _DAY, at=again)
    hall = draft("Booking the meeting room", "Ring reception. The room holds 12.", "Kington")
    knowledge.send_for_approval(writer, hall, at=now)
    knowledge.approve_article(writer, hall, today + 180 * _DAY, at=now)
    waiting = draft("Who answers when we are closed", "The message on our telephone says whom to ring.")
    knowledge.send_for_approval(writer, waiting, at=now)
    back = draft("Parking at the clinic", "There is parking behind the building.")
    knowledge.send_for_approval(writer, back, at=now)
    knowledge.send_article_back(writer, back, "Say how many spaces there are.", at=now)


def _sent_on(writer: Writer, person_ids: Sequence[str], now: dt.datetime, lunch: str, transport: str) -> None:
    for number, (place, state, useful) in enumerate(
        ((lunch, "attended", "yes"), (lunch, "not_attended", ""), (lunch, "", ""), (transport, "full", ""))
    ):
        id, sent = new_id(), now - (20 - number) * _DAY
        signpost = OnwardReferral(id=id, subject=person_ids[number], kind="signpost", service_id=place)
        onward.send_onward(writer, signpost, at=sent)
        if state:
            onward.end_onward(writer, id, state, useful=useful, at=now)


def _content(writer: Writer, person_ids: Sequence[str], now: dt.datetime) -> None:
    module = DigitalModule(
        id=new_id(),
        name="Finding your way round our website (made up)",
        pathway="Getting started",
        platform="Our website",
        sessions="Where things are\nAsking for help",
        criteria="Has agreed a first goal\nUses a computer or telephone",
        days_open=60,
        drop_off_days=14,
    )
    digital.add_module(writer, module, at=now - 30 * _DAY)
    met = ("Has agreed a first goal", "Uses a computer or telephone")
    digital.release_module(writer, person_ids[0], module.id, met, at=now - 3 * _DAY)
    digital.release_module(writer, person_ids[1], module.id, met[:1], "Uses it with her daughter", at=now - 20 * _DAY)
