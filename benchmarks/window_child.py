"""One real window, offscreen, in a process of its own; prints one JSON line of what it measured.

    python -m benchmarks.window_child bare|unlock|today|idle|find|caseload_find|repaint STORE

`bare` is a PySide6 window with a word in it, imported and shown in the plainest way.
"""

import os
import sys
import threading
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> None:
    what, *rest = sys.argv[1:]
    if what == "bare":
        told = bare()
    else:
        from pathlib import Path

        ways = {
            "unlock": unlock,
            "today": today,
            "idle": idle,
            "find": find,
            "caseload_find": caseload_find,
            "repaint": repaint,
        }
        told = ways[what](Path(rest[0]), *rest[1:])
    import json

    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    os._exit(0)


def bare() -> dict[str, object]:
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.setCentralWidget(QLabel("Today"))
    window.resize(1366, 728)
    painted = shown_and_painted(application, window)
    settle(application)
    return {"painted": painted, "resident": resident()}


def unlock(store) -> dict[str, object]:
    from wellbeing_desktop.app import start

    application, program = start(store.parent, only=store)
    program.begin()
    painted = shown_and_painted(application, program.entry)
    settle(application)
    return {"painted": painted, "resident": resident()}


def today(store) -> dict[str, object]:
    """From the passphrase to the painted Today; the key derivation is the cheap one of tests. Beside it, the same
    question asked over a connection opened bare."""
    from benchmarks.stores import PASSPHRASE
    from wellbeing_desktop.app import start
    from wellbeing_desktop.storage.store import Store

    application, program = start(store.parent, only=store)
    program.begin()
    shown_and_painted(application, program.entry)
    settle(application)
    while "wellbeing_desktop.ui.pages.today" not in sys.modules or program._import_timer.isActive():
        wait_for_events(application)  # it is done long before anybody has typed four words
    begin = time.perf_counter()
    shell = program.open(Store.open(store, PASSPHRASE))
    page = shell.page()
    while page.day is None:
        wait_for_events(application)
    application.processEvents()
    page.repaint()
    ours = time.perf_counter() - begin
    user, on = program.session_now().user_id, program.session_now().today()
    program.close_store()
    return {"ours": ours, "reference": bare_day(store, user, on)}


def bare_day(store, user, on) -> float:
    from benchmarks.stores import PASSPHRASE
    from wellbeing_desktop.storage.connection import Reader
    from wellbeing_desktop.storage.envelope import open_user_envelope, read_user_envelope
    from wellbeing_desktop.storage.opener import open_connection
    from wellbeing_desktop.storage.store_files import STORE_FILE
    from wellbeing_desktop.ui.pages.today_parts.day import read_day

    user_envelope = read_user_envelope(store)
    data_key = open_user_envelope(user_envelope, PASSPHRASE, None)
    key = data_key.store_key(user_envelope.identity.store_id)
    begin = time.perf_counter()
    connection = open_connection(store / STORE_FILE, key, role="writer", identity=user_envelope.identity)
    read_day(Reader(connection), user, on)
    took = time.perf_counter() - begin
    connection.close()
    return took


def idle(store) -> dict[str, object]:
    """Resident memory with Today seen, the Caseload seen and a person open."""
    application, program, shell = opened_window(store)
    shell.go("caseload")
    settle(application)
    person = program.session_now().store.read(lambda reader: reader.value("SELECT id FROM person ORDER BY id LIMIT 1"))
    has_person = shell.has_page("person")
    if has_person:
        shell.go("person", person)
    settle(application)
    return {"resident": resident(), "person_open": has_person}


