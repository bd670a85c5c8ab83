"""The scan itself, so that an empty answer means something."""

import base64
import gzip
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from tests.sentinel import find_in

SENTINEL = "Zebedee Quixworth-Ó"
AROUND = b"\x00\x17noise "


@pytest.mark.parametrize(
    "hide",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode().hex().encode(),
        lambda text: text.encode().hex().upper().encode(),
        lambda text: base64.b64encode(text.encode()),
        lambda text: base64.b64encode(b"x" + text.encode() + b"yy"),
        lambda text: base64.urlsafe_b64encode(b"xy" + text.encode() + b"z"),
        lambda text: base64.b64encode(text.encode("utf-16-le")),
        lambda text: zlib.compress(b"before" * 50 + text.encode() + b"after" * 50),
        lambda text: zlib.compress(text.encode(), 1),
        lambda text: zstandard.compress(b"before" * 50 + text.encode() + b"after" * 50),
        lambda text: gzip.compress(b"line\n" * 5 + text.encode("utf-16-le")),
    ],
)
def test_a_sentinel_is_found_in_every_form(tmp_path: Path, hide: Callable[[str], bytes]) -> None:
    (tmp_path / "file.bin").write_bytes(AROUND + hide(SENTINEL) + AROUND)
    assert {(hit.path.name, hit.sentinel) for hit in find_in(tmp_path, [SENTINEL, "somebody else"])} == {
        ("file.bin", SENTINEL)
    }


def test_it_is_found_inside_a_zip_and_in_a_file_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("first.xml", "nothing here" * 30)
        container.writestr("second.xml", "text " * 30 + SENTINEL)
    (tmp_path / f"letter to {SENTINEL}.txt").touch()
    assert {hit.form for hit in find_in(tmp_path, [SENTINEL])} >= {"compressed, UTF-8", "name, UTF-8"}


def test_only_what_was_asked_for_is_spared(tmp_path: Path) -> None:
    for name in ("export.csv", "log.txt"):
        (tmp_path / name).write_text(SENTINEL, "utf-8")
    assert [hit.path.name for hit in find_in(tmp_path, [SENTINEL], exempt=[tmp_path / "export.csv"])] == ["log.txt"]
    assert find_in(tmp_path, ["absent"]) == []
