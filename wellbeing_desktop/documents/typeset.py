"""Breaks text into lines. Widths are in thousandths of the text size, so a line is the same at every size."""

import functools
import re
from dataclasses import dataclass, field

from wellbeing_desktop.documents import faces
from wellbeing_desktop.documents.faces import REGULAR, SEMIBOLD, Shaped
from wellbeing_desktop.documents.text_safety import is_right_to_left, printable
from wellbeing_desktop.domain.dates import MONTHS

# Between two of these a line may end without a space.
_IDEOGRAPHS = re.compile("[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")

_CLOSING = frozenset("、。，．：；！？）」』】〉》〕ー々")
"""Signs that never begin a line."""
_OPENING = frozenset("（「『【〈《〔")

_YEAR = re.compile(r"[12][0-9]{3}\b")
_UNIT = "(?:days?|weeks?|months?|years?|hours?|minutes?|people|person|times?|pages?|miles?)"
# Where a line may end. A telephone or NHS number stays whole, and so does a postcode: its parts are read together. A
# number keeps its unit.
_SPACE = re.compile(rf"(?! [0-9][A-Z]{{2}}\b)(?:(?<![0-9]) | (?![0-9]{{3}}|{_UNIT}\b))")

_NUMBER_GROUPS = re.compile(r"\+?[0-9]+(?: [0-9]{3,})+")


@dataclass(frozen=True, slots=True)
class Word:
    """Text that stays on one line, shaped."""

    text: str
    weight: str
    parts: tuple[Shaped, ...]
    width: int
    joined: bool = False
    """True when no space stands before it: the rest of a broken word, the next ideograph, a change of weight."""


@dataclass(slots=True, eq=False)
class Line:
    """Shaped text in the order drawn. Lines are shared between documents, so their page code is made once per size."""

    parts: tuple[Shaped, ...]
    width: int
    right_to_left: bool = False
    code: dict[float, str] = field(default_factory=dict)
    used: dict[str, frozenset[int]] | None = None
    """Glyphs by font name, filled in by the page writer."""


@functools.lru_cache(maxsize=50_000)
def word(text: str, weight: str, joined: bool = False, tabular: bool = False) -> Word:
    # the direction matters to the width: joined letters take other forms
    turned = not text.isascii() and is_right_to_left(text)
    parts = tuple(
        faces.shape(name, piece, turned and is_right_to_left(piece), tabular)
        for name, piece in faces.runs(text, weight)
    )
    return Word(text, weight, parts, sum(part.width for part in parts), joined)


@functools.cache
def space(weight: str) -> Shaped:
    return faces.shape(f"Inter-{weight}", " ")


@functools.lru_cache(maxsize=4_000)
def _paragraph_words(pieces: tuple[tuple[str, bool], ...], weight: str, tabular: bool) -> tuple[tuple[Word, ...], ...]:
    """Words of each typed line."""
    rows: list[list[Word]] = [[]]
    strong = SEMIBOLD if weight == REGULAR else weight
    # whitespace is folded across the pieces, not within each, so that a space beside bold text is kept
    texts = _fold(pieces)
    glued = True
    for text, is_strong in texts:
        in_weight = strong if is_strong else weight
        for number, row in enumerate(text.split("\n")):
            if number:
                rows.append([])
                glued = True
            for place, token in enumerate(_SPACE.split(row)):
                if place:
                    glued = False
                if token:
                    for piece_number, piece in enumerate(_break_points(token)):
                        rows[-1].append(word(piece, in_weight, glued or piece_number > 0, tabular))
                    glued = True
    return tuple(tuple(row) for row in rows)


def _fold(pieces: tuple[tuple[str, bool], ...]) -> list[tuple[str, bool]]:
    if len(pieces) == 1:
        return [(printable(pieces[0][0]).text, pieces[0][1])]
    folded: list[tuple[str, bool]] = []
    for text, is_strong in pieces:
        # a letter at each end keeps the outer spaces of the piece from being trimmed
        inner = printable(f"x{text}x").text[1:-1]
        folded.append((inner, is_strong))
    return folded


def _break_points(token: str) -> list[str]:
    if token.isascii() or not _IDEOGRAPHS.search(token):
        return [token]
    found: list[str] = []
    for cluster in faces.clusters(token):
        if (found and (cluster in _CLOSING or found[-1][-1] in _OPENING)) or (
            found and not (_IDEOGRAPHS.match(cluster) or _IDEOGRAPHS.match(found[-1][-1]))
        ):
            found[-1] += cluster
        else:
            found.append(cluster)
    return found


@functools.lru_cache(maxsize=8_000)
def lines(pieces: tuple[tuple[str, bool], ...], weight: str, measure: float, tabular: bool = False) -> tuple[Line, ...]:
    """Lines no wider than `measure` (thousandths of the text size). A word that is too long is cut between characters."""
    done: list[Line] = []
    for row in _paragraph_words(pieces, weight, tabular):
        current: list[Word] = []
        width = 0.0
        for item in row:
            gap = space(item.weight).width if current and not item.joined else 0
            if width + gap + item.width <= measure or (not current and item.width <= measure):
                current.append(item)
                width += gap + item.width
                continue
            if item.width <= measure and not _is_glued_run(current, item):
                along = _rest_of_date(current, item, measure)
                done.append(_line(current))
                current = [*along, item]
                width = _width(current)
                continue
            carried: list[Word] = []
            if item.width <= measure:
                # the pieces that must stay with this one move down together, unless they fill the line by themselves
                while current and item.joined and (carried[0].joined if carried else True):
                    carried.insert(0, current.pop())
                if not current:
                    current, carried = carried, []
                if current:
                    done.append(_line(current))
                current = [*carried, item]
                width = _width(current)
                continue
            for piece in _cut(item, measure, measure - width - gap if current else measure):
                gap = space(item.weight).width if current and not piece.joined else 0
                if current and width + gap + piece.width > measure:
                    done.append(_line(current))
                    current, width, gap = [], 0, 0
                current.append(piece)
                width += gap + piece.width
        done.append(_line(current))
    return tuple(done)


