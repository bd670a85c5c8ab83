import ast
import json
import os
import shutil
from pathlib import Path

import msgspec
import pytest

import wellbeing_desktop
from tests.killable import Killable
from tests.storage.stopping_child import change_passphrase
from tests.storage.stores import PASSPHRASE, make_store, open_store
from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage import envelope as envelopes
from wellbeing_desktop.storage.identity import Identity
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS, FLOOR, STANDARD, KdfParams, calibrate, stretch
from wellbeing_desktop.storage.keys import DataKey, DeviceSecret
from wellbeing_desktop.storage.recovery import RecoveryKey, RecoveryKit
from wellbeing_desktop.storage.store import Store

pytestmark = pytest.mark.usefixtures("small_schema")

WHO = Identity("11111111-1111-7111-8111-111111111111", "22222222", "33333333")
NEW_PASSPHRASE = "teapot lantern brisk meadow"


def sealed(
    data_key: DataKey, passphrase: str = PASSPHRASE, secret: DeviceSecret | None = None
) -> envelopes.UserEnvelope:
    return envelopes.seal_user_envelope(data_key, passphrase, WHO, FAST_FOR_TESTS, device_secret=secret)


def opens(envelope: envelopes.UserEnvelope, passphrase: str, data_key: DataKey) -> bool:
    try:
        return envelopes.open_user_envelope(envelope, passphrase) == data_key
    except StoreProblem as problem:
        if problem.kind != "wrong_passphrase":
            raise
        return False


def kind_of(call: object, *args: object) -> str:
    assert callable(call)
    with pytest.raises(StoreProblem) as problem:
        call(*args)
    assert problem.value.message
    assert problem.value.advice
    return problem.value.kind


def test_argon2id_gives_the_published_answer() -> None:
    # From the reference implementation's own tests (phc-winner-argon2, src/test.c, version 0x13).
    answer = stretch("password", b"somesalt", KdfParams(65536, 2, 1))
    assert answer.hex() == "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"


def test_the_passphrase_opens_the_envelope_however_it_is_spaced() -> None:
    data_key = DataKey.new()
    assert envelopes.open_user_envelope(sealed(data_key), "  " + PASSPHRASE.replace(" ", "  ")) == data_key


@pytest.mark.parametrize("typed", ["", "granite", PASSPHRASE + "s", PASSPHRASE.upper(), "x" * 100_000, "\x00", "🐦 🐦"])
def test_another_passphrase_is_not_right_and_says_only_that(typed: str) -> None:
    with pytest.raises(StoreProblem, match="That passphrase is not right") as problem:
        envelopes.open_user_envelope(sealed(DataKey.new()), typed)
    assert problem.value.kind == "wrong_passphrase"


def test_nothing_authenticated_can_be_altered() -> None:
    whole = sealed(DataKey.new())
    altered = [
        msgspec.structs.replace(whole, identity=Identity("other", WHO.organisation_id, WHO.user_id)),
        msgspec.structs.replace(whole, identity=Identity(WHO.store_id, "other", WHO.user_id)),
        msgspec.structs.replace(whole, identity=Identity(WHO.store_id, WHO.organisation_id, "other")),
        msgspec.structs.replace(whole, identity=Identity(WHO.store_id, WHO.organisation_id, WHO.user_id, 2)),
        msgspec.structs.replace(whole, params=KdfParams(2048, 1, 1)),
        msgspec.structs.replace(whole, generation=2),
        msgspec.structs.replace(whole, salt=bytes(16)),
        msgspec.structs.replace(whole, nonce=bytes(12)),
        msgspec.structs.replace(whole, sealed=whole.sealed[:-1] + bytes([whole.sealed[-1] ^ 1])),
    ]
    for envelope in altered:
        assert kind_of(envelopes.open_user_envelope, envelope, PASSPHRASE) == "wrong_passphrase"


