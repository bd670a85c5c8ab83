"""An estimate of how hard a letter is to read.

The formula is the Flesch-Kincaid grade (Kincaid, Fishburne, Rogers and Chissom 1975, Research Branch Report 8-75):
0.39 x words per sentence + 11.8 x syllables per word - 15.59. A United States grade plus 5 is about the age of a reader.
Syllables are counted by a rule of thumb (groups of vowels), so the answer is an estimate: it helps a writer to find
long sentences and long words, and proves nothing. Aim of the content style: reading age 9 to 11, sentences to 20 words.
"""

import re
from typing import Final

import msgspec

from wellbeing_desktop.documents import blocks as b

LONGEST_SENTENCE: Final = 20
"""Words, by the NHS content style."""
_SENTENCE: Final = re.compile(r"[^.!?\n]+(?:[.!?](?=\w)[^.!?\n]*)*")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_VOWELS: Final = re.compile(r"[aeiouy]+")


class ReadingEase(msgspec.Struct, frozen=True):
    age: int | None
    """Estimated reading age in years, 5 or more; None when there are fewer than 20 words to judge."""
    words: int
    long_sentences: tuple[str, ...]
    """Sentences of more than 20 words, as written."""


def reading_ease(text: str) -> ReadingEase:
    """Judge plain text. Each line end is also the end of a sentence."""
    sentences = [found.group().strip() for found in _SENTENCE.finditer(text) if _WORD.search(found.group())]
    words = _WORD.findall(text)
    long = tuple(sentence for sentence in sentences if len(_WORD.findall(sentence)) > LONGEST_SENTENCE)
    if len(words) < 20 or not sentences:
        return ReadingEase(None, len(words), long)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return ReadingEase(max(5, round(grade + 5)), len(words), long)


def document_ease(document: b.Document) -> ReadingEase:
    """Judge what a document says in paragraphs and lists; addresses, tables and headings are left out."""
    parts: list[str] = []
    for block in document.blocks:
        if isinstance(block, b.Paragraph):
            parts.append(b.plain(block.text))
        elif isinstance(block, b.BulletList | b.NumberedList):
            parts += [b.plain(item) for item in block.items]
    return reading_ease("\n".join(parts))


def syllables(word: str) -> int:
    """Groups of vowels, a silent final e left out; at least 1."""
    bare = word.lower()
    count = len(_VOWELS.findall(bare))
    if bare.endswith("e") and not bare.endswith(("le", "ee")) and count > 1:
        count -= 1
    if bare.endswith("ed") and not bare.endswith(("ted", "ded")) and count > 1:
        count -= 1
    return max(count, 1)
