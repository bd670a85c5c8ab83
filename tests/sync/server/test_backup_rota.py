"""Backups by the clock: made when due, by one server of several, pruned only after a newer one is proven."""

import datetime as dt
import secrets
from pathlib import Path

import pytest
from laptop import Laptop

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.server import backup_rota
from wellbeing_desktop.sync.server.backup import read_backup
from wellbeing_desktop.sync.server.backup_rota import Keeper, Rota, backup_into, claim, prune
from wellbeing_desktop.sync.server.service import Service

KEY = secrets.token_bytes(32)
DAY = dt.timedelta(days=1)


def at(service: Service, now: dt.datetime) -> Service:
    return Service(service.engine, service.org, clock=lambda: now)


def test_old_backups_go_only_after_a_newer_one_is_proven_and_other_files_stay(service: Service, tmp_path: Path) -> None:
    Laptop(service, "Anna").sync()
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "letter.backup").write_text("not ours")
    start = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    for day in range(4):
        backup_into(service.engine, KEY, kept, 2, start + day * DAY)
    assert sorted(path.name for path in kept.iterdir()) == [
        "letter.backup",
        "wellbeing-20261123T000000Z.backup",
        "wellbeing-20261124T000000Z.backup",
    ]
    read_backup(kept / "wellbeing-20261124T000000Z.backup", KEY)
    with pytest.raises(Refused, match="already"):
        backup_into(service.engine, KEY, kept, 1, start + 3 * DAY)
    assert len(list(kept.iterdir())) == 3
    with pytest.raises(Refused, match="at least one"):
        backup_into(service.engine, KEY, kept, 0, start + 9 * DAY)
    assert prune(kept, 5) == []


def test_of_several_servers_one_makes_the_backup_that_is_due(service: Service, tmp_path: Path) -> None:
    start = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    rota = Rota(folder=tmp_path, every=DAY, keep=7)
    one, other = (Keeper(at(service, start), KEY, rota) for _ in range(2))
    assert one.make_if_due()
    assert other.make_if_due() == ""
    assert not claim(at(service, start + DAY / 2), DAY)
    assert claim(at(service, start + 1.01 * DAY), DAY)
    assert not claim(at(service, start + 1.02 * DAY), DAY)
    assert claim(at(service, start + 1.3 * DAY), DAY), "a claim whose server died is free again"


def test_a_backup_that_fails_is_logged_and_moves_nothing(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    laptop = Laptop(service, "Anna")
    laptop.person("Ellis")
    laptop.sync()
    before = laptop.push().backed_up_seq
    keeper = Keeper(service, KEY, Rota(folder=tmp_path / "gone", every=DAY, keep=7))
    assert keeper.make_if_due() == ""
    assert "failed" in caplog.text
    assert laptop.push().backed_up_seq == before


def test_the_keeper_ends_when_told(service: Service, tmp_path: Path) -> None:
    keeper = Keeper(service, KEY, Rota(folder=tmp_path, every=DAY, keep=7))
    keeper.start()
    keeper.stop()
    assert backup_rota.prune(tmp_path, 7) == []