def test_the_device_secret_is_a_second_factor_with_errors_of_its_own() -> None:
    data_key, secret = DataKey.new(), DeviceSecret.new()
    envelope = sealed(data_key, secret=secret)
    assert envelope.needs_device_secret
    assert envelopes.open_user_envelope(envelope, PASSPHRASE, secret) == data_key
    assert kind_of(envelopes.open_user_envelope, envelope, PASSPHRASE) == "device_secret_missing"
    assert kind_of(envelopes.open_user_envelope, envelope, PASSPHRASE, DeviceSecret.new()) == "device_secret_wrong"
    assert kind_of(envelopes.open_user_envelope, envelope, "another one entirely", secret) == "wrong_passphrase"


def test_an_envelope_is_sealed_differently_every_time() -> None:
    data_key = DataKey.new()
    one, two = sealed(data_key), sealed(data_key)
    assert one.sealed != two.sealed
    assert one.salt != two.salt


@pytest.mark.parametrize("weak", [KdfParams(32 * 1024, 3, 1), KdfParams(64 * 1024, 2, 4), KdfParams(8, 1, 1)])
def test_costs_below_the_floor_are_never_sealed(weak: KdfParams) -> None:
    with pytest.raises(ValueError, match="floor"):
        envelopes.seal_user_envelope(DataKey.new(), PASSPHRASE, WHO, weak)


def test_nothing_in_the_package_uses_the_costs_for_tests() -> None:
    package = Path(wellbeing_desktop.__file__).parent
    users = []
    for file in package.rglob("*.py"):
        text = file.read_text("utf-8")
        nodes = list(ast.walk(ast.parse(text))) if "FAST_FOR_TESTS" in text else []
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        names |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        if "FAST_FOR_TESTS" in names:
            users.append(file.name)
    assert users == ["kdf.py"]


@pytest.mark.parametrize("memory_gib", [0.4, 2, 16])
@pytest.mark.parametrize("mib_per_second", [20, 60, 100, 130, 200, 300, 400, 600, 1000, 2000])
def test_costs_are_fitted_to_the_computer(mib_per_second: float, memory_gib: float) -> None:
    def seconds(params: KdfParams) -> float:
        return params.memory_kib / 1024 * params.passes / mib_per_second * (1.5 if params.lanes == 1 else 1)

    chosen = calibrate(memory_bytes=int(memory_gib * 2**30), measure=seconds)
    assert not chosen.is_below(FLOOR)
    assert chosen.memory_kib <= max(FLOOR.memory_kib, memory_gib * 2**30 / 4 / 1024)
    assert seconds(chosen) <= 1.5 or chosen in (FLOOR, STANDARD)
    assert seconds(chosen) >= 0.7 or chosen.passes == 12


def test_a_fast_computer_gets_more_passes() -> None:
    chosen = calibrate(memory_bytes=64 << 30, measure=lambda params: params.memory_kib / 1024 * params.passes / 4000)
    assert chosen.memory_kib == 256 * 1024
    assert chosen.passes > 3


def test_the_file_holds_no_key_and_no_passphrase(made: tuple[Store, RecoveryKit]) -> None:
    store, kit = made
    for name in (envelopes.USER_FILE, envelopes.RECOVERY_FILE):
        content = (store.folder / name).read_bytes()
        assert json.loads(content)
        for secret in (PASSPHRASE, kit.code, kit.code.replace("-", ""), store.data_key.material().hex()):
            assert secret.encode() not in content


def test_damage_is_never_called_a_wrong_passphrase(tmp_path: Path) -> None:
    store, _ = make_store(tmp_path / "store")
    store.close()
    file = tmp_path / "store" / envelopes.USER_FILE
    whole = file.read_bytes()
    broken = [whole[:size] for size in range(0, len(whole), 7)]
    for place in range(0, len(whole), 5):
        flipped = bytearray(whole)
        flipped[place] ^= 0x04
        broken.append(bytes(flipped))
    broken += [b"", b"\x00", b"\xff" * 600, b"[]", b"{}", b"SQLite format 3\x00", whole + b"x"]
    for content in broken:
        file.write_bytes(content)
        with pytest.raises(StoreProblem) as problem:
            open_store(tmp_path / "store")
        assert problem.value.kind in ("envelope_damaged", "envelope_too_new"), content
    file.unlink()
    with pytest.raises(StoreProblem) as problem:
        open_store(tmp_path / "store")
    assert problem.value.kind == "envelope_missing"
    file.write_bytes(whole)
    open_store(tmp_path / "store").close()


