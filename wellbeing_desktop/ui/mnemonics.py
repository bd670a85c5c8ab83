"""Alt letters for labels and buttons that are made from definitions: one letter each, none twice on a page."""

from collections.abc import Iterable


def with_letters(words: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Each text with `&` before a letter of its own, an initial where one is free; without when none is.

    A literal `&` comes out doubled. `taken` are letters that the page uses already.
    """
    used = {letter.casefold() for letter in taken}
    made = []
    for text in words:
        at = _free(text, used)
        if at is None:
            made.append(text.replace("&", "&&"))
            continue
        used.add(text[at].casefold())
        made.append(f"{text[:at].replace('&', '&&')}&{text[at:].replace('&', '&&')}")
    return made


def _free(text: str, used: set[str]) -> int | None:
    initials = [at for at, letter in enumerate(text) if letter.isalpha() and (at == 0 or text[at - 1] == " ")]
    others = [at for at, letter in enumerate(text) if letter.isalpha()]
    for at in (*initials, *others):
        if text[at].isascii() and text[at].casefold() not in used:
            return at
    return None
