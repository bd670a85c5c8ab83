from pathlib import Path

import pytest

from tests.storage.stores import add_note, make_store, open_store
from wellbeing_desktop.storage import envelope as envelopes
from wellbeing_desktop.storage import health, opener
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.health import Finding, check
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.store_files import ATTACHMENTS_FILE


def test_a_whole_store_has_no_findings(store: Store) -> None:
    store.write(lambda writer: add_note(writer, "x"))
    assert check(store) == []


def test_the_log_is_brought_in_before_pages_are_checked(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    for name in ("checkpoint", "cipher_findings", "structure_findings"):
        real = getattr(opener, name)

        def noting(connection: object, name: str = name, real: object = real) -> object:
            order.append(name)
            assert callable(real)
            return real(connection)

        monkeypatch.setattr(health, name, noting)
    check(store)
    assert order[:3] == ["checkpoint", "cipher_findings", "structure_findings"]


def test_what_breaks_a_rule_of_the_records_is_reported(store: Store) -> None:
    def rule(reader: Reader) -> list[Finding]:
        lonely = reader.value("SELECT count(*) FROM jotting")
        return [Finding("lonely", f"{lonely} notes belong to nobody.")]

    assert check(store, [rule]) == [Finding("lonely", "0 notes belong to nobody.")]


def test_a_changed_audit_entry_is_reported(store: Store) -> None:
    def meddle(writer: Writer) -> None:
        with writer.immediate():
            writer.execute("INSERT INTO audit (number, subject, entry, hash) VALUES (1, NULL, '{}', 'f')")

    store.write(meddle)
    assert {finding.kind for finding in check(store)} == {"audit"}


def test_damaged_attachments_and_envelopes_are_reported_while_work_goes_on(tmp_path: Path) -> None:
    store, _ = make_store(tmp_path / "store")
    store.close()
    file = tmp_path / "store" / ATTACHMENTS_FILE
    content = bytearray(file.read_bytes())
    content[len(content) - 2000] ^= 1
    file.write_bytes(bytes(content))
    (tmp_path / "store" / envelopes.RECOVERY_FILE).write_bytes(b"{")
    with open_store(tmp_path / "store") as opened:
        opened.write(lambda writer: add_note(writer, "work goes on"))
        kinds = {finding.kind for finding in check(opened)}
        assert "no_recovery" in kinds
        assert kinds & {"damaged_pages", "damaged_structure", "attachments"}
        opened.keys.new_recovery_kit()
        assert "no_recovery" not in {finding.kind for finding in check(opened)}


def test_every_finding_says_what_to_do(tmp_path: Path) -> None:
    store, _ = make_store(tmp_path / "store")
    with store:
        (store.folder / envelopes.USER_FILE).write_bytes(b"{")
        (store.folder / ATTACHMENTS_FILE).unlink()
        found = check(store)
    assert len(found) == 2
    assert all(finding.message and finding.advice for finding in found)
