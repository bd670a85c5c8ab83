from pathlib import Path

import pytest

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.folder_rules import refuse_unsafe_folder

MOUNTS = """/dev/sda1 / ext4 rw 0 0
//server/share /mnt/practice cifs rw 0 0
host:/home /mnt/homes nfs4 rw 0 0
/dev/sdb1 /mnt/practice/local\\040disk ext4 rw 0 0
user@host: /mnt/far fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    "folder",
    [
        "OneDrive/store",
        "OneDrive - Anytown Surgery/store",
        "ONEDRIVE/a/b/c",
        "Dropbox/store",
        "Dropbox (Personal)/store",
        "Google Drive/My Drive/store",
        "GoogleDrive-someone@example.org/store",
        "Library/Mobile Documents/store",
        "Library/CloudStorage/OneDrive-Personal/store",
        "iCloud Drive/store",
        "Nextcloud/store",
    ],
)
def test_a_synchronised_folder_is_refused_with_its_name(tmp_path: Path, folder: str) -> None:
    with pytest.raises(StoreProblem, match="cannot be kept in") as problem:
        refuse_unsafe_folder(tmp_path / folder)
    assert problem.value.kind == "synced_folder"
    assert problem.value.advice


@pytest.mark.parametrize(
    "folder", [r"\\server\share\store", "//server/share/store", "/mnt/practice/x", "/mnt/homes", "/mnt/far/s"]
)
def test_a_network_folder_is_refused(folder: str) -> None:
    with pytest.raises(StoreProblem, match="network drive") as problem:
        refuse_unsafe_folder(Path(folder), mounts=MOUNTS)
    assert problem.value.kind == "network_folder"


def test_a_roaming_profile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem, match="roaming"):
        refuse_unsafe_folder(tmp_path / "AppData" / "Roaming" / "Wellbeing")


def test_a_onedrive_folder_of_any_name_is_known_from_the_environment(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem, match="OneDrive"):
        refuse_unsafe_folder(tmp_path / "Work" / "store", environment={"OneDriveCommercial": str(tmp_path / "Work")})


def test_a_link_into_a_synchronised_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "innocent").symlink_to(tmp_path / "Dropbox")
    with pytest.raises(StoreProblem, match="Dropbox"):
        refuse_unsafe_folder(tmp_path / "innocent" / "store")


@pytest.mark.parametrize("folder", ["/home/a/store", "/mnt/practice/local disk/store"])
def test_a_folder_of_this_computer_is_taken(folder: str) -> None:
    refuse_unsafe_folder(Path(folder), environment={}, mounts=MOUNTS)
