"""The bytes of files on the server, on both engines: part by part, only for those who may, proven by their hash."""

import datetime as dt
import hashlib
import random
from pathlib import Path

import pytest
import urllib3
from laptop import Laptop, signed

from tests.sentinel import find_in
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.protocol.file_parts import PART_BYTES, BlobDoneReply, BlobDoneRequest, parts_of
from wellbeing_desktop.sync.protocol.transfer import content_digest, decode, encode
from wellbeing_desktop.sync.server import backup, history, members
from wellbeing_desktop.sync.server.blobs import Blobs
from wellbeing_desktop.sync.server.check import check
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.erasure import erase
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.problems import FilesFull, FileTooLarge, NoFile, PartDamaged, PullRefused
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

SENTINEL = b"Zebedee Quixworth of Nether Wallop"
LETTER = SENTINEL * 10 + random.Random(7).randbytes(2 * PART_BYTES + 10)
SHA = hashlib.sha256(LETTER).hexdigest()


@pytest.fixture
def blobs(service: Service) -> Blobs:
    return Blobs(service, Settings(folder=Path()))


@pytest.fixture
def ann(service: Service) -> Laptop:
    return Laptop(service, "Ann")


def named(laptop: Laptop, content: bytes = LETTER, size: int | None = None) -> str:
    """A person of this laptop's caseload with an attachment of these bytes, on the server; the person."""
    person = laptop.person()
    body = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content) if size is None else size}
    laptop.create("attachment", person, {**body, "title": "Letter"})
    laptop.sync()
    return person


def put(blobs: Blobs, laptop: Laptop, content: bytes = LETTER, numbers: range | None = None) -> None:
    sha = hashlib.sha256(content).hexdigest()
    for i in numbers if numbers is not None else range(parts_of(len(content))):
        piece = content[i * PART_BYTES : (i + 1) * PART_BYTES]
        blobs.put(laptop.dev, sha, i, piece, content_digest(piece))


def sent(blobs: Blobs, laptop: Laptop, content: bytes = LETTER) -> str:
    put(blobs, laptop, content)
    return str(blobs.done(laptop.dev, hashlib.sha256(content).hexdigest())["state"])


def fetched(blobs: Blobs, laptop: Laptop, content: bytes = LETTER) -> bytes:
    sha, size = hashlib.sha256(content).hexdigest(), len(content)
    found = b""
    for start in range(0, size, PART_BYTES):
        data, total = blobs.read(laptop.dev, sha, start, min(start + PART_BYTES, size) - 1)
        assert total == size
        found += data
    return found


def holds_whole(blobs: Blobs, laptop: Laptop, sha: str = SHA) -> bool:
    return blobs.status(laptop.dev, sha).whole


def spoil(engine: Engine) -> None:
    """Every part on the disk goes bad."""
    engine.write(lambda transaction: transaction.run("UPDATE blob_bytes SET data = ?", (b"rot",)))


def test_a_file_is_sent_in_parts_resumed_where_it_stopped_and_read_back(blobs: Blobs, ann: Laptop) -> None:
    named(ann)
    put(blobs, ann, numbers=range(2))
    assert blobs.status(ann.dev, SHA).parts == (0, 1)
    assert blobs.done(ann.dev, SHA)["state"] == "part"
    put(blobs, ann, numbers=range(2, 3))
    assert blobs.done(ann.dev, SHA)["state"] == "whole"
    assert holds_whole(blobs, ann)
    assert fetched(blobs, ann) == LETTER
    assert blobs.read(ann.dev, SHA, PART_BYTES - 5, PART_BYTES + 4)[0] == LETTER[PART_BYTES - 5 : PART_BYTES + 5]


