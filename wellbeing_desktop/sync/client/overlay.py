"""What people see of a record while work on it waits: that work, replayed over the server's state (SYNC 3.8).

A person's own words stand until the server has judged them and its judgement has arrived here, row and conflict
together. So this is not `merge.apply`: where the server would keep both, it shows the person's own.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.sync.checks import is_set_patch


def replayed(body: Mapping[str, Any], deleted: bool, pending: Iterable[Operation]) -> tuple[dict[str, Any], bool]:
    """The visible body, and whether the record is removed. `body` is empty for one that the server does not have."""
    visible = dict(body)
    for operation in pending:
        match operation.kind:
            case OperationKind.REMOVE:
                deleted = True
            case OperationKind.RESTORE:
                deleted = False
            case OperationKind.CREATE:
                for name, value in operation.patch.items():
                    _put(visible, name, value)
            case OperationKind.CHANGE:
                for name, value in operation.patch.items():
                    _put(visible, name, _members(visible.get(name), value) if is_set_patch(value) else value)
    return visible, deleted


def _members(held: Any, change: Mapping[str, Any]) -> list[str]:
    """Members added are there and members removed are not, whatever else the server has brought."""
    now = set(held) if isinstance(held, list | tuple) else set()
    return sorted((now | set(change.get("add", ()))) - set(change.get("remove", ())))


def _put(body: dict[str, Any], name: str, value: Any) -> None:
    if value is None or value == "" or value == []:
        body.pop(name, None)
    else:
        body[name] = value
