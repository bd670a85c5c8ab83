"""Every widget on one page, in a whole window; only for tests and for people to look at."""

from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QWidget

from wellbeing_desktop.ui.chart_data import Band, ChartData, Series
from wellbeing_desktop.ui.charts import ChartCard
from wellbeing_desktop.ui.models.paged_table import Column, TableRow, rows_in_memory
from wellbeing_desktop.ui.navigation import Section
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.shell import Shell
from wellbeing_desktop.ui.sync_line import SyncState
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages, read_back
from wellbeing_desktop.ui.widgets.banner import BannerFact, PersonBanner
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.progress import Progress
from wellbeing_desktop.ui.widgets.table import Table
from wellbeing_desktop.ui.widgets.tabs import tabs

TODAY = date(2026, 11, 21)
WELLBEING = ChartData(
    "line",
    "Life satisfaction rose from 3 to 6 since March",
    ("Mar", "Jun", "Sep", "Nov"),
    (Series("Life satisfaction", (3, 4, 4, 6)),),
    top=10,
)
CONTACTS = ChartData(
    "stacked",
    "Most contacts in October were visits",
    ("Aug", "Sep", "Oct"),
    (Series("Visits", (12, 9, 21)), Series("Calls", (8, 11, 6)), Series("Letters", (2, 3, 5))),
)
WAITING = ChartData(
    "bar",
    "4 referrals have waited over a week",
    ("0 to 2 days", "3 to 7 days", "Over 7 days"),
    (Series("Referrals", (9, 5, 4)),),
)
TWO_SCORES = ChartData(
    "band",
    "Anxiety fell below 4",
    ("Mar", "Jun", "Sep", "Nov"),
    (Series("Anxiety yesterday", (8, 6, None, 3)), Series("Happiness yesterday", (3, 5, 6, 7))),
    top=10,
    bands=(Band("Low", 0, 4), Band("Middle", 4, 6), Band("High", 6, 10)),
)
GOALS = ChartData(
    "progress",
    "2 of 3 goals are on their way",
    ("Walk to the lunch club", "Sort out the garden", "See Sian more"),
    (Series("Steps", (3, 1, 0)),),
    top=4,
)


class PersonGallery(Page):
    title = "Gallery of a person"
    nav_key = "person"

    def __init__(self) -> None:
        super().__init__()
        banner = PersonBanner()
        banner.show_person(
            "JONES, Bronwen",
            [
                BannerFact("Born", "14-Mar-1943 (83y)"),
                BannerFact("NHS No.", "999 000 0001"),
                BannerFact("Phone", "01632 960 123"),
            ],
            ["Preferred name Bron", "Welsh first language", "Large print", "Carer: daughter Sian"],
            [("Similar name", "warning")],
            ["Before you visit: key safe at side door. Dog in the kitchen. Two-person visit after dark."],
        )
        self.outer.insertWidget(0, banner)
        summary = QWidget()
        row = QHBoxLayout(summary)
        row.setContentsMargins(0, 12, 0, 0)
        goals = cards.Card("Goals and actions", action=buttons.link("See the care plan"))
        goals.add_row("Walk to the lunch club", labels.chip("On track", "good"))
        goals.add_row("Medicines review", labels.chip("Due 4-Dec-2026", "warning"))
        goals.add_row("Carer's assessment", labels.chip("2 days late", "bad"))
        goals.body.addStretch()
        row.addWidget(goals, 1)
        row.addWidget(ChartCard(WELLBEING), 1)
        self.body.addWidget(
            tabs(
                "Parts of this record",
                [("Summary", summary), ("Care plan", QWidget()), ("Contacts", QWidget()), ("History", QWidget())],
            )
        )
        form = Form()
        form.add("note", "&Note", fields.note(), help_text="What happened, in your words.", required=True)
        form.begin_row()
        form.add("medium", "&How", fields.choice([("visit", "Home visit"), ("call", "Telephone call")]))
        form.add("on", "&Date", fields.day(lambda: TODAY))
        form.add("nhs", "NHS n&umber", read_back.nhs_number())
        form.end_row()
        form.add("agreed", "", fields.tick("Consent &given today"))
        form.add_actions(buttons.primary("&Save contact"), buttons.secondary("Add &action", icon="plus"))
        form.set_values(
            {
                "note": "Visited at home with daughter. Bron says stairs are easier with the second rail.",
                "agreed": "yes",
                "on": "2026-11-24",
            }
        )
        form.set_draft_line("Draft saved on this laptop 10:42")
        self.form = form
        self.body.addWidget(cards.card("Quick note", form))
        self.body.addStretch()


