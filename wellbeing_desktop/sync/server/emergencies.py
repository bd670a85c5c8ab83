"""Access in an emergency: found by what is known of the person, granted for twelve hours, noted before it is given, and
told to the lead, who reviews it (SECURITY 3.4, threat 34). The grant reads and changes nothing; it does not reach what
is restricted within the record. Nothing is listed: whoever asks must know the NHS number, or name and date of birth.
"""

import datetime as dt
from typing import Any, Final

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.emergency import COMPARTMENTS, HOURS, REASONS, REVIEW_DAYS, check_reason
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.sync.protocol.oversight import EmergencyRequest
from wellbeing_desktop.sync.protocol.pushing import PushedOperation
from wellbeing_desktop.sync.server import acts, auth, members, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.history import moment
from wellbeing_desktop.sync.server.problems import Malformed, MayNot, NoPerson, PullRefused, StoodAside
from wellbeing_desktop.sync.server.scope import leads_of, scope_now
from wellbeing_desktop.sync.server.service import Reply, Service

_OWNERS: Final = frozenset({"owner"})


class Emergencies:
    """Over a service, as `oversight.py`."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def ask(self, dev: str, request: EmergencyRequest) -> Reply:
        """Raises MayNot for somebody who cares for nobody, NoPerson where nobody, or more than one, is found,
        StoodAside where whoever asks said that they know the person."""
        service, now = self._service, self._service.now()
        service.same_device(dev, request.device)
        try:
            check_reason(request.reason, request.words)
        except Refused:
            raise Malformed from None

        def work(transaction: Transaction) -> Reply:
            clock = sql.locked_clock(transaction, service.org)
            device = auth.known_device(transaction, service.org, dev)
            if device.state == auth.LEAVING:
                raise PullRefused
            scope = scope_now(transaction, service.org, device.user_id, now.date())
            if not (scope.may_register_people() or any(grant.kind == rules.OWNER for grant in scope.grants)):
                raise MayNot
            subject = _found(transaction, service.org, request)
            if subject in scope.recused:
                raise StoodAside
            if scope.sight("person", subject, "clinical"):
                return service.reply(clock.epoch, subject=subject)
            id, until = new_id(), now + dt.timedelta(hours=HOURS)
            # the entry is written before anything is given, in the same transaction
            acts.note(transaction, service.org, service.keys, acts.THE_LAPTOP, "emergency access", device.user_id, now)
            grant = _grant(device.user_id, subject, until)
            transaction.run(
                "INSERT INTO emergency (org, id, grant_id, member, subject, reason, at, until, ended_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, '')",
                (service.org, id, grant.id, device.user_id, subject, request.reason, moment(now), moment(until)),
            )
            told = _messages(transaction, service, device.user_id, id, request, now, until)
            members.write_within(transaction, service, clock, [grant, *told], now)
            return service.reply(clock.epoch, subject=subject, until=moment(until), told=len(told))

        return service.engine.write(work)


def end_those_over(service: Service) -> int:
    """Take away what has lasted its hours; how many."""
    now = service.now()

    def work(transaction: Transaction) -> int:
        clock = sql.locked_clock(transaction, service.org)
        rows = transaction.all(
            "UPDATE emergency SET ended_at = ? WHERE org = ? AND ended_at = '' AND until <= ? "
            "RETURNING id, grant_id, member",
            (moment(now), service.org, moment(now)),
        )
        ends = [
            PushedOperation(
                n=0,
                op_id=new_id(),
                txn=new_id(),
                id=str(grant),
                type="grant",
                subject=str(member),
                compartment="card",
                kind=OperationKind.REMOVE,
                author="",
                at="",
                patch={"reason": "Emergency access has ended"},
            )
            for _id, grant, member in rows
        ]
        if ends:
            members.write_within(transaction, service, clock, ends, now)
        return len(ends)

    return service.engine.write(work)


def _found(transaction: Transaction, org: str, request: EmergencyRequest) -> str:
    """The one person of whom this is true."""
    number = "".join(letter for letter in request.nhs_number if letter.isdigit())
    family, born = request.family_name.strip().casefold(), request.born_on.strip()
    if not number and not (family and born):
        raise Malformed
    found = []
    for (id,) in transaction.all("SELECT id FROM rec WHERE org = ? AND t = 'person' AND del = 0", (org,)):
        found.append(str(id))
    matching = []
    for start in range(0, len(found), 1_000):
        for stored in sql.records(transaction, org, found[start : start + 1_000]).values():
            body = stored.state.body
            if number:
                same = str(body.get("nhs_number") or "") == number
            else:
                same = str(body.get("family_name") or "").casefold() == family and body.get("born_on") == born
            if same:
                matching.append(stored.state.id)
    if len(matching) != 1:
        raise NoPerson
    return matching[0]


def _grant(member: str, subject: str, until: dt.datetime) -> PushedOperation:
    body: dict[str, Any] = {
        "practitioner_id": member,
        "kind": rules.CASELOAD,
        "subjects": [subject],
        "compartments": list(COMPARTMENTS),
        "named_only": True,
        "until_on": local_date(until).isoformat(),
        "reason": "Emergency access",
    }
    return _create("grant", member, body)


def _messages(
    transaction: Transaction,
    service: Service,
    member: str,
    id: str,
    request: EmergencyRequest,
    now: dt.datetime,
    until: dt.datetime,
) -> list[PushedOperation]:
    """To the leads and deputies of the teams that the person is in; to the owners where there is none. Whose record it
    is stands in the server's list alone: the lead may not hold it either."""
    words = (
        f"Emergency access was used until {until:%d-%b-%Y %H:%M} UTC. Why: {REASONS[request.reason]}. In words: "
        f"{' '.join(request.words.split())[:500]} Look at it within {REVIEW_DAYS} working days and answer here. "
        f"Number: {id}."
    )
    return [
        _create(
            "message",
            lead,
            {
                "from_id": member,
                "about_id": id,
                "words": words,
                "urgent": True,
                "sent_at": moment(now),
                "state": "sent",
            },
        )
        for lead in sorted(_leads(transaction, service.org, member))
    ]


def _leads(transaction: Transaction, org: str, member: str) -> set[str]:
    found = leads_of(transaction, org, member) - {member}
    if found:
        return found
    rows = transaction.all("SELECT id, roles FROM member WHERE org = ? AND state = 'active'", (org,))
    return {str(id) for id, roles in rows if _OWNERS & set(str(roles).split())} - {member}


def _create(type_name: str, subject: str, body: dict[str, Any]) -> PushedOperation:
    return PushedOperation(
        n=0,
        op_id=new_id(),
        txn=new_id(),
        id=new_id(),
        type=type_name,
        subject=subject,
        compartment="card",
        kind=OperationKind.CREATE,
        author="",
        at="",
        patch=body,
    )
