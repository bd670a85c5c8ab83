"""The shape of one command, and what its exit code means."""

import argparse
from collections.abc import Callable
from enum import IntEnum
from typing import TypeAlias

import msgspec

from wellbeing_desktop.cli.output import Output


class Exit(IntEnum):
    DONE = 0
    REFUSED = 1  # a sentence says why
    USAGE = 2
    STORE_PROBLEM = 3
    SYNC_PROBLEM = 4


Run: TypeAlias = Callable[[argparse.Namespace, Output], Exit]


class Command(msgspec.Struct, frozen=True):
    """`add_arguments` fills the parser of this command; `run` does it."""

    name: str
    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Run
