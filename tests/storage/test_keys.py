import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.storage.keys import (
    AnchorKey,
    AttachmentKey,
    DataKey,
    DeviceSecret,
    ExportKey,
    Key,
    StoreKey,
    hkdf,
)


@given(st.binary(max_size=70))
def test_only_32_bytes_make_a_key(material: bytes) -> None:
    if len(material) == 32:
        assert StoreKey(material).material() == material
    else:
        with pytest.raises(ValueError, match="32"):
            StoreKey(material)


@pytest.mark.parametrize("material", ["0" * 32, "x'" + "0" * 64 + "'", 32, None, [0] * 32])
def test_text_and_numbers_are_no_keys(material: object) -> None:
    with pytest.raises(TypeError):
        StoreKey(material)


@pytest.mark.parametrize("kind", [DataKey, StoreKey, AttachmentKey, ExportKey, AnchorKey, DeviceSecret])
def test_a_key_shows_nothing_of_itself(kind: type[Key]) -> None:
    key = kind(bytes(range(32)))
    for shown in (repr(key), str(key), f"{key}", f"{key!r}"):
        assert shown == f"<{kind.__name__}>"
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_each_purpose_and_each_store_has_its_own_key() -> None:
    data = DataKey(b"d" * 32)
    made = [
        derive(store).material()
        for store in ("a", "b")
        for derive in (data.store_key, data.attachment_key, data.export_key, data.anchor_key)
    ]
    assert len(set(made)) == 8
    assert data.store_key("a") == DataKey(b"d" * 32).store_key("a")


def test_keys_of_different_kinds_are_never_equal() -> None:
    assert StoreKey(b"k" * 32) != AttachmentKey(b"k" * 32)


def test_a_forgotten_key_is_overwritten_and_of_no_use() -> None:
    key = DataKey.new()
    held = key._material
    key.forget()
    assert key.is_forgotten
    assert not any(held)
    with pytest.raises(ValueError, match="forgotten"):
        key.store_key("a")


def test_hkdf_gives_the_published_answer() -> None:
    # RFC 5869 appendix A.3 (no salt, no info), its first 32 bytes.
    assert hkdf(b"\x0b" * 22, info="").hex() == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