def repaint(store, letters, csv_file, address, code) -> dict[str, object]:
    """How long one repaint of a full Caseload takes: idle, then while each piece of work goes on."""
    from pathlib import Path

    from benchmarks.p13_import import bring_in_quietly
    from benchmarks.paper import letter
    from wellbeing_desktop.ui.worker import end_worker, run_in_worker

    application, program, shell = opened_window(store)
    shell.go("caseload")
    page = shell.page()
    page.clear_filters()
    settle(application)
    viewport = page.table.viewport()
    told: dict[str, object] = {"idle": repaints(application, viewport, 60, lambda: False)}

    answers: list[object] = []
    documents = [letter(number) for number in range(int(letters))]
    payload = (documents, ["standard"] * len(documents), False)
    run_in_worker(page, "wellbeing_desktop.documents.jobs:render_many", payload, answers.append)
    told["print"] = repaints(application, viewport, 40, lambda: not answers)
    settle(application)
    end_worker()

    open_store = program.session_now().store
    told["import"] = while_thread(
        application, viewport, lambda: bring_in_quietly(open_store, Path(csv_file).read_bytes())
    )
    told["load"] = while_thread(application, viewport, first_load(store.parent / "p14-load", address, code))
    return told


def while_thread(application, viewport, work) -> list[float]:
    thread = threading.Thread(target=work)
    thread.start()
    took = repaints(application, viewport, 40, thread.is_alive)
    thread.join()
    settle(application)
    return took


def repaints(application, viewport, least, goes_on) -> list[float]:
    """At least `least`, and until the work has ended; a pause between, as between two things that somebody does."""
    took = []
    while goes_on() or (len(took) < least):
        begin = time.perf_counter()
        viewport.repaint()
        took.append(time.perf_counter() - begin)
        application.processEvents()
        time.sleep(0.02)
        if len(took) > 4000:
            raise RuntimeError("the work does not end")
    return took


def first_load(folder, address, code):
    """What the sync thread does with a laptop that has just joined."""
    from benchmarks.stores import PASSPHRASE
    from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
    from wellbeing_desktop.storage.store import Store
    from wellbeing_desktop.sync.client.address import server_address
    from wellbeing_desktop.sync.client.pairing import enrol, join
    from wellbeing_desktop.sync.client.session import sync_once
    from wellbeing_desktop.sync.client.transport import HttpTransport

    transport = HttpTransport(server_address(address))
    enrolment = enrol(transport, server_address(address), code)
    store, _kit = Store.create(
        folder,
        "Bench",
        PASSPHRASE,
        organisation_id=enrolment.membership.organisation,
        user_id=enrolment.practitioner_id,
        argon=FAST_FOR_TESTS,
    )
    join(store, enrolment)
    is_here = threading.Event()

    def watch(step, *_) -> None:
        if step == "checking":
            is_here.set()

    def work() -> None:
        sync_once(store, transport, progress=watch, cancelled=is_here.is_set)
        store.close()

    return work


MIX = (
    "s", "j", "sm", "ev", "jon", "smi", "smith", "jones", "patel", "begum", "evans", "griffiths", "hughes m", "khan a",
    "brown mary", "9990", "99901", "999012", "9990123", "ls1", "sa1", "bs1 4", "ls12", "de1 2", "o'brien", "llew",
    "singh", "ward jean", "072", "tay",
)  # fmt: skip
"""What is in the field after the key: 2 of one letter, 2 of two, names, numbers, postcodes."""


def find(store) -> dict[str, object]:
    """Key press to painted results in the palette, and beside each the bare search and paint."""
    application, program, shell = opened_window(store)
    counting = Counting(program.session_now().store)
    palette = shell.palette_box
    palette.open()
    settle(application)
    return against_bare(store, application, counting, palette.field, palette.list.viewport())


def caseload_find(store) -> dict[str, object]:
    """The same in the find field of the Caseload."""
    application, program, shell = opened_window(store)
    counting = Counting(program.session_now().store)
    shell.go("caseload")
    settle(application)
    page = shell.page()
    return against_bare(store, application, counting, page.search_field, page.table.viewport())


def against_bare(store, application, counting, field, viewport) -> dict[str, object]:
    paints = counting_paints(viewport)
    ask = bare_search(store)
    ours, reference = [], []
    for turn in range(3):
        for text in MIX:
            field.setText(text[:-1] if len(text) > 1 else "")
            settle(application)
            if turn:
                reference.append(ask(text))
            took = key_to_painted(application, counting, field, paints, text)
            if turn:
                ours.append(took)
    return {"ours": ours, "reference": reference}


