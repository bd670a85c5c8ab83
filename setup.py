"""Puts the top-level resources folder inside the wheel; everything else is in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithResources(build_py):
    """`wellbeing_desktop.domain.resources` looks for this copy; a checkout and an editable install use the original."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "wellbeing_desktop" / "resources"
            shutil.copytree("resources", target, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithResources})
