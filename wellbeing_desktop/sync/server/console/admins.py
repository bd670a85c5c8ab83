"""Who may use the console: a password by Argon2id, a second factor, recovery codes, sessions; slower after wrong tries.

Everything is in the database, so that several servers agree. The second factor's secret is sealed with a key from the
server's key file: a copy of the database alone does not give it.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.storage.keys import hkdf
from wellbeing_desktop.storage.words import check_own_choice
from wellbeing_desktop.sync.server import acts, auth, sql
from wellbeing_desktop.sync.server.console import totp
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.history import moment
from wellbeing_desktop.sync.server.service import Service

if TYPE_CHECKING:
    from argon2 import PasswordHasher

ENROL_HOURS: Final = 24
FREE_TRIES: Final = 5
LONGEST_WAIT_MINUTES: Final = 15
IDLE_MINUTES: Final = 15
SESSION_HOURS: Final = 8
HALF_WAY_MINUTES: Final = 10
RECOVERY_CODES: Final = 10
PASSWORD, ENROLLING, IN = "password", "enrolling", "in"
"""How far a session is: the second factor is asked, is being set up, or signed in."""

NOT_RIGHT: Final = "The name, the password or the code is not right."


class Admin(msgspec.Struct, frozen=True):
    id: str
    name: str
    password: str
    state: str
    enrol_until: str
    totp: bytes
    totp_step: int
    recovery: str
    failed: int
    wait_until: str

    @property
    def has_second_factor(self) -> bool:
        return self.totp_step >= 0


class SignedIn(msgspec.Struct, frozen=True):
    """A session as its cookie shows it. `form_key` proves that a form came from a page of ours."""

    token: str
    stage: str
    admin: Admin

    @property
    def form_key(self) -> str:
        return hmac.new(self.token.encode(), b"form", hashlib.sha256).hexdigest()


class Admins:
    """The administrators of one organisation. `key` is the server's key."""

    def __init__(self, service: Service, key: bytes) -> None:
        self._service = service
        self._box = AESGCM(hkdf(key, info="wellbeing-server|1|totp"))

    # at the server's own keyboard

    def add(self, name: str, password: str) -> str:
        """A new administrator, who sets up the second factor within 24 hours. Returns the number."""
        name = " ".join(name.split())
        if not name or len(name) > 80 or not name.isprintable():
            raise Refused("Give a name of at most 80 letters.")
        check_own_choice(password)
        id, now = new_id(), self._service.now()
        hashed, sealed = _hasher().hash(password), self._seal(id, totp.new_secret())

        def work(transaction: Transaction) -> None:
            sql.locked_clock(transaction, self._service.org)
            if _by_name(transaction, self._service.org, name) is not None:
                raise Refused("There is an administrator of that name already.")
            transaction.run(
                "INSERT INTO admin (org, id, name, password, state, made_at, enrol_until, totp, totp_step, recovery, "
                "failed, wait_until) VALUES (?, ?, ?, ?, 'active', ?, ?, ?, -1, '', 0, '')",
                (
                    self._service.org,
                    id,
                    name,
                    hashed,
                    moment(now),
                    moment(now + dt.timedelta(hours=ENROL_HOURS)),
                    sealed,
                ),
            )
            self._note(transaction, acts.COMMAND_LINE, "administrator added", id, now)

        self._service.engine.write(work)
        return id

    def reset(self, id: str, password: str) -> None:
        """A new password and a new second factor: for one that was lost with its recovery codes."""
        check_own_choice(password)
        now, hashed = self._service.now(), _hasher().hash(password)
        sealed = self._seal(id, totp.new_secret())

        def work(transaction: Transaction) -> None:
            sql.locked_clock(transaction, self._service.org)
            found = transaction.one(
                "UPDATE admin SET password = ?, totp = ?, totp_step = -1, recovery = '', failed = 0, wait_until = '', "
                "enrol_until = ? WHERE org = ? AND id = ? AND state = 'active' RETURNING id",
                (hashed, sealed, moment(now + dt.timedelta(hours=ENROL_HOURS)), self._service.org, id),
            )
            if found is None:
                raise Refused("There is no administrator with that number.")
            self._end_sessions(transaction, id)
            self._note(transaction, acts.COMMAND_LINE, "administrator reset", id, now)

        self._service.engine.write(work)

    def remove(self, id: str) -> None:
        """End an administrator's access at once."""
        now = self._service.now()

        def work(transaction: Transaction) -> None:
            sql.locked_clock(transaction, self._service.org)
            found = transaction.one(
                "UPDATE admin SET state = 'removed', name = name || ' (' || id || ')' "
                "WHERE org = ? AND id = ? AND state = 'active' RETURNING id",
                (self._service.org, id),
            )
            if found is None:
                raise Refused("There is no administrator with that number.")
            self._end_sessions(transaction, id)
            self._note(transaction, acts.COMMAND_LINE, "administrator removed", id, now)

        self._service.engine.write(work)

    def all(self) -> list[Admin]:
        rows = self._service.engine.read(
            lambda transaction: transaction.all(
                f"SELECT {_ADMIN} FROM admin WHERE org = ? AND state = 'active' ORDER BY made_at",  # noqa: S608 -- a constant column list
                (self._service.org,),
            )
        )
        return [_admin(row) for row in rows]

    def is_there_any(self) -> bool:
        """Without one there is no console."""
        return bool(self.all())

    # signing in

    def try_password(self, name: str, password: str) -> str:
        """A session half way, for the right password. Raises Refused: the same words whatever was wrong."""
        now, org = self._service.now(), self._service.org
        found = self._service.engine.read(lambda transaction: _by_name(transaction, org, " ".join(name.split())))
        if found is not None and found.wait_until > moment(now):
            raise Refused("There were too many wrong tries. Wait some minutes and try again.")
        right = _fits(found.password if found else _NOBODY, password)  # a name that is not there takes as long
        if found is None or found.state != "active" or not right:
            if found is not None:
                self._wrong(found)
            raise Refused(NOT_RIGHT)
        if not found.has_second_factor and found.enrol_until < moment(now):
            raise Refused("The 24 hours to set up the second factor are over. Run: wellbeing-server admin reset.")
        return self._begin(found, PASSWORD if found.has_second_factor else ENROLLING)

    def try_code(self, session: SignedIn, typed: str) -> str:
        """The session signed in, under a new token, for the right code or an unused recovery code. Raises Refused."""
        now, admin = self._service.now(), session.admin
        if admin.wait_until > moment(now):
            raise Refused("There were too many wrong tries. Wait some minutes and try again.")
        secret = self._open(admin)
        step = totp.matching_step(secret, typed, now.timestamp(), admin.totp_step)
        hashed = auth.code_hash(typed, self._service.keys)

        def work(transaction: Transaction) -> bool:
            sql.locked_clock(transaction, self._service.org)
            fresh = _by_id(transaction, self._service.org, admin.id)
            left = fresh.recovery.split() if fresh else []
            if fresh is None or (step is None and hashed not in left) or (step is not None and step <= fresh.totp_step):
                return False
            how = "signed in" if step is not None else "signed in with a recovery code"
            transaction.run(
                "UPDATE admin SET totp_step = ?, recovery = ?, failed = 0, wait_until = '' WHERE org = ? AND id = ?",
                (
                    step if step is not None else fresh.totp_step,
                    " ".join(code for code in left if step is not None or code != hashed),
                    self._service.org,
                    admin.id,
                ),
            )
            self._note(transaction, admin.id, how, "", now)
            return True

        if not self._service.engine.write(work):
            self._wrong(admin)
            raise Refused(NOT_RIGHT)
        self.sign_out(session)
        return self._begin(admin, IN)

    def enrol(self, session: SignedIn, typed: str) -> tuple[str, list[str]]:
        """Finish setting up with the first code of the app: the session signed in, and the recovery codes, once."""
        token = self._enrolled(session, typed)
        return token, self.new_recovery_codes(session.admin)

    def secret_of(self, session: SignedIn) -> bytes:
        """The second factor's secret, while it is being set up and never again."""
        if session.stage != ENROLLING:
            raise Refused("The second factor is set up already.")
        return self._open(session.admin)

    def new_recovery_codes(self, admin: Admin) -> list[str]:
        """Ten new codes; those before them stop."""
        codes, now = [auth.new_code()[:14] for _ in range(RECOVERY_CODES)], self._service.now()

        def work(transaction: Transaction) -> None:
            sql.locked_clock(transaction, self._service.org)
            transaction.run(
                "UPDATE admin SET recovery = ? WHERE org = ? AND id = ?",
                (
                    " ".join(auth.code_hash(code, self._service.keys) for code in codes),
                    self._service.org,
                    admin.id,
                ),
            )
            self._note(transaction, admin.id, "recovery codes made", "", now)

        self._service.engine.write(work)
        return codes

    def session(self, token: str) -> SignedIn | None:
        """Whose session this is, if it has not ended; it goes on from now."""
        if not token or len(token) > 100:
            return None
        now, org, hashed = self._service.now(), self._service.org, _hash(token)
        row = self._service.engine.read(
            lambda transaction: transaction.one(
                "SELECT admin_id, stage, made_at, seen_at FROM admin_session WHERE org = ? AND hash = ?", (org, hashed)
            )
        )
        if row is None:
            return None
        id, stage, made_at, seen_at = map(str, row)
        longest = dt.timedelta(hours=SESSION_HOURS) if stage == IN else dt.timedelta(minutes=HALF_WAY_MINUTES)
        if made_at < moment(now - longest) or seen_at < moment(now - dt.timedelta(minutes=IDLE_MINUTES)):
            return None
        admin = self._service.engine.read(lambda transaction: _by_id(transaction, org, id))
        if admin is None or admin.state != "active":
            return None
        if seen_at < moment(now - dt.timedelta(seconds=20)):
            self._service.engine.write(
                lambda transaction: transaction.run(
                    "UPDATE admin_session SET seen_at = ? WHERE org = ? AND hash = ?", (moment(now), org, hashed)
                )
            )
        return SignedIn(token, stage, admin)

    def sign_out(self, session: SignedIn) -> None:
        self._service.engine.write(
            lambda transaction: transaction.run(
                "DELETE FROM admin_session WHERE org = ? AND hash = ?", (self._service.org, _hash(session.token))
            )
        )

    def _enrolled(self, session: SignedIn, typed: str) -> str:
        if session.stage != ENROLLING or session.admin.has_second_factor:
            raise Refused("The second factor is set up already.")
        return self.try_code(session, typed)

    def _begin(self, admin: Admin, stage: str) -> str:
        token, now = secrets.token_urlsafe(32), self._service.now()

        def work(transaction: Transaction) -> None:
            ended = moment(now - dt.timedelta(hours=SESSION_HOURS))
            transaction.run("DELETE FROM admin_session WHERE org = ? AND made_at < ?", (self._service.org, ended))
            transaction.run(
                "INSERT INTO admin_session (org, hash, admin_id, stage, made_at, seen_at) VALUES (?, ?, ?, ?, ?, ?)",
                (self._service.org, _hash(token), admin.id, stage, moment(now), moment(now)),
            )

        self._service.engine.write(work)
        return token

    def _wrong(self, admin: Admin) -> None:
        """One more wrong try: five are free, then 2, 4, 8 and at most 15 minutes."""
        now = self._service.now()

        def work(transaction: Transaction) -> None:
            sql.locked_clock(transaction, self._service.org)
            fresh = _by_id(transaction, self._service.org, admin.id)
            if fresh is None:
                return
            over = fresh.failed + 1 - FREE_TRIES
            minutes = min(2**over, LONGEST_WAIT_MINUTES) if over > 0 else 0
            until = moment(now + dt.timedelta(minutes=minutes)) if minutes else ""
            transaction.run(
                "UPDATE admin SET failed = failed + 1, wait_until = ? WHERE org = ? AND id = ?",
                (until, self._service.org, admin.id),
            )
            self._note(transaction, admin.id, "wrong try to sign in", "", now)

        self._service.engine.write(work)

    def _end_sessions(self, transaction: Transaction, id: str) -> None:
        transaction.run("DELETE FROM admin_session WHERE org = ? AND admin_id = ?", (self._service.org, id))

    def _note(self, transaction: Transaction, by: str, act: str, target: str, now: dt.datetime) -> None:
        acts.note(transaction, self._service.org, self._service.keys, by, act, target, now)

    def _seal(self, id: str, secret: bytes) -> bytes:
        nonce = secrets.token_bytes(12)
        return nonce + self._box.encrypt(nonce, secret, id.encode())

    def _open(self, admin: Admin) -> bytes:
        try:
            return self._box.decrypt(admin.totp[:12], admin.totp[12:], admin.id.encode())
        except InvalidTag:
            raise Refused("The server's key was changed. Run: wellbeing-server admin reset.") from None


