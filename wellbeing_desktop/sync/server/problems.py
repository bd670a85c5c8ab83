"""What the server answers when it cannot do as asked. Never for the content of an operation: that has its result.

Each is one RFC 9457 problem body, whose `type` ends in the stable word that the laptop acts on (SYNC 3.4).
"""

from typing import ClassVar

from wellbeing_desktop.sync.protocol.message import PROTOCOL, Problem


class SyncRefusal(Exception):
    """`word` is for the laptop, `title` for a person."""

    status: ClassVar[int] = 400
    word: ClassVar[str] = "malformed"
    title: ClassVar[str] = "The request could not be read."

    def body(self) -> Problem:
        return Problem(type=f"about:{self.word}", title=self.title, status=self.status, protocol=PROTOCOL)


class Malformed(SyncRefusal):
    """The envelope of a request, never an operation in it."""


class NotSignedIn(SyncRefusal):
    status = 401
    word = "session"
    title = "The session has ended. A new one is needed."


class SignatureRefused(NotSignedIn):
    """The token may be right; the request is not signed by the laptop it was given to, or not now, or not for the first
    time."""

    word = "signature"
    title = "The request was not signed by this laptop, was signed too long ago, or was here before."


class Revoked(SyncRefusal):
    """`device` is the laptop that has just proved itself, "" for one that has not: only that one is told to seal its
    store, by the server's signed order (seals.py)."""

    status = 401
    word = "revoked"
    title = "This laptop may no longer sync with this organisation."

    def __init__(self, device: str = "", *, seal: str = "", seal_signature: str = "") -> None:
        super().__init__(self.word)
        self.device = device
        self.seal = seal
        self.seal_signature = seal_signature

    def body(self) -> Problem:
        return Problem(
            type=f"about:{self.word}",
            title=self.title,
            status=self.status,
            protocol=PROTOCOL,
            seal=self.seal,
            seal_signature=self.seal_signature,
        )


class UnknownLaptop(SyncRefusal):
    """Nothing was ever paired under this name: another organisation's server, or an empty one (SYNC 4, fault 11)."""

    status = 401
    word = "unknown"
    title = "This laptop has not joined this organisation."


class CodeRefused(SyncRefusal):
    status = 401
    word = "code"
    title = "The code is not right, has been used, or is more than 24 hours old."


class Pending(SyncRefusal):
    status = 403
    word = "pending"
    title = "This laptop is waiting to be approved by an administrator."


class PullRefused(SyncRefusal):
    status = 403
    word = "leaving"
    title = "This laptop may send what it has, and receives nothing more."


class MayNot(SyncRefusal):
    status = 403
    word = "may-not"
    title = "This is for those who lead a team or look after the service."


class NotFound(SyncRefusal):
    status = 404
    word = "not-found"
    title = "There is nothing at this address."


class NoPerson(SyncRefusal):
    """The same words whether there is nobody or more than one."""

    status = 404
    word = "no-person"
    title = "Nobody is found by that, or more than one person."


class StoodAside(SyncRefusal):
    """Emergency access is not a way round one's own word (PRACTICE W4)."""

    status = 403
    word = "stood-aside"
    title = "This record is closed to somebody who said that they know the person."


class NoFile(SyncRefusal):
    """The same words whether there is no such file or this laptop may not know of it."""

    status = 404
    word = "no-file"
    title = "There is no such file here."


class PartDamaged(SyncRefusal):
    """A part that is not what its digest says, or not as long as it must be."""

    status = 422
    word = "part-damaged"
    title = "The part of the file arrived damaged. It is to be sent again."


class FileTooLarge(SyncRefusal):
    status = 413
    word = "file-too-large"
    title = "The file is larger than this organisation's server takes."


class FilesFull(SyncRefusal):
    status = 507
    word = "files-full"
    title = "The organisation's room for files is full."


class MethodRefused(SyncRefusal):
    status = 405
    word = "method"
    title = "This address does not take that kind of request."


class Forked(SyncRefusal):
    """Another operation has this number already: the laptop was put back from a copy (SYNC 3.7)."""

    status = 409
    word = "forked"
    title = "This laptop's numbering was used before. It needs a new identity."


class EpochChanged(SyncRefusal):
    status = 409
    word = "epoch"
    title = "The server's history is not the one that this laptop knows."

    def __init__(self, epoch: str, *, rolled_back: bool) -> None:
        super().__init__(self.word)
        self.epoch = epoch
        self.rolled_back = rolled_back

    def body(self) -> Problem:
        return Problem(
            type=f"about:{self.word}", title=self.title, status=self.status, epoch=self.epoch, protocol=PROTOCOL
        )


class ResyncNeeded(SyncRefusal):
    status = 410
    word = "resync"
    title = "This laptop was away for longer than the server remembers. It needs everything again."


class RequestTooLarge(SyncRefusal):
    status = 413
    word = "too-large"
    title = "The request is too large."


class UpgradeNeeded(SyncRefusal):
    status = 426
    word = "upgrade"
    title = "This version is too old to receive changes. What it sends is still taken."


class TooMany(SyncRefusal):
    status = 429
    word = "too-many"
    title = "Too many requests. Try again shortly."

    def __init__(self, seconds: int = 30) -> None:
        super().__init__(self.word)
        self.seconds = seconds

    def body(self) -> Problem:
        return Problem(
            type=f"about:{self.word}",
            title=self.title,
            status=self.status,
            retry_after=self.seconds,
            protocol=PROTOCOL,
        )


class Unavailable(TooMany):
    status = 503
    word = "unavailable"
    title = "The server cannot take this now. Nothing was lost; try again shortly."
