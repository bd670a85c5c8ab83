"""May a saved record be changed, or amended: what its lifecycle says (domain/definition.py)."""

from collections.abc import Mapping
from typing import Any

from wellbeing_desktop.domain.definition import Lifecycle, RecordType
from wellbeing_desktop.domain.errors import Refused


def require_changeable(record_type: RecordType, body: Mapping[str, Any], *, gone: bool) -> None:
    """Raises Refused, saying what is done instead."""
    if gone:
        raise Refused("This record has been removed. Bring it back before changing it.")
    if record_type.lifecycle is Lifecycle.IMMUTABLE:
        raise Refused(f"A saved {_said(record_type)} is not changed. Amend it, with a reason.")
    if record_type.lifecycle is Lifecycle.SUPERSEDING:
        raise Refused(f"A saved {_said(record_type)} is not changed. Record a new one that replaces it.")
    if record_type.lifecycle is Lifecycle.SIGNED and body.get("signed_at"):
        raise Refused(f"A signed {_said(record_type)} is not changed. Amend it, with a reason.")


def require_amendable(record_type: RecordType, body: Mapping[str, Any], *, gone: bool) -> None:
    """Raises Refused for what is changed, not amended."""
    if gone:
        raise Refused("This record has been removed, so it is not amended.")
    if record_type.lifecycle not in (Lifecycle.IMMUTABLE, Lifecycle.SIGNED) or record_type.name == "amendment":
        raise Refused("This record is changed, not amended.")
    if record_type.lifecycle is Lifecycle.SIGNED and not body.get("signed_at"):
        raise Refused("This note is not signed yet. Change it as it is.")


def _said(record_type: RecordType) -> str:
    label = record_type.label
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
