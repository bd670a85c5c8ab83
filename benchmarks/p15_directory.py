"""P15: a search of services and articles as one types, against the bare query of its index."""

import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Final

from benchmarks.measure import Measured, in_turn, percentile
from benchmarks.practice import FAMILIES, SEED, TODAY, TOWNS, WORDS, Ids, stored
from benchmarks.stores import bare_store
from wellbeing_desktop.domain.knowledge import ArticleEdition, Service
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.directory_search import search_directory
from wellbeing_desktop.storage.records import StoredRow, store_many

TYPED: Final = ("l", "lu", "lunch", "lunch cl", "garden york", "music bristol", "letters weekly", "swansea benefit")
MEANT: Final = {"lonley": "lonely", "gardne": "garden", "benifit": "benefit", "nieghbour": "neighbour"}
MISSPELT: Final = ("lonley", "gardne york", "benifit", "nieghbour lunch")
BARE: Final = "SELECT rowid FROM directory WHERE directory MATCH ? ORDER BY bm25(directory, 10.0, 4.0, 1.0) LIMIT 100"


def run(quick: bool = False) -> Iterator[Measured]:
    each = 200 if quick else 10_000
    with bare_store("p15") as writer:
        with writer.immediate():
            store_many(writer, rows_of(each))
        size = f"{each:,} services and {each:,} articles"
        yield from _measured(writer, "P15", f"one key's search of {size}", TYPED, quick)
        yield from _measured(writer, "P15 misspelt", f"the same, spelt wrong, of {size}", MISSPELT, quick)


def _measured(writer: Writer, id: str, what: str, typed: tuple[str, ...], quick: bool) -> Iterator[Measured]:
    """Processor time, against the bare query of the words as they are meant."""
    ours, theirs = [], []
    for _ in range(1 if quick else 4):
        for words in typed:
            meant = " ".join(f'"{MEANT.get(word, word)}"*' for word in words.split())
            mine, bare = in_turn(
                partial(processor_seconds, partial(search_directory, writer, words)),
                partial(processor_seconds, partial(writer.rows, BARE, (meant,))),
                rounds=2,
            )
            ours += mine
            theirs += bare
    yield Measured(
        id=id,
        what=f"{what}; processor time",
        reference_is="bare query of the index, weighed",
        unit="s",
        ours=percentile(ours, 0.5),
        reference=percentile(theirs, 0.5),
        reach=1.5,
        rounds=len(ours),
    )
    yield Measured(
        id=f"{id} p95",
        what="the same, the slowest of twenty",
        reference_is="the limit",
        unit="s",
        ours=percentile(ours, 0.95),
        reference=0.1,
        reach=1.0,
        rounds=len(ours),
    )


def processor_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def rows_of(each: int) -> list[StoredRow]:
    """Services, and articles of a hundred and fifty words each: a few words in many, many words in few."""
    chance = random.Random(SEED)
    new_id = Ids(chance)
    some = partial(chance.choice, WORDS)
    rare = [f"{family.lower()}{word[:3].lower()}" for family in FAMILIES for word in WORDS]

    def text(count: int) -> str:
        seldom = islice(iter(lambda: rare[int(len(rare) * chance.random() ** 3)], None), count * 3 // 4)
        return " ".join([*seldom, *islice(iter(some, None), count // 20)])

    rows = []
    for number in range(each):
        town = chance.choice(TOWNS)[0]
        rows.append(
            stored(
                Service(
                    id=new_id(), subject="bench", name=f"{town} {some()} {some()} {number}", topics=(some(),),
                    areas=(town,), description=text(40), state="active", checked_on=TODAY,
                )
            )
        )  # fmt: skip
        rows.append(
            stored(
                ArticleEdition(
                    id=new_id(), subject="bench", article_id=new_id(), title=f"{some()} {some()} in {town}",
                    words=text(200), approved_on=TODAY, review_on=TODAY,
                )
            )
        )  # fmt: skip
    return rows
