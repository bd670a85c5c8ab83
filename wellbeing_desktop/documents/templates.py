"""Letter templates: Markdown with merge fields, as data that a service can change.

A template is Jinja2 in a sandbox over a small Markdown: headings, paragraphs, lists, bold, tables. Values never meet the
Markdown reader: they are put in after it, so a name with stars or pipes in it is printed as written. A field without a
value is named, never printed blank.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.resources import resource

if TYPE_CHECKING:
    from markdown_it.token import Token


class LetterTemplate(msgspec.Struct, frozen=True):
    id: str
    title: str
    """What staff see in the list."""
    version: int
    kind: Literal["person", "professional", "family", "bereavement"]
    """Who it goes to. After a death only "bereavement" may be made (PRACTICE W9)."""
    subject: str
    """The heading of the letter; may hold merge fields."""
    needs: tuple[str, ...]
    """Merge fields that the letter cannot do without."""
    body: str


class Filled(msgspec.Struct, frozen=True):
    subject: str
    blocks: tuple[b.Block, ...]
    missing: tuple[str, ...]
    """Merge fields without a value, in the order met; the window names them and does not print."""


_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]*")
_OPEN, _CLOSE = "\ue000", "\ue001"  # private-use marks around the number of a value; hostile text cannot hold them
_PLACE = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")


def parse_template(text: str) -> LetterTemplate:
    """Read a template: lines of `name: value` between two `---` lines, then the body.

    Raises Refused with a sentence naming what is wrong.
    """
    parts = re.split(r"(?m)^---[ \t]*\r?$\n?", text.lstrip("\ufeff"), maxsplit=2)
    if len(parts) != 3 or parts[0].strip():
        raise Refused("A template begins with its details between two lines of three dashes.")
    facts: dict[str, str] = {}
    for line in parts[1].splitlines():
        if line.strip():
            name, colon, value = line.partition(":")
            if not colon:
                raise Refused("Each detail of a template is a name, a colon and a value.")
            facts[name.strip()] = value.strip()
    for name in ("id", "title", "version", "kind", "subject"):
        if not facts.get(name):
            raise Refused(f"The template does not say its {name}.", name)
    if facts["kind"] not in ("person", "professional", "family", "bereavement"):
        raise Refused("The kind of a template is person, professional, family or bereavement.", "kind")
    if not facts["version"].isdecimal():
        raise Refused("The version of a template is a whole number.", "version")
    needs = tuple(field.strip() for field in facts.get("needs", "").split(",") if field.strip())
    if any(not _FIELD_NAME.fullmatch(field) for field in needs):
        raise Refused("Merge fields are named with small letters, numbers and underscores.", "needs")
    kind: Any = facts["kind"]
    template = LetterTemplate(
        facts["id"], facts["title"], int(facts["version"]), kind, facts["subject"], needs, parts[2].strip()
    )
    fill(template, {})  # a template that cannot be read is refused when it is saved, not when it is sent
    return template


@cache
def shipped_templates() -> dict[str, LetterTemplate]:
    """The templates that come with the program, by id."""
    found = [
        parse_template(path.read_text(encoding="utf-8"))
        for path in sorted(resource("templates/letters").iterdir())
        if path.suffix == ".md"
    ]
    return {template.id: template for template in found}


def fill(template: LetterTemplate, values: Mapping[str, str]) -> Filled:
    """The letter's blocks with `values` in place. Blank values count as missing.

    Raises Refused when the template itself cannot be read.
    """
    from jinja2 import TemplateError, Undefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    missing: dict[str, None] = {}
    kept: list[str] = []

    def place(value: object) -> str:
        if isinstance(value, Undefined):
            name = str(value._undefined_name or "a field")
            missing[name] = None
            value = f"[missing: {name.replace('_', ' ')}]"
        kept.append(str(value).replace(_OPEN, "[U+E000]").replace(_CLOSE, "[U+E001]"))
        return f"{_OPEN}{len(kept) - 1}{_CLOSE}"

    present = {name: value for name, value in values.items() if value.strip()}
    environment = ImmutableSandboxedEnvironment(finalize=place, lstrip_blocks=True, autoescape=False)
    environment.globals.clear()  # no range, no lipsum, no namespace: a letter has no use for them
    try:
        body = environment.from_string(template.body).render(present)
        subject = environment.from_string(template.subject).render(present)
    except (TemplateError, TypeError, ArithmeticError, OverflowError, RecursionError, ValueError) as wrong:
        raise Refused(f'The template "{template.title}" cannot be read. Check its merge fields.') from wrong
    for name in template.needs:
        if name not in present:
            missing[name] = None
    return Filled(_put_back(subject, kept), _blocks(body, kept), tuple(missing))


def _put_back(text: str, kept: list[str]) -> str:
    return _PLACE.sub(lambda found: kept[int(found[1])], text)


@cache
def _reader() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("zero").enable(["heading", "list", "emphasis", "table", "escape"])


def markdown_blocks(markdown: str) -> tuple[b.Block, ...]:
    """Blocks of the small Markdown. What is outside it stays as the characters typed."""
    return _blocks(markdown, [])


def _blocks(markdown: str, kept: list[str]) -> tuple[b.Block, ...]:
    tokens: list[Token] = _reader().parse(markdown)
    made: list[b.Block] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.type == "heading_open":
            level = min(max(int(token.tag[1:]), 2), 3)  # level 1 is the letter's own title
            made.append(b.Heading(b.plain(_inline(tokens[place + 1], kept)), level))
            place += 3
        elif token.type == "paragraph_open":
            made.append(b.Paragraph(_inline(tokens[place + 1], kept)))
            place += 3
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            stop = _closing(tokens, place)
            items = tuple(_inline(inner, kept) for inner in tokens[place:stop] if inner.type == "inline")
            if token.type == "bullet_list_open":
                made.append(b.BulletList(items))
            else:
                made.append(b.NumberedList(items, int(token.attrGet("start") or 1)))
            place = stop + 1
        elif token.type == "table_open":
            stop = _closing(tokens, place)
            made.append(_table(tokens[place:stop], kept))
            place = stop + 1
        else:
            place += 1
    return tuple(made)


def _closing(tokens: "list[Token]", start: int) -> int:
    level = tokens[start].level
    closing = tokens[start].type.replace("_open", "_close")
    return next(
        place
        for place in range(start + 1, len(tokens))
        if tokens[place].type == closing and tokens[place].level == level
    )


def _table(tokens: "list[Token]", kept: list[str]) -> b.Table:
    rows: list[list[b.Text]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token, kept))
    return b.Table(tuple(b.plain(cell) for cell in rows[0]), tuple(tuple(row) for row in rows[1:]))


def _inline(token: "Token", kept: list[str]) -> b.Text:
    """The text of one paragraph. Emphasis in one star is not shown: paper for people has no italics."""
    pieces: list[str | b.Strong] = []
    strong = 0
    for child in token.children or []:
        if child.type == "strong_open":
            strong += 1
        elif child.type == "strong_close":
            strong -= 1
        elif child.type in ("softbreak", "hardbreak"):
            # a typed line end inside a paragraph is a space in Markdown, a new line when it ends in two spaces
            pieces.append("\n" if child.type == "hardbreak" else " ")
        elif child.content:
            text = _put_back(child.content, kept)
            pieces.append(b.Strong(text) if strong else text)
    if not any(isinstance(piece, b.Strong) for piece in pieces):
        return "".join(piece for piece in pieces if isinstance(piece, str))
    return tuple(pieces)