_ADMIN: Final = "id, name, password, state, enrol_until, totp, totp_step, recovery, failed, wait_until"


def _admin(row: tuple[object, ...]) -> Admin:
    id, name, password, state, enrol_until, sealed, step, recovery, failed, wait_until = row
    return Admin(
        str(id),
        str(name),
        str(password),
        str(state),
        str(enrol_until),
        bytes(sealed) if isinstance(sealed, bytes | memoryview) else b"",
        int(str(step)),
        str(recovery),
        int(str(failed)),
        str(wait_until),
    )


def _by_name(transaction: Transaction, org: str, name: str) -> Admin | None:
    row = transaction.one(f"SELECT {_ADMIN} FROM admin WHERE org = ? AND name = ?", (org, name))  # noqa: S608 -- likewise
    return None if row is None else _admin(row)


def _by_id(transaction: Transaction, org: str, id: str) -> Admin | None:
    row = transaction.one(f"SELECT {_ADMIN} FROM admin WHERE org = ? AND id = ?", (org, id))  # noqa: S608 -- likewise
    return None if row is None else _admin(row)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _hasher() -> "PasswordHasher":
    import argon2

    return argon2.PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)


_NOBODY: Final = "$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b9dWRWJTmaaJObGRdescudvJCs"
"""A hash that no password fits, of the same cost as a real one."""


def _fits(hashed: str, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(hashed, password[:1000])
    except (VerificationError, InvalidHashError):
        return False