def test_a_part_that_arrives_damaged_is_refused_and_nothing_of_it_is_kept(blobs: Blobs, ann: Laptop) -> None:
    named(ann)
    piece = LETTER[:PART_BYTES]
    bent = b"\x00" + piece[1:]
    for data, digest in ((bent, content_digest(piece)), (piece[:-1], content_digest(piece[:-1])), (piece, "")):
        with pytest.raises(PartDamaged):
            blobs.put(ann.dev, SHA, 0, data, digest)
    with pytest.raises(PartDamaged):
        blobs.put(ann.dev, SHA, 9, piece, content_digest(piece))
    assert blobs.status(ann.dev, SHA).parts == ()


def test_a_whole_that_is_not_what_its_name_says_is_thrown_away(blobs: Blobs, ann: Laptop, service: Service) -> None:
    named(ann)
    other = b"x" * len(LETTER)
    for i in range(3):
        piece = other[i * PART_BYTES : (i + 1) * PART_BYTES]
        blobs.put(ann.dev, SHA, i, piece, content_digest(piece))
    assert blobs.done(ann.dev, SHA)["state"] == "damaged"
    assert blobs.status(ann.dev, SHA).parts == ()
    left = service.engine.read(
        lambda transaction: transaction.one("SELECT COUNT(*) FROM blob_bytes WHERE org = ?", (service.org,))
    )
    assert left == (0,)
    assert sent(blobs, ann) == "whole"


def test_without_a_record_in_scope_a_file_is_not_there_whatever_is_asked(
    blobs: Blobs, ann: Laptop, service: Service
) -> None:
    named(ann)
    sent(blobs, ann)
    bob = Laptop(service, "Bob")
    bob.sync()
    for sha in (SHA, "0" * 64, "../../etc/passwd", SHA.upper(), ""):
        for ask in (
            lambda sha=sha: blobs.status(bob.dev, sha),
            lambda sha=sha: blobs.read(bob.dev, sha, 0, 9),
            lambda sha=sha: blobs.put(bob.dev, sha, 0, LETTER[:PART_BYTES], content_digest(LETTER[:PART_BYTES])),
            lambda sha=sha: blobs.done(bob.dev, sha),
        ):
            with pytest.raises(NoFile):
                ask()


def test_a_guessed_hash_in_ones_own_record_tells_nothing_and_fetches_nothing(
    blobs: Blobs, ann: Laptop, service: Service
) -> None:
    named(ann)
    sent(blobs, ann)
    bob = Laptop(service, "Bob")
    named(bob)
    known, nobody = blobs.status(bob.dev, SHA), "f" * 64
    person = bob.person()
    bob.create("attachment", person, {"sha256": nobody, "bytes": len(LETTER), "title": "Letter"})
    bob.sync()
    assert known == blobs.status(bob.dev, nobody), "a file that somebody holds looks like one that nobody holds"
    with pytest.raises(NoFile):
        blobs.read(bob.dev, SHA, 0, 9)
    assert sent(blobs, bob) == "whole", "who has all the bytes has shown that they may"
    assert fetched(blobs, bob) == LETTER
    assert fetched(blobs, ann) == LETTER


def test_a_colleague_with_the_record_in_scope_reads_it_and_loses_it_with_the_scope(
    blobs: Blobs, ann: Laptop, service: Service
) -> None:
    person = named(ann)
    sent(blobs, ann)
    cara = Laptop(service, "Cara")
    ann.change(person, coordinator_id=cara.user)
    ann.sync()
    cara.pull()
    assert fetched(blobs, cara) == LETTER
    ann.pull()
    with pytest.raises(NoFile):
        blobs.read(ann.dev, SHA, 0, 9)


def test_a_file_that_is_named_and_not_here_is_asked_of_those_who_hold_it(
    blobs: Blobs, ann: Laptop, service: Service, engine: Engine
) -> None:
    named(ann)
    again = Laptop(service, "Ann", member=ann.user)
    again.pull()
    assert not again.sign_in().files_wanted
    with pytest.raises(NoFile):
        blobs.read(again.dev, SHA, 0, 9)
    assert ann.sign_in().files_wanted
    assert list(blobs.wanted(ann.dev)["shas"]) == [SHA]
    assert list(blobs.wanted(Laptop(service, "Bob").dev)["shas"]) == []
    sent(blobs, ann)
    assert not ann.sign_in().files_wanted
    assert fetched(blobs, again) == LETTER


