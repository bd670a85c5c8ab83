"""Twenty laptops on Friday: a list of staff becomes codes and slips; bad lines are sentences, the good ones go on."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from laptop import Laptop
from pypdf import PdfReader

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.server import acts, members
from wellbeing_desktop.sync.server.__main__ import main
from wellbeing_desktop.sync.server.check import check
from wellbeing_desktop.sync.server.problems import CodeRefused
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.staff_list import invite_staff, read_staff_list

STAFF = """name,roles,with_names
Anna Ellis,coordinator,
Bilal Khan,coordinator; front desk,no
Carys Jones,manager,yes
Anna  ELLIS,coordinator,
,coordinator,
Dewi Rees,wizard,
Eve Short,coordinator,yes
Farah Aziz,Front-desk,maybe
Gwen Price,lead,
"""


def listed(tmp_path: Path, text: str = STAFF) -> Path:
    path = tmp_path / "staff.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_good_lines_become_members_with_codes_and_bad_ones_are_sentences(service: Service, tmp_path: Path) -> None:
    staff = read_staff_list(service, listed(tmp_path))
    assert [line for line, _member in staff.good] == [2, 3, 4, 10]
    assert [bad.line for bad in staff.bad] == [5, 6, 7, 8, 9]
    assert all(bad.reason.endswith(".") for bad in staff.bad)
    assert "with_names" in staff.bad[3].reason
    invited = invite_staff(service, staff, approved=True)
    assert [one.name for one in invited] == ["Anna Ellis", "Bilal Khan", "Carys Jones", "Gwen Price"]
    assert [member.roles for member in members.members(service)][1] == ("coordinator", "front_desk")
    assert len({one.code for one in invited}) == 4
    assert check(service).wrong == []
    anna = Laptop(service, "", member=invited[0].member)
    anna.person("Ellis")
    anna.sync()
    assert len(service.engine.read(lambda transaction: acts.acts(transaction, service.org))) == 5


def test_the_same_list_again_invites_nobody_twice_and_a_number_invites_again(service: Service, tmp_path: Path) -> None:
    [first, *_rest] = invite_staff(service, read_staff_list(service, listed(tmp_path)), approved=False)
    again = read_staff_list(service, listed(tmp_path))
    assert again.good == ()
    assert "works here already" in again.bad[0].reason
    by_number = read_staff_list(service, listed(tmp_path, f"name,roles,member\n,,{first.member}\n,,nobody\n"))
    assert [member.name for _line, member in by_number.good] == ["Anna Ellis"]
    assert "Nobody with that number" in by_number.bad[0].reason
    [other] = invite_staff(service, by_number, approved=False)
    assert (other.member, other.code == first.code) == (first.member, False)
    assert len(members.members(service)) == 4


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any, str]:
    code = main([*words, "--json"])
    told = capsys.readouterr()
    return code, json.loads(told.out) if told.out else None, told.err


@pytest.mark.capability("W29")
def test_the_command_previews_then_makes_codes_and_one_slip_for_each_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ("--folder", str(tmp_path / "data"), "--key-beside")
    assert run(capsys, "init", "--name", "Riverside", *place)[0] == 0
    place = place[:2]
    file, pdf = str(listed(tmp_path)), tmp_path / "slips.pdf"
    code, planned, _err = run(capsys, "invite", "--file", file, "--dry-run", *place)
    assert (code, len(planned["would_invite"]), len(planned["refused"])) == (0, 4, 5)
    assert planned["would_invite"][0] == {
        "line": 2, "name": "Anna Ellis", "roles": ["coordinator"], "member": "", "code": "", "ends_at": ""
    }  # fmt: skip
    assert run(capsys, "users", *place)[1] == {"users": []}
    slips = ("--slips", str(pdf))
    assert "--address" in run(capsys, "invite", "--file", file, *slips, *place)[2]
    assert run(capsys, "invite", "--file", file, *slips, "--address", "http://x.example", *place)[0] == 1
    assert run(capsys, "users", *place)[1] == {"users": []}
    address = ("--address", "https://wellbeing.example.nhs.uk")
    code, made, _err = run(capsys, "invite", "--file", file, *slips, *address, *place)
    assert (code, len(made["invited"]), [bad["line"] for bad in made["refused"]]) == (0, 4, [5, 6, 7, 8, 9])
    assert pdf.stat().st_mode & 0o077 == 0
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf.read_bytes())).pages]
    assert len(pages) == 4
    for page, one in zip(pages, made["invited"], strict=True):
        assert one["name"] in page
        assert one["code"] in page
        assert address[1] in page
        assert not [other for other in made["invited"] if other is not one and other["code"] in page]
    assert run(capsys, "invite", "--file", file, *slips, *address, *place)[0] == 1, "slips are never written over"
    pdf.unlink()
    code, none, _err = run(capsys, "invite", "--file", file, *slips, *address, *place)
    assert (code, none["invited"]) == (1, [])
    assert not pdf.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("name\nAnna\n", "no column roles"),
        ("roles\ncoordinator\n", "no column name"),
        ("%PDF-1.7 something", "."),
    ],
)
def test_a_file_that_is_no_list_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    place = ("--folder", str(tmp_path / "data"))
    assert run(capsys, "init", "--name", "Riverside", "--key-beside", *place)[0] == 0
    (tmp_path / "staff.csv").write_text(text)
    code, _none, err = run(capsys, "invite", "--file", str(tmp_path / "staff.csv"), *place)
    assert code == 1
    assert words in err
    assert run(capsys, "invite", "--file", str(tmp_path / "not-there.csv"), *place)[0] == 1


def test_a_leavers_codes_stop_and_their_laptops_send_their_last_work(service: Service) -> None:
    anna = Laptop(service, "Anna")
    anna.person("Ellis")
    anna.sync()
    code, _ends = members.invite(service, anna.user, approved=True)
    members.end_membership(service, anna.user)
    assert [laptop.state for laptop in members.laptops(service)] == ["leaving"]
    with pytest.raises(CodeRefused):
        anna.pair_with(code)
    anna.person("Jones")
    anna.push()
    with pytest.raises(Refused, match="works here"):
        members.end_membership(service, anna.user)


def test_an_act_that_was_altered_dropped_or_put_in_is_found(service: Service) -> None:
    anna = Laptop(service, "Anna")
    members.set_laptop_state(service, anna.dev, "revoked")
    assert check(service).wrong == []
    for change in (
        "UPDATE admin_act SET target = 'another' WHERE org = ? AND number = 1",
        "DELETE FROM admin_act WHERE org = ? AND number = 1",
    ):
        service.engine.write(lambda transaction, change=change: transaction.run(change, (service.org,)))
        [wrong] = check(service).wrong
        assert "acts" in wrong
