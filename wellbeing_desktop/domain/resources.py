"""Where the shipped data lives: fonts, letter templates, questionnaires, code lists, icons.

In a checkout it is the top-level `resources/` folder. `setup.py` copies that folder into the wheel as
`wellbeing_desktop/resources`, and the installer lays it at the same place, or as `resources` beside the program.
"""

import functools
import sys
from pathlib import Path


@functools.cache
def resources_folder() -> Path:
    """The folder of shipped data. Raises FileNotFoundError when the installation is incomplete."""
    package = Path(__file__).resolve().parents[1]
    candidates = [package / "resources"]
    frozen = getattr(sys, "_MEIPASS", None)  # set by PyInstaller, absent everywhere else
    if frozen is not None:
        candidates.append(Path(frozen) / "resources")
    elif (package.parent / "pyproject.toml").is_file():
        # only a checkout has the project file: another package's "resources" in site-packages is not ours
        candidates.append(package.parent / "resources")
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise FileNotFoundError("The program's resources folder is missing. Install the program again.")


def resource(name: str) -> Path:
    """The path of one shipped file or folder, for example `resource("fonts/Inter-Regular.ttf")`.

    `name` uses forward slashes and stays inside the folder. Raises FileNotFoundError when it is not there,
    and ValueError when it points outside.
    """
    root = resources_folder()
    path = root.joinpath(*name.split("/")).resolve()
    if not path.is_relative_to(root.resolve()):
        raise ValueError("a resource name stays inside the resources folder")
    if not path.exists():
        raise FileNotFoundError(f"The program's resource {name} is missing. Install the program again.")
    return path
