"""Serve laptops."""

import argparse
import datetime as dt
import ipaddress
import logging
import socket
import sys
from pathlib import Path
from typing import Final

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.server import backup_rota, history
from wellbeing_desktop.sync.server.blobs import Blobs
from wellbeing_desktop.sync.server.commands.database import Add, Answer, engine_of, first_line, read_key
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings

_DISK_ENCRYPTION: Final = (
    "With PostgreSQL, encrypting the disks of the database is your duty: this server must read records to merge them. "
    "Backups made with wellbeing-server backup are always encrypted."
)


def _serve(options: argparse.Namespace) -> Answer:
    from wellbeing_desktop.sync.server import serving
    from wellbeing_desktop.sync.server.app import make_app
    from wellbeing_desktop.sync.server.console.app import Console

    settings = Settings(
        folder=options.folder,
        database=options.database,
        host=options.host,
        port=options.port,
        certificate=options.certificate,
        certificate_key=options.certificate_key,
        metrics_token=first_line(options.metrics_token_file) if options.metrics_token_file else "",
    )
    if settings.certificate is None and not _is_loopback(settings.host):
        raise Refused("A server that others can reach needs --certificate and --certificate-key.")
    rota = _rota(options)
    if options.workers > 1 and options.socket is None:
        if not options.database:
            raise Refused("Several workers need --database: the encrypted file is for one process.")
        serving.run_workers(options.own_words, settings, options.workers)
        return {"served": options.workers}
    key = read_key(options)
    engine = engine_of(options, key, serving=True)
    keeper = None
    try:
        service = Service(engine, options.organisation)
        logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
        if not history.check_mark_at_start(engine, service.org):
            sys.stderr.write("The database was put back from a copy: laptops will send again what it lacks.\n")
        Blobs(service, settings).sweep()
        if options.database:
            sys.stderr.write(_DISK_ENCRYPTION + "\n")
        scheme = "https" if settings.certificate else "http"
        console = [] if options.no_console else Console(service, key.material(), rota).routes()
        app = make_app(service, settings, console=console)
        sockets = [] if options.socket is None else [socket.socket(fileno=options.socket)]
        sys.stderr.write(f"Serving {service.name} at {scheme}://{settings.host}:{settings.port}\n")
        if rota is not None:
            keeper = backup_rota.Keeper(service, key.material(), rota)
            keeper.start()
        serving.run(app, settings, sockets)
    finally:
        if keeper is not None:
            keeper.stop()
        engine.close()
    return {"served": service.org}


def _rota(options: argparse.Namespace) -> backup_rota.Rota | None:
    if options.backup_folder is None:
        return None
    if not options.backup_folder.is_dir():
        raise Refused("The folder for backups is not there. Make it first, on another disk than the data.")
    if options.backup_every <= 0 or options.keep < 1:
        raise Refused("Backups are made every so many hours, and at least one is kept.")
    return backup_rota.Rota(
        folder=options.backup_folder, every=dt.timedelta(hours=options.backup_every), keep=options.keep
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def add_commands(add: Add) -> None:
    serve = add("serve", _serve, "Serve laptops.")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    serve.add_argument("--port", type=int, default=8443, help="the port to listen on")
    serve.add_argument("--largest-file-mb", type=int, default=50, help="the largest file that is taken, in MB")
    serve.add_argument("--all-files-gb", type=int, default=50, help="the organisation's room for files, in GB")
    serve.add_argument("--certificate", type=Path, help="the TLS certificate with its chain, PEM")
    serve.add_argument("--certificate-key", type=Path, help="the TLS certificate's key, PEM")
    serve.add_argument("--workers", type=int, default=1, help="processes, with --database")
    serve.add_argument("--socket", type=int, help=argparse.SUPPRESS)
    serve.add_argument("--no-console", action="store_true", help="no web console, even with an administrator")
    serve.add_argument("--metrics-token-file", type=Path, help="who may ask for /v1/metrics from elsewhere")
    serve.add_argument("--backup-folder", type=Path, help="make backups by the clock, into this folder")
    serve.add_argument("--backup-every", type=float, default=24.0, metavar="HOURS", help="how often (24)")
    serve.add_argument("--keep", type=int, default=14, help="how many backups stay (14)")