def key_to_painted(application, store, field, paints, text) -> float:
    """From the key event until the answer to it has come and everything is painted."""
    from PySide6.QtCore import QCoreApplication, QEvent, Qt
    from PySide6.QtGui import QKeyEvent

    from wellbeing_desktop.ui import background

    painted, asked = paints.count, store.asked
    begin = time.perf_counter()
    key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, text[-1])
    QCoreApplication.sendEvent(field, key)
    while store.asked == asked or background.waiting():
        wait_for_events(application)
    application.processEvents()
    if paints.count == painted:
        paints.watched.repaint()  # the answer was what is shown already: a paint is counted all the same
    return time.perf_counter() - begin


class Counting:
    """Counts the questions that the window asks of its store."""

    def __init__(self, store) -> None:
        self.asked = 0
        self._submit_read = store.submit_read
        store.submit_read = self._counted

    def _counted(self, job):
        self.asked += 1
        return self._submit_read(job)


def bare_search(store):
    """The same words asked of `find` over a connection of its own, and a plain table painted with the answer."""
    from PySide6.QtGui import QStandardItem, QStandardItemModel
    from PySide6.QtWidgets import QTableView

    from benchmarks.stores import PASSPHRASE
    from wellbeing_desktop.storage.envelope import open_user_envelope, read_user_envelope
    from wellbeing_desktop.storage.opener import open_connection
    from wellbeing_desktop.storage.search_words import terms_of
    from wellbeing_desktop.storage.store_files import STORE_FILE

    envelope = read_user_envelope(store)
    key = open_user_envelope(envelope, PASSPHRASE, None).store_key(envelope.identity.store_id)
    connection = open_connection(store / STORE_FILE, key, role="reader", identity=envelope.identity)
    view = QTableView()
    view.resize(640, 420)
    view.show()

    def ask(text: str) -> float:
        words = " AND ".join("(" + " OR ".join(f'"{each}"*' for each in term) + ")" for term in terms_of(text))
        begin = time.perf_counter()
        rows = connection.execute(
            "SELECT p.family_name, p.given_name, p.born_on, p.nhs_number FROM find JOIN person_sort AS s"
            " ON s.number = find.rowid JOIN record AS r ON r.number = s.number JOIN person AS p ON p.id = r.id"
            " WHERE find MATCH ? ORDER BY s.sort, s.number LIMIT 20",
            (words,),
        ).fetchall()
        model = QStandardItemModel()
        for row in rows:
            model.appendRow([QStandardItem(cell or "") for cell in row])
        view.setModel(model)
        view.viewport().repaint()
        took = time.perf_counter() - begin
        view._model = model
        return took

    return ask


def opened_window(store):
    from benchmarks.stores import PASSPHRASE
    from wellbeing_desktop.app import start
    from wellbeing_desktop.storage.store import Store

    application, program = start(store.parent, only=store)
    shell = program.open(Store.open(store, PASSPHRASE))
    settle(application)
    return application, program, shell


class _Paints:
    count = 0


def counting_paints(widget):
    from PySide6.QtCore import QEvent, QObject

    counted = _Paints()

    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint:
                counted.count += 1
            return False

    counted.watched = widget
    counted.watch = Watch(widget)
    widget.installEventFilter(counted.watch)
    return counted


def shown_and_painted(application, window) -> float:
    """Show a window; answers the moment (system-wide monotonic clock) when its first painting had ended."""
    counted = counting_paints(window)
    window.show()
    while not counted.count:
        application.processEvents()
    application.processEvents()
    return time.perf_counter()


def wait_for_events(application) -> None:
    """As the real loop does: sleep until there is something to do, so that the store's thread has the interpreter."""
    from PySide6.QtCore import QEventLoop

    application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def settle(application) -> None:
    """Until nothing is asked for any more and everything is painted."""
    from PySide6.QtCore import QCoreApplication, QEvent

    background = sys.modules.get("wellbeing_desktop.ui.background")
    until = time.perf_counter() + 0.1
    while time.perf_counter() < until or (background is not None and background.waiting()):
        application.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(0.002)


def resident() -> int:
    """Bytes of this process that are in memory now."""
    import gc
    from pathlib import Path

    gc.collect()
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
