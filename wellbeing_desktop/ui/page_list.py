"""Every page of the window and its row in the navigation, in order. Adding a screen is one line here."""

from collections.abc import Callable

from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.navigation import Section
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.shell import Shell


def add_pages(shell: Shell, session: Callable[[], Session]) -> None:
    """Name every page to the window. Pages are made on first visit, with the session of that moment."""
    from wellbeing_desktop.ui.pages.articles.article import ArticlePage
    from wellbeing_desktop.ui.pages.articles.gap import GapPage
    from wellbeing_desktop.ui.pages.articles.list_page import ArticlesPage
    from wellbeing_desktop.ui.pages.articles.write import WriteArticlePage
    from wellbeing_desktop.ui.pages.audit import AuditPage
    from wellbeing_desktop.ui.pages.calendar.page import CalendarPage
    from wellbeing_desktop.ui.pages.care_plan.changes import PlanChangesPage
    from wellbeing_desktop.ui.pages.care_plan.page import CarePlanPage
    from wellbeing_desktop.ui.pages.caseload import CaseloadPage
    from wellbeing_desktop.ui.pages.clashes import ClashesPage
    from wellbeing_desktop.ui.pages.closed import ClosedPage
    from wellbeing_desktop.ui.pages.concern.at_risk import AtRiskPage
    from wellbeing_desktop.ui.pages.concern.call_sheet_page import CallSheetPage
    from wellbeing_desktop.ui.pages.concern.list_page import ConcernsPage
    from wellbeing_desktop.ui.pages.concern.page import ConcernPage
    from wellbeing_desktop.ui.pages.contact.page import ContactPage
    from wellbeing_desktop.ui.pages.cover import CoverPage
    from wellbeing_desktop.ui.pages.digital.ledger import LedgerPage
    from wellbeing_desktop.ui.pages.digital.module import ModulePage
    from wellbeing_desktop.ui.pages.digital.modules import ModulesPage
    from wellbeing_desktop.ui.pages.digital.release import ReleasedPage, ReleasePage
    from wellbeing_desktop.ui.pages.emergency import EmergencyPage
    from wellbeing_desktop.ui.pages.end_of_day import EndOfDayPage
    from wellbeing_desktop.ui.pages.file.add import AddFilePage
    from wellbeing_desktop.ui.pages.file.page import FilePage
    from wellbeing_desktop.ui.pages.follow_ups import FollowUpRulesPage
    from wellbeing_desktop.ui.pages.forms.new_appointment import NewAppointmentPage
    from wellbeing_desktop.ui.pages.forms.new_person import NewPersonPage
    from wellbeing_desktop.ui.pages.forms.new_referral import NewReferralPage
    from wellbeing_desktop.ui.pages.forms.new_task import NewTaskPage
    from wellbeing_desktop.ui.pages.forms.task import TaskPage
    from wellbeing_desktop.ui.pages.import_people import ImportPage
    from wellbeing_desktop.ui.pages.inbox.enquiry import EnquiryPage
    from wellbeing_desktop.ui.pages.inbox.message import MessagePage
    from wellbeing_desktop.ui.pages.inbox.new_message import NewMessagePage
    from wellbeing_desktop.ui.pages.inbox.new_onward import NewOnwardPage
    from wellbeing_desktop.ui.pages.inbox.new_request import NewRequestPage
    from wellbeing_desktop.ui.pages.inbox.onward import OnwardPage
    from wellbeing_desktop.ui.pages.inbox.page import InboxPage
    from wellbeing_desktop.ui.pages.inbox.request import RequestPage
    from wellbeing_desktop.ui.pages.join import JoinPage
    from wellbeing_desktop.ui.pages.letters import LettersPage
    from wellbeing_desktop.ui.pages.my_list import MyListPage
    from wellbeing_desktop.ui.pages.organisations.list_page import OrganisationsPage
    from wellbeing_desktop.ui.pages.organisations.page import OrganisationPage
    from wellbeing_desktop.ui.pages.person.entry import PersonEntryPage
    from wellbeing_desktop.ui.pages.person.page import PersonPage
    from wellbeing_desktop.ui.pages.phrases import PhrasesPage
    from wellbeing_desktop.ui.pages.plan_copy.page import PlanCopyPage
    from wellbeing_desktop.ui.pages.plan_copy.summary_page import PersonSummaryPage
    from wellbeing_desktop.ui.pages.receipt import ReceiptPage
    from wellbeing_desktop.ui.pages.referrals.list_page import ReferralsPage
    from wellbeing_desktop.ui.pages.referrals.page import ReferralPage
    from wellbeing_desktop.ui.pages.referrals.settings_page import ReferralSettingsPage
    from wellbeing_desktop.ui.pages.referrals.triage_page import TriagePage
    from wellbeing_desktop.ui.pages.referrals.workload_page import WorkloadPage
    from wellbeing_desktop.ui.pages.returns import ReturnsPage
    from wellbeing_desktop.ui.pages.road import RoadPage
    from wellbeing_desktop.ui.pages.service_file.complaint import ComplaintPage
    from wellbeing_desktop.ui.pages.service_file.incident import IncidentPage
    from wellbeing_desktop.ui.pages.service_file.letter import AnswerLetterPage
    from wellbeing_desktop.ui.pages.service_file.list_page import ServiceFilesPage
    from wellbeing_desktop.ui.pages.services.directory import DirectoryPage
    from wellbeing_desktop.ui.pages.services.page import ServicesPage
    from wellbeing_desktop.ui.pages.services.service import ServicePage
    from wellbeing_desktop.ui.pages.settings import SettingsPage
    from wellbeing_desktop.ui.pages.sync import SyncPage
    from wellbeing_desktop.ui.pages.team_sync import TeamSyncPage
    from wellbeing_desktop.ui.pages.today import TodayPage
    from wellbeing_desktop.ui.pages.visit.page import VisitPage
    from wellbeing_desktop.ui.phrases import offer_phrases

    shell.add_page("today", lambda: TodayPage(session()), Section("today", "Today", "sun"))
    shell.add_page("my_list", lambda: MyListPage(session()), Section("my_list", "My list", "clipboard-list"))
    shell.add_page("inbox", lambda: InboxPage(session()), Section("inbox", "Inbox", "inbox"))
    shell.add_page("referrals", lambda: ReferralsPage(session()), Section("referrals", "Referrals", "clipboard-list"))
    shell.add_page("caseload", lambda: CaseloadPage(session()), Section("caseload", "Caseload", "users"))
    services = Section("services", "Services and articles", "book-open")
    shell.add_page("services", lambda: ServicesPage(session()), services)
    shell.add_page("letters", lambda: LettersPage(session()), Section("letters", "Letters and leaflets", "mail"))
    shell.add_page("returns", lambda: ReturnsPage(session()), Section("returns", "Returns", "chart-column"))
    shell.add_page("import", lambda: ImportPage(session()), Section("import", "Import people", "upload"))
    shell.add_page("sync", lambda: SyncPage(session()), Section("sync", "Sync", "refresh-cw"))
    shell.add_page("clashes", lambda: ClashesPage(session()), Section("clashes", "Clashes", "git-merge"))
    # last in the navigation
    shell.add_page("settings", lambda: SettingsPage(session()), Section("settings", "Settings", "settings"))
    shell.add_page("person", lambda: PersonPage(session()))
    shell.add_page("person_entry", lambda: PersonEntryPage(session()))
    shell.add_page("enquiry", lambda: EnquiryPage(session()))
    shell.add_page("request", lambda: RequestPage(session()))
    shell.add_page("new_request", lambda: NewRequestPage(session()))
    shell.add_page("message", lambda: MessagePage(session()))
    shell.add_page("new_message", lambda: NewMessagePage(session()))
    shell.add_page("onward", lambda: OnwardPage(session()))
    shell.add_page("new_onward", lambda: NewOnwardPage(session()))
    shell.add_page("at_risk", lambda: AtRiskPage(session()))
    shell.add_page("concerns", lambda: ConcernsPage(session()))
    shell.add_page("call_sheet", lambda: CallSheetPage(session()))
    shell.add_page("concern", lambda: ConcernPage(session()))
    shell.add_page("service_files", lambda: ServiceFilesPage(session()))
    shell.add_page("incident", lambda: IncidentPage(session()))
    shell.add_page("complaint", lambda: ComplaintPage(session()))
    shell.add_page("answer_letter", lambda: AnswerLetterPage(session()))
    shell.add_page("add_file", lambda: AddFilePage(session()))
    shell.add_page("file", lambda: FilePage(session()))
    shell.add_page("service", lambda: ServicePage(session()))
    shell.add_page("directory", lambda: DirectoryPage(session()))
    shell.add_page("article", lambda: ArticlePage(session()))
    shell.add_page("write_article", lambda: WriteArticlePage(session()))
    shell.add_page("articles", lambda: ArticlesPage(session()))
    shell.add_page("report_gap", lambda: GapPage(session()))
    shell.add_page("modules", lambda: ModulesPage(session()))
    shell.add_page("module", lambda: ModulePage(session()))
    shell.add_page("release_module", lambda: ReleasePage(session()))
    shell.add_page("released", lambda: ReleasedPage(session()))
    shell.add_page("ledger", lambda: LedgerPage(session()))
    shell.add_page("calendar", lambda: CalendarPage(session()))
    shell.add_page("contact", lambda: ContactPage(session()))
    shell.add_page("visit", lambda: VisitPage(session()))
    shell.add_page("care_plan", lambda: CarePlanPage(session()))
    shell.add_page("plan_changes", lambda: PlanChangesPage(session()))
    shell.add_page("plan_copy", lambda: PlanCopyPage(session()))
    shell.add_page("person_summary", lambda: PersonSummaryPage(session()))
    shell.add_page("audit", lambda: AuditPage(session()))
    shell.add_page("closed", lambda: ClosedPage(session()))
    shell.add_page("join", lambda: JoinPage(session()))
    shell.add_page("end_of_day", lambda: EndOfDayPage(session()))
    shell.add_page("cover", lambda: CoverPage(session()))
    shell.add_page("emergency", lambda: EmergencyPage(session()))
    shell.add_page("road", lambda: RoadPage(session()))
    shell.add_page("team_sync", lambda: TeamSyncPage(session()))
    shell.add_page("receipt", lambda: ReceiptPage(session()))
    shell.add_page("new_person", lambda: NewPersonPage(session()))
    shell.add_page("new_referral", lambda: NewReferralPage(session()))
    shell.add_page("referral", lambda: ReferralPage(session()))
    shell.add_page("triage", lambda: TriagePage(session()))
    shell.add_page("referral_settings", lambda: ReferralSettingsPage(session()))
    shell.add_page("workload", lambda: WorkloadPage(session()))
    shell.add_page("new_task", lambda: NewTaskPage(session()))
    shell.add_page("follow_ups", lambda: FollowUpRulesPage(session()))
    shell.add_page("phrases", lambda: PhrasesPage(session()))
    shell.add_page("organisations", lambda: OrganisationsPage(session()))
    shell.add_page("organisation", lambda: OrganisationPage(session()))
    shell.commands.add([for_page("phrase", lambda: offer_phrases(shell, session()))])
    shell.add_page("task", lambda: TaskPage(session()))
    shell.add_page("new_appointment", lambda: NewAppointmentPage(session()))
    # always in view, and one key from anywhere
    shell.navigation.pin(Section("at_risk", "At risk now", "shield-alert"), "F8")
    shell.commands.add([for_page("at_risk", lambda: shell.go("at_risk"))])
    # pages without a row of their own that are wanted from anywhere
    shell.commands.add(
        [
            Command("waiting_list", "Waiting list: who to look in on", run=lambda: shell.go("referrals", "waiting")),
            Command("referral_settings", "Referral settings", run=lambda: shell.go("referral_settings")),
            Command("road", "Ready for the road: check tomorrow's visits", run=lambda: shell.go("road")),
            Command("calendar", "My calendar: a day or a week, and calendar files", run=lambda: shell.go("calendar")),
            Command("cover", "Arrange cover, or hand people over", run=lambda: shell.go("cover")),
            Command("concerns", "Show concerns that are not closed", run=lambda: shell.go("concerns")),
            Command("call_sheet", "Print the call sheet for somebody at risk", run=lambda: shell.go("call_sheet")),
            Command("service_files", "Show incidents and complaints", run=lambda: shell.go("service_files")),
            Command("new_incident", "Report an incident or near miss", run=lambda: shell.go("incident", "new")),
            Command("new_complaint", "Write down a complaint or compliment", run=lambda: shell.go("complaint", "new")),
            Command("organisations", "GP practices and organisations", run=lambda: shell.go("organisations")),
            Command("phrases", "Quick phrases of the service", run=lambda: shell.go("phrases")),
            Command("follow_ups", "Rules that make follow-ups", run=lambda: shell.go("follow_ups")),
            Command("new_message", "Message a colleague", run=lambda: shell.go("new_message")),
            Command("enquiry", "Write down a contact at the front door", run=lambda: shell.go("enquiry", "new")),
            Command("articles", "Articles to look at", run=lambda: shell.go("articles")),
            Command("write_article", "Write an article", run=lambda: shell.go("write_article")),
            Command("report_gap", "Report what is missing from the knowledge base", run=lambda: shell.go("report_gap")),
            Command("directory", "Bring in or save a directory of services", run=lambda: shell.go("directory")),
            Command("modules", "Digital content: the modules", run=lambda: shell.go("modules")),
            Command("ledger", "Digital content: the ledger", run=lambda: shell.go("ledger")),
            Command("emergency", "Emergency access to somebody's record", run=lambda: shell.go("emergency")),
            Command("team_sync", "Laptops of the team: who has not synced", run=lambda: shell.go("team_sync")),
        ]
    )