def _rest_of_date(current: list[Word], item: Word, measure: float) -> list[Word]:
    """Taken off the line: the day and month that go down with the year (or the month) that it has no room for. Where
    they would be all of the line, or too wide for the next, the date is broken."""
    count = 0
    if _YEAR.match(item.text) and current[-1].text in MONTHS:
        count = 2 if len(current) > 1 and current[-2].text.isdigit() else 1
    elif item.text.rstrip(".,;:") in MONTHS and current[-1].text.isdigit():
        count = 1
    along = current[len(current) - count :]
    if not along or len(along) == len(current) or along[0].joined or _width([*along, item]) > measure:
        return []
    del current[len(current) - count :]
    return along


def _is_glued_run(current: list[Word], item: Word) -> bool:
    """Whether `item` belongs with the end of the line: a full stop after bold, not the next ideograph."""
    return bool(
        item.joined and current and not _IDEOGRAPHS.match(item.text[0]) and not _IDEOGRAPHS.match(current[-1].text[-1])
    )


def _width(words: list[Word]) -> float:
    return sum(
        item.width + (0 if number == 0 or item.joined else space(item.weight).width)
        for number, item in enumerate(words)
    )


def _cut(item: Word, measure: float, first: float) -> list[Word]:
    """Parts of a word longer than a line. The first part fills what is left of the line when that is worth having."""
    if first < measure / 4:
        first = measure
    clusters = faces.clusters(item.text)
    parts: list[Word] = []
    start, limit = 0, first
    while start < len(clusters):
        end, width = start, 0
        while end < len(clusters):
            width += word(clusters[end], item.weight).width
            if width > limit and end > start:
                break
            end += 1
        part = "".join(clusters[start:end])
        while end > start + 1 and word(part, item.weight).width > limit:  # letters may stand wider than each alone
            end -= 1
            part = "".join(clusters[start:end])
        parts.append(word(part, item.weight, item.joined or bool(parts)))
        start, limit = end, measure
    return parts


def _line(words: list[Word]) -> Line:
    if not words:
        return Line((), 0)
    text = "".join(item.text for item in words)
    if not text.isascii() and is_right_to_left(text):
        return _bidirectional(words)
    parts: list[Shaped] = []
    width = 0
    for number, item in enumerate(words):
        if number and not item.joined:
            gap = space(item.weight if words[number - 1].weight != REGULAR else REGULAR)
            parts.append(gap)
            width += gap.width
        parts.extend(item.parts)
        width += item.width
    return Line(tuple(parts), width)


def _bidirectional(words: list[Word]) -> Line:
    """The line in the order drawn from left to right (Unicode bidirectional algorithm, by python-bidi)."""
    from bidi import algorithm

    text = ""
    weights: list[str] = []
    for number, item in enumerate(words):
        if number and not item.joined:
            text, weights = text + " ", [*weights, item.weight]
        text += item.text
        weights += [item.weight] * len(item.text)
    base = algorithm.get_base_level(text)
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, ("L", "R")[base]
    algorithm.get_embedding_levels(text, storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    levels = [int(entry["level"]) for entry in storage["chars"]]
    if len(levels) != len(text):  # the library drops what rule X9 removes; nothing may be lost from a page
        levels = [base] * len(text)
    for found in _NUMBER_GROUPS.finditer(text):  # 01632 960 123 keeps its order inside Arabic: it is dialled so
        levels[found.start() : found.end()] = [max(levels[found.start() : found.end()])] * len(found.group())
    spans: list[tuple[int, Shaped]] = []
    start = 0
    for end in range(1, len(text) + 1):
        if (
            end == len(text)
            or levels[end] != levels[start]
            or weights[end] != weights[start]
            or text[end] == " "
            or text[start] == " "
        ):
            for name, piece in faces.runs(text[start:end], weights[start]):
                spans.append((levels[start], faces.shape(name, piece, levels[start] % 2 == 1)))
            start = end
    for level in range(max(levels), 0, -1):  # rule L2
        place = 0
        while place < len(spans):
            stop = place
            while stop < len(spans) and spans[stop][0] >= level:
                stop += 1
            if stop > place:
                spans[place:stop] = spans[place:stop][::-1]
            place = stop + 1
    parts = tuple(shaped for _, shaped in spans)
    return Line(parts, sum(part.width for part in parts), base == 1)


def longest_word(pieces: tuple[tuple[str, bool], ...], weight: str) -> int:
    """Width of the widest piece that should not be cut, in thousandths of the text size."""
    return max((item.width for row in _paragraph_words(pieces, weight, False) for item in row), default=0)


def forget() -> None:
    """Drop every kept piece of text. The program calls this at lock; the rendering process simply ends."""
    for kept in (lines, _paragraph_words, word, faces.shape, printable):
        kept.cache_clear()