def test_costs_that_would_choke_the_computer_are_damage(tmp_path: Path) -> None:
    envelope = msgspec.structs.replace(sealed(DataKey.new()), params=KdfParams(1 << 31, 3, 4))
    envelopes.write_user_envelope(tmp_path, envelope)
    assert kind_of(envelopes.read_user_envelope, tmp_path) == "envelope_damaged"


def test_a_newer_envelope_is_refused_with_a_sentence(tmp_path: Path) -> None:
    envelopes.write_user_envelope(tmp_path, msgspec.structs.replace(sealed(DataKey.new()), format=2))
    assert kind_of(envelopes.read_user_envelope, tmp_path) == "envelope_too_new"


def test_an_envelope_of_another_store_is_named_as_that(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_store(tmp_path / name)[0].close()
    shutil.copy(tmp_path / "two" / envelopes.USER_FILE, tmp_path / "one" / envelopes.USER_FILE)
    with pytest.raises(StoreProblem, match="different case stores") as problem:
        open_store(tmp_path / "one")
    assert problem.value.kind == "foreign_envelope"


def test_a_changed_passphrase_opens_and_the_old_one_does_not(tmp_path: Path) -> None:
    store, _ = make_store(tmp_path / "store")
    store.keys.change_passphrase(PASSPHRASE, NEW_PASSPHRASE, argon=FAST_FOR_TESTS)
    store.close()
    with pytest.raises(StoreProblem, match="not right"):
        open_store(tmp_path / "store")
    assert (tmp_path / "store" / envelopes.USER_FILE_BEFORE).exists()
    Store.open(tmp_path / "store", NEW_PASSPHRASE).close()
    assert not (tmp_path / "store" / envelopes.USER_FILE_BEFORE).exists()


def test_the_old_passphrase_is_asked_for_and_the_new_one_must_be_strong(store: Store) -> None:
    with pytest.raises(StoreProblem, match="not right"):
        store.keys.change_passphrase("not the old one", NEW_PASSPHRASE, argon=FAST_FOR_TESTS)
    with pytest.raises(Refused):
        store.keys.change_passphrase(PASSPHRASE, "password12345678", argon=FAST_FOR_TESTS)
    store.keys.confirm_passphrase(PASSPHRASE)


def test_the_generation_before_is_read_when_the_new_file_is_damaged(tmp_path: Path) -> None:
    store, _ = make_store(tmp_path / "store")
    store.keys.change_passphrase(PASSPHRASE, NEW_PASSPHRASE, argon=FAST_FOR_TESTS)
    store.close()
    (tmp_path / "store" / envelopes.USER_FILE).write_bytes(b"torn")
    open_store(tmp_path / "store").close()


@pytest.mark.capability("P11")
@pytest.mark.slow
@pytest.mark.scenario(52)
def test_a_crash_at_any_point_leaves_exactly_one_working_passphrase(tmp_path: Path) -> None:
    data_key = DataKey.new()
    outcomes, ended = [], 9
    for stop_at in range(1, 60):
        folder = tmp_path / str(stop_at)
        folder.mkdir()
        envelopes.write_user_envelope(folder, sealed(data_key))
        words = (str(stop_at), os.fspath(folder), data_key.material().hex(), NEW_PASSPHRASE)
        ended = Killable(change_passphrase, *words).ended()
        found = envelopes.read_user_envelope(folder)
        working = [each for each in (PASSPHRASE, NEW_PASSPHRASE) if opens(found, each, data_key)]
        assert len(working) == 1, stop_at
        outcomes.append(working[0])
        if ended != 9:
            break
    assert ended == 0
    assert outcomes.count(PASSPHRASE) > 5
    assert outcomes[-1] == NEW_PASSPHRASE
    assert outcomes == sorted(outcomes, key=[PASSPHRASE, NEW_PASSPHRASE].index)


def test_the_recovery_kit_opens_a_store_whose_passphrase_is_forgotten(tmp_path: Path) -> None:
    store, kit = make_store(tmp_path / "store")
    store.close()
    again = Store.recover(tmp_path / "store", kit.code.lower(), NEW_PASSPHRASE, argon=FAST_FOR_TESTS)
    again.close()
    with pytest.raises(StoreProblem, match="not right"):
        open_store(tmp_path / "store")
    Store.open(tmp_path / "store", NEW_PASSPHRASE).close()
    # the paper still works: it opens the data key, which has not changed
    Store.recover(tmp_path / "store", kit.code, PASSPHRASE, argon=FAST_FOR_TESTS).close()


@pytest.mark.parametrize("lost", ["missing", "damaged"])
def test_recovery_needs_no_user_envelope(tmp_path: Path, lost: str) -> None:
    store, kit = make_store(tmp_path / "store")
    store.close()
    file = tmp_path / "store" / envelopes.USER_FILE
    file.unlink() if lost == "missing" else file.write_bytes(b"x")
    Store.recover(tmp_path / "store", kit.code, NEW_PASSPHRASE, argon=FAST_FOR_TESTS).close()
    Store.open(tmp_path / "store", NEW_PASSPHRASE).close()


def test_another_stores_kit_is_named_as_that(tmp_path: Path) -> None:
    make_store(tmp_path / "one")[0].close()
    store, kit = make_store(tmp_path / "two")
    store.close()
    with pytest.raises(StoreProblem, match="another store") as problem:
        Store.recover(tmp_path / "one", kit.code, NEW_PASSPHRASE, argon=FAST_FOR_TESTS)
    assert problem.value.kind == "wrong_recovery_key"
    open_store(tmp_path / "one").close()


def test_a_new_kit_ends_the_old_one_and_an_organisations_key_opens_beside_it(tmp_path: Path) -> None:
    store, old = make_store(tmp_path / "store")
    new = store.keys.new_recovery_kit()
    store.close()
    with pytest.raises(StoreProblem, match="another store"):
        Store.recover(tmp_path / "store", old.code, NEW_PASSPHRASE, argon=FAST_FOR_TESTS)
    organisation = RecoveryKey.new()
    with Store.recover(tmp_path / "store", new.code, NEW_PASSPHRASE, argon=FAST_FOR_TESTS) as again:
        again.keys.use_recovery_key_of_organisation(organisation.public())
    Store.recover(tmp_path / "store", new.code, NEW_PASSPHRASE, argon=FAST_FOR_TESTS).close()
    Store.recover(tmp_path / "store", organisation, PASSPHRASE, argon=FAST_FOR_TESTS).close()
    with pytest.raises(StoreProblem, match="another store") as problem:
        Store.recover(tmp_path / "store", RecoveryKey.new(), NEW_PASSPHRASE, argon=FAST_FOR_TESTS)
    assert "the recovery kit that was printed last" in problem.value.advice
    assert six_groups(organisation.public()) in problem.value.advice


def test_a_lost_device_secret_is_no_lock_out(tmp_path: Path) -> None:
    secret = DeviceSecret.new()
    store, kit = Store.create(tmp_path / "store", "Tests", PASSPHRASE, device_secret=secret, argon=FAST_FOR_TESTS)
    store.close()
    Store.open(tmp_path / "store", PASSPHRASE, device_secret=secret).close()
    with pytest.raises(StoreProblem, match="keyring"):
        Store.open(tmp_path / "store", PASSPHRASE)
    Store.recover(tmp_path / "store", kit.code, NEW_PASSPHRASE, argon=FAST_FOR_TESTS).close()
    Store.open(tmp_path / "store", NEW_PASSPHRASE).close()
