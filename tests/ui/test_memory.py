"""What the window keeps in memory is what the window needs."""

import subprocess
import sys

KEPT_OUT = "import sys; sys.exit(', '.join(sorted({kept_out!r} & {{name.partition('.')[0] for name in sys.modules}})))"


def modules_after(statements: str, kept_out: set[str]) -> str:
    """The modules of `kept_out` that a fresh process has imported after `statements`."""
    program = f"{statements}\n{KEPT_OUT.format(kept_out=kept_out)}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    return done.stderr.strip()


def test_the_window_and_all_its_pages_bring_neither_the_http_client_nor_what_writes_documents() -> None:
    everything = (
        "import importlib, wellbeing_desktop.app as app, wellbeing_desktop.ui.page_list\n"
        "for name in app._needed_soon(): importlib.import_module(name)"
    )
    heavy = {
        "urllib3",
        "truststore",
        "reportlab",
        "openpyxl",
        "xlsxwriter",
        "jinja2",
        "holidays",
        "rapidfuzz",
        "uvicorn",
    }
    assert modules_after(everything, heavy) == ""


def test_a_module_that_was_imported_is_noticed() -> None:
    assert modules_after("import json, msgspec", {"json", "urllib3"}) == "json"