def test_a_file_that_went_bad_on_the_disk_is_never_given_and_asked_for_again(
    blobs: Blobs, ann: Laptop, engine: Engine, service: Service
) -> None:
    named(ann)
    sent(blobs, ann)
    spoil(engine)
    with pytest.raises(NoFile):
        blobs.read(ann.dev, SHA, 0, 9)
    assert not holds_whole(blobs, ann)
    assert list(blobs.wanted(ann.dev)["shas"]) == [SHA]
    assert sent(blobs, ann) == "whole"
    assert fetched(blobs, ann) == LETTER
    spoil(engine)
    assert blobs.done(ann.dev, SHA)["state"] == "wanted", "told by one who fetched it, the server looks itself"


def test_check_names_files_that_went_bad(blobs: Blobs, ann: Laptop, engine: Engine, service: Service) -> None:
    named(ann)
    sent(blobs, ann)
    found = check(service)
    assert (found.files, found.wrong) == (1, [])
    spoil(engine)
    assert any("1 files are not what their names say" in sentence for sentence in check(service).wrong)
    assert ann.sign_in().files_wanted


def test_size_and_room_are_limited_before_anything_is_taken(ann: Laptop, service: Service) -> None:
    named(ann)
    piece = LETTER[:PART_BYTES]
    small = Blobs(service, Settings(folder=Path(), largest_file_bytes=PART_BYTES))
    with pytest.raises(FileTooLarge):
        small.put(ann.dev, SHA, 0, piece, content_digest(piece))
    full = Blobs(service, Settings(folder=Path(), all_files_bytes=len(LETTER) + 5))
    put(full, ann)
    full.done(ann.dev, SHA)
    named(ann, b"another letter")
    with pytest.raises(FilesFull):
        put(full, ann, b"another letter")
    assert fetched(full, ann) == LETTER


def test_a_leaver_may_send_what_waits_with_their_work_and_reads_nothing(
    blobs: Blobs, ann: Laptop, service: Service
) -> None:
    person = named(ann, b"an earlier letter")
    sent(blobs, ann, b"an earlier letter")
    members.set_laptop_state(service, ann.dev, "leaving")
    other = Laptop(service, "Cara")
    members.end_membership(service, ann.user)
    ann.create("attachment", person, {"sha256": SHA, "bytes": len(LETTER), "title": "Last letter"})
    ann.push()
    assert sent(blobs, ann) == "whole"
    with pytest.raises((PullRefused, NoFile)):
        blobs.read(ann.dev, SHA, 0, 9)
    with pytest.raises(NoFile):
        blobs.status(other.dev, SHA)


def test_a_backup_holds_every_file_and_a_restored_server_gives_them(
    blobs: Blobs, ann: Laptop, engine: Engine, service: Service, tmp_path: Path
) -> None:
    named(ann)
    sent(blobs, ann)
    many = b"y" * (12 * PART_BYTES)
    named(ann, many)
    sent(blobs, ann, many)
    key = bytes(range(32))
    made = backup.make_backup(engine, key, tmp_path / "saved", history.server_now())
    assert find_in(tmp_path, [SENTINEL.decode()], exempt=[]) == []
    (tmp_path / "new").mkdir()
    fresh = SqliteEngine(tmp_path / "new", StoreKey.new(), create=True)
    try:
        assert backup.restore_backup(fresh, key, tmp_path / "saved") == made
        again = Service(fresh, service.org)
        assert fetched(Blobs(again, Settings(folder=Path())), ann) == LETTER
        assert fetched(Blobs(again, Settings(folder=Path())), ann, many) == many
        assert check(again).wrong == []
    finally:
        fresh.close()


