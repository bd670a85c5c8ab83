"""Where a case store may live: on a disk of this computer, in nobody's synchronised folder."""

import itertools
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.windows import kernel

_SYNCED: Final = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud drive": "iCloud Drive",
    "iclouddrive": "iCloud Drive",
    "mobile documents": "iCloud Drive",
    "cloudstorage": "a cloud drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "box sync": "Box",
    "pcloud drive": "pCloud",
}
"""Folder names, in small letters, by which the common services are known."""

_NETWORK_FILE_SYSTEMS: Final = frozenset(
    {
        "afpfs",
        "afs",
        "ceph",
        "cifs",
        "davfs",
        "fuse.davfs2",
        "fuse.gvfsd-fuse",
        "fuse.google-drive-ocamlfuse",
        "fuse.rclone",
        "fuse.sshfs",
        "glusterfs",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
        "webdav",
    }
)

_ADVICE: Final = "Choose a folder on this computer's own disk. Backups may be kept anywhere."


def refuse_unsafe_folder(
    folder: Path, *, environment: Mapping[str, str] | None = None, mounts: str | None = None
) -> None:
    """Raise StoreProblem network_folder or synced_folder.

    A service that copies files while they are written tears a database, and two laptops would write one store.
    `environment` and `mounts` (the text of /proc/mounts) are found here unless handed in.
    """
    given = os.fspath(folder)
    if given.replace("/", "\\").startswith("\\\\"):
        raise _network()
    place = folder.expanduser().resolve()
    parts = [part.lower() for part in place.parts]
    for part in parts:
        for known, name in _SYNCED.items():
            # the services add the name of an organisation or of an account behind their own
            if part == known or part.startswith((known + " - ", known + " (", known + "-")):
                raise StoreProblem(
                    "synced_folder", f"A case store cannot be kept in {name}: its files would be damaged.", _ADVICE
                )
    variables = os.environ if environment is None else environment
    for name in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer"):
        root = variables.get(name)
        if root and place.is_relative_to(Path(root).resolve()):
            raise StoreProblem(
                "synced_folder", "A case store cannot be kept in OneDrive: its files would be damaged.", _ADVICE
            )
    if any(one == "appdata" and two == "roaming" for one, two in itertools.pairwise(parts)):
        raise StoreProblem(
            "network_folder",
            "A case store cannot be kept in a roaming profile: it would be copied while in use.",
            _ADVICE,
        )
    if _is_on_network(place, mounts):
        raise _network()


def _network() -> StoreProblem:
    return StoreProblem(
        "network_folder", "A case store cannot be kept on a network drive: work could be lost.", _ADVICE
    )


def _is_on_network(place: Path, mounts: str | None) -> bool:
    if os.name == "nt":
        return bool(kernel().GetDriveTypeW(place.anchor) == 4)  # DRIVE_REMOTE
    if mounts is None:
        try:
            mounts = Path("/proc/mounts").read_text("utf-8", errors="surrogateescape")
        except OSError:  # macOS has no such list
            return False
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        if place.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind in _NETWORK_FILE_SYSTEMS
