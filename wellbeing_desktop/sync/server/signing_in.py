"""Who is calling: a laptop is paired, signs in, takes a new identity, or says that it sealed its store."""

from wellbeing_desktop.sync.protocol.limits import TOKEN_SECONDS
from wellbeing_desktop.sync.protocol.signing_in import (
    NonceRequest,
    PairRequest,
    RekeyRequest,
    SealedRequest,
    SessionRequest,
)
from wellbeing_desktop.sync.server import acts, auth, leases, recovery_keys, register, seals, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.problems import NotSignedIn, Revoked, UnknownLaptop
from wellbeing_desktop.sync.server.service import Reply, Service


class SigningIn:
    """Over a service: its engine, its clock, its keys."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def pair(self, request: PairRequest) -> Reply:
        now = self._service.now()

        def work(transaction: Transaction) -> Reply:
            clock = sql.locked_clock(transaction, self._service.org)
            paired = auth.pair(
                transaction,
                self._service.org,
                request.code,
                request.public_key,
                request.name,
                request.schema,
                self._service.keys,
                now,
            )
            return self._service.reply(
                clock.epoch,
                device=paired.dev,
                organisation=self._service.org,
                organisation_name=self._service.name,
                practitioner_id=paired.user_id,
                practitioner_name=paired.user_name,
                state=paired.state,
                fingerprint=auth.fingerprint(request.public_key),
                server_key=self._service.keys.public_key,
            )

        return self._service.engine.write(work)

    def nonce(self, request: NonceRequest) -> Reply:
        now = self._service.now()

        def work(transaction: Transaction) -> Reply:
            clock = sql.locked_clock(transaction, self._service.org)
            if sql.device(transaction, self._service.org, request.device) is None:
                raise UnknownLaptop
            return self._service.reply(
                clock.epoch, nonce=auth.new_nonce(transaction, self._service.org, request.device, now)
            )

        return self._service.engine.write(work)

    def session(self, request: SessionRequest) -> Reply:
        """Raises Revoked with the order to seal, for a revoked laptop that proves itself."""
        now = self._service.now()

        def work(transaction: Transaction) -> Reply:
            clock = sql.locked_clock(transaction, self._service.org)
            device = auth.begin_session(
                transaction, self._service.org, request.device, request.nonce, request.signature, now
            )
            session = auth.session_number(transaction, self._service.org, device.dev, begins_sync=request.begins_sync)
            register.note_seen(transaction, self._service.org, device.dev, now)
            if request.report is not None:
                register.keep_report(transaction, self._service.org, device.dev, request.report)
            member = transaction.one(
                "SELECT roles FROM member WHERE org = ? AND id = ?", (self._service.org, device.user_id)
            )
            lease, lease_signature = "", ""
            if device.state != auth.LEAVING:
                lease, lease_signature = leases.issue(transaction, self._service.org, device, self._service.keys, now)
            return self._service.reply(
                clock.epoch,
                lease=lease,
                lease_signature=lease_signature,
                token=auth.new_token(device.dev, session, self._service.keys, now),
                seconds=TOKEN_SECONDS,
                practitioner_id=device.user_id,
                roles=str(member[0]).split() if member else [],
                files_wanted=sql.any_file_wanted(transaction, self._service.org),
                **recovery_keys.named(transaction, self._service.org, self._service.keys),
            )

        try:
            return self._service.engine.write(work)
        except Revoked as refusal:
            if not refusal.device:
                raise
            raise seals.give(
                self._service.engine, self._service.org, refusal.device, request.nonce, self._service.keys, now
            ) from None

    def sealed(self, request: SealedRequest) -> Reply:
        """A laptop says that it did as it was told. What it says of an order that was withdrawn since is heard, so that
        it stops, and noted nowhere."""
        now = self._service.now()

        def work(transaction: Transaction) -> Reply:
            clock = sql.locked_clock(transaction, self._service.org)
            auth.check_sealed(transaction, self._service.org, request)
            if seals.confirm(transaction, self._service.org, request, now):
                acts.note(
                    transaction,
                    self._service.org,
                    self._service.keys,
                    acts.THE_LAPTOP,
                    "sealed its store",
                    request.device,
                    now,
                )
            return self._service.reply(clock.epoch)

        return self._service.engine.write(work)

    def rekey(self, request: RekeyRequest) -> Reply:
        """A laptop whose store was copied takes an identity of its own (SYNC 3.7); noted for whoever looks after it."""
        now = self._service.now()

        def work(transaction: Transaction) -> Reply:
            clock = sql.locked_clock(transaction, self._service.org)
            device, is_new = auth.rekey(
                transaction,
                self._service.org,
                request.device,
                request.nonce,
                request.public_key,
                request.signature,
                request.new_signature,
                request.schema,
                now,
            )
            if is_new:
                acts.note(
                    transaction,
                    self._service.org,
                    self._service.keys,
                    acts.THE_LAPTOP,
                    "copied, new identity",
                    device.dev,
                    now,
                )
            return self._service.reply(
                clock.epoch,
                device=device.dev,
                organisation=self._service.org,
                practitioner_id=device.user_id,
                state=device.state,
                fingerprint=auth.fingerprint(device.public_key),
            )

        return self._service.engine.write(work)

    def session_of(self, token: str) -> tuple[str, str]:
        """The laptop whose session this is, and its public key, which its requests are signed with. Raises NotSignedIn,
        also when a later sync of the same laptop has begun."""
        dev, session = auth.device_of(token, self._service.keys, self._service.now())

        def work(transaction: Transaction) -> sql.Device | None:
            known = sql.device(transaction, self._service.org, dev)
            return known if auth.is_last_session(transaction, self._service.org, dev, session) else None

        known = self._service.engine.read(work)
        if known is None:
            raise NotSignedIn
        return known.dev, known.public_key
