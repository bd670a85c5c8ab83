"""Laptops: approved, leaving, revoked, lost, and what they may give up."""

import argparse

from wellbeing_desktop.domain.removal import REASONS
from wellbeing_desktop.sync.server import acts, lost, members, removals
from wellbeing_desktop.sync.server.commands.database import Add, Answer, plain, with_service
from wellbeing_desktop.sync.server.service import Service


def _devices(options: argparse.Namespace) -> Answer:
    def work(service: Service) -> Answer:
        if options.approve:
            members.set_laptop_state(service, options.approve, "approved")
        if options.leaving:
            members.set_laptop_state(service, options.leaving, "leaving")
        return {"devices": [plain(found) for found in members.laptops(service)]}

    return with_service(options, work)


def _revoke(options: argparse.Namespace) -> Answer:
    def work(service: Service) -> Answer:
        members.set_laptop_state(service, options.device, "revoked")
        return {"revoked": options.device}

    return with_service(options, work)


def _lost(options: argparse.Namespace) -> Answer:
    return with_service(options, lambda service: plain(lost.lost_laptop(service, options.device)))


def _allow_removal(options: argparse.Namespace) -> Answer:
    def work(service: Service) -> Answer:
        now, by = service.now(), acts.COMMAND_LINE
        made = service.engine.write(
            lambda transaction: removals.allow(
                transaction, service.org, service.keys, options.member, options.reason, now, by=by
            )
        )
        return plain(made)

    return with_service(options, work)


def add_commands(add: Add) -> None:
    devices = add("devices", _devices, "Which laptops there are.")
    devices.add_argument("--approve", metavar="DEVICE", help="approve a waiting laptop, after comparing fingerprints")
    devices.add_argument("--leaving", metavar="DEVICE", help="take its last work, send it nothing more")
    removing = add("allow-removal", _allow_removal, "Let somebody's laptops give up many people at once.")
    removing.add_argument("member", help="their number, from users")
    removing.add_argument("reason", choices=tuple(REASONS), help="why; it is signed and shown on the laptop")
    revoke = add("revoke", _revoke, "End a laptop's access at once.")
    revoke.add_argument("device", help="its number, from devices")
    losing = add("lost", _lost, "The facts about a lost laptop, for deciding whom to tell within 72 hours.")
    losing.add_argument("device", help="its number, from devices")