def test_what_was_never_finished_is_swept_and_whole_files_stay(blobs: Blobs, ann: Laptop, service: Service) -> None:
    named(ann)
    put(blobs, ann, numbers=range(2))
    named(ann, b"whole")
    sent(blobs, ann, b"whole")
    assert blobs.sweep() == 0
    later = history.server_now() + dt.timedelta(days=40)
    assert Blobs(Service(service.engine, service.org, clock=lambda: later), Settings(folder=Path())).sweep() == 2
    assert fetched(blobs, ann, b"whole") == b"whole"
    assert blobs.status(ann.dev, SHA).parts == ()


def test_the_http_face_says_what_is_here_takes_parts_and_gives_ranges(ann: Laptop, service: Service) -> None:
    named(ann)
    token = ann.sign_in().token
    with running_server(service) as url, urllib3.PoolManager() as pool:
        where = f"{url}/v1/blob/{SHA}"

        def ask(method: str, address: str = where, body: bytes = b"", **headers: str) -> urllib3.BaseHTTPResponse:
            digest, range = headers.pop("Content-Digest", ""), headers.get("Range", "")
            own = signed(token, method, address.removeprefix(url), body, digest=digest, range=range)
            return pool.request(method, address, body=body, headers={**headers, **own}, retries=False)

        assert pool.request("HEAD", where, retries=False).status == 401
        for i in (0, 2):
            piece = LETTER[i * PART_BYTES : (i + 1) * PART_BYTES]
            reply = ask("PUT", f"{where}?part={i}", piece, **{"Content-Digest": content_digest(piece)})
            assert reply.status == 200
        told = ask("HEAD")
        assert (told.status, told.headers["blob-state"], told.headers["blob-have"]) == (200, "part", "0-0,2-2")
        piece = LETTER[PART_BYTES : 2 * PART_BYTES]
        assert ask("PUT", f"{where}?part=1", piece, **{"Content-Digest": content_digest(b"other")}).status == 422
        assert ask("PUT", f"{where}?part=../1", piece).status == 400
        assert ask("PUT", f"{where}?part=1", piece + b"x").status == 413
        ask("PUT", f"{where}?part=1", piece, **{"Content-Digest": content_digest(piece)})
        done = encode(BlobDoneRequest(device=ann.dev, epoch=ann.epoch))
        assert decode(ask("POST", f"{where}/done", done).data, BlobDoneReply).state == "whole"
        assert ask("HEAD").headers["blob-state"] == "whole"
        given = ask("GET", Range="bytes=10-19")
        assert (given.status, given.data) == (206, LETTER[10:20])
        assert given.headers["content-range"] == f"bytes 10-19/{len(LETTER)}"
        assert given.headers["content-digest"] == content_digest(LETTER[10:20])
        assert ask("GET").status == 400, "a whole file is never one reply"
        assert ask("GET", Range=f"bytes=0-{len(LETTER)}").status == 404
        missing = ask("GET", f"{url}/v1/blob/{'0' * 64}", Range="bytes=0-9")
        assert missing.status == 404
        assert missing.json()["type"] == "about:no-file"


def test_erasing_a_person_takes_their_files_and_leaves_those_that_another_record_names(
    blobs: Blobs, ann: Laptop, service: Service
) -> None:
    person = named(ann)
    sent(blobs, ann)
    shared = b"a leaflet"
    ann.create("attachment", person, {"sha256": hashlib.sha256(shared).hexdigest(), "bytes": 9, "title": "Leaflet"})
    named(ann, shared)
    sent(blobs, ann, shared)
    erase(service.engine, service.org, person, by="Ann", reason="On request", now=history.server_now())
    for table, left in (("blob", 1), ("blob_part", 1), ("blob_holder", 1), ("blob_bytes", 1)):
        found = service.engine.read(
            lambda transaction, table=table: transaction.one(
                f"SELECT COUNT(*) FROM {table} WHERE org = ?", (service.org,)
            )
        )
        assert found == (left,), table
    assert fetched(blobs, ann, shared) == shared
    with pytest.raises(NoFile):
        blobs.read(ann.dev, SHA, 0, 9)