class PartsGallery(Page):
    title = "Gallery of parts"
    nav_key = "parts"

    def __init__(self) -> None:
        super().__init__()
        head = QWidget()
        flow = FlowLayout(head)
        for made in (
            buttons.primary("&Print 12 letters", icon="printer"),
            buttons.secondary("Add &action"),
            buttons.danger("&Close this record"),
            buttons.link("See this &week"),
            buttons.quiet("Show &more"),
        ):
            flow.addWidget(made)
        off = buttons.secondary("Sync now")
        off.setEnabled(False)
        flow.addWidget(off)
        self.body.addWidget(labels.heading("Caseload", 1))
        self.body.addWidget(labels.muted("12 people. 3 are late."))
        self.body.addWidget(head)
        for tone, words in (
            ("plain", "A new version is ready. It is installed when you close the program."),
            ("warning", "Working offline. What you write is kept on this laptop."),
            ("bad", "The disk is almost full. Work is still saved."),
        ):
            self.body.addWidget(messages.notice(words, tone, can_close=tone == "plain"))
        columns = [
            Column("Name", "name"),
            Column("Next contact", "next", width=16),
            Column("Why"),
            Column("Days", "days", is_number=True, width=6),
        ]
        people = ["JONES, Bronwen", "AHMED, Dilip", "EVANS, Carys", "HUGHES, Ioan", "IQBAL, Fatima", "CLARKE, Joyce"]
        rows = [
            TableRow(f"p{n}", (name, f"{24 + n}-Nov-2026", "Review due", str(n * 7 + 4)))
            for n, name in enumerate(people)
        ]
        self.table = Table("People on the caseload", rows_in_memory(columns, rows, self))
        self.table.choose_row(1)
        self.table.setMinimumHeight(160)
        self.body.addWidget(self.table, 2)
        progress = Progress("Printing", lambda: None, cancel="Cancel printing")
        progress.show_count(34, 120)
        self.body.addWidget(progress)
        self.body.addWidget(
            cards.card(
                "",
                empty_state(
                    "Nothing due today", "Visits and calls for today show here.", buttons.secondary("See next week")
                ),
            )
        )


class ChartGallery(Page):
    title = "Gallery of charts"
    nav_key = "charts"

    def __init__(self) -> None:
        super().__init__()
        self.charts = [ChartCard(each) for each in (CONTACTS, WAITING, TWO_SCORES, GOALS)]
        for one, other in (self.charts[:2], self.charts[2:]):
            holder = QWidget()
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(one, 1)
            row.addWidget(other, 1)
            self.body.addWidget(holder)
        self.body.addStretch()


def gallery_window() -> Shell:
    shell = Shell()
    for key, words, icon, make in (
        ("today", "Today", "sun", Page),
        ("parts", "Caseload", "users", PartsGallery),
        ("person", "Person record", "user", PersonGallery),
        ("letters", "Letters and leaflets", "mail", Page),
        ("charts", "Returns", "chart-column", ChartGallery),
        ("sync", "Sync", "refresh-cw", Page),
        ("admin", "Administration", "settings", Page),
    ):
        shell.add_page(key, make, Section(key, words, icon))
    shell.sync_line.show_state(SyncState("offline", at="today 08:12", waiting=3))
    return shell
