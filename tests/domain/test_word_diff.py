"""What changed between two texts, word by word."""

from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.word_diff import MOST_WORDS, Change, Piece, compared

TEXT = st.text(alphabet=st.sampled_from("ab \n.é😀"), max_size=60)


def joined(pieces: tuple[Piece, ...], *but: Change) -> str:
    return "".join(piece.text for piece in pieces if piece.change not in but)


@given(TEXT, TEXT)
def test_nothing_of_either_text_is_lost(before: str, after: str) -> None:
    pieces = compared(before, after)
    assert joined(pieces, Change.ADDED) == before or before == after
    assert joined(pieces, Change.TAKEN_OUT) == after


def test_a_changed_word_is_taken_out_and_added_and_the_rest_stays() -> None:
    assert compared("Visits on Sundays with Ann.", "Visits on Mondays with Ann.") == (
        Piece(Change.SAME, "Visits on "),
        Piece(Change.TAKEN_OUT, "Sundays "),
        Piece(Change.ADDED, "Mondays "),
        Piece(Change.SAME, "with Ann."),
    )


def test_a_very_long_text_is_compared_by_its_lines() -> None:
    long = "".join(f"line {at} of many\n" for at in range(MOST_WORDS))
    pieces = compared(long, long.replace("line 7 of", "line seven of"))
    assert [piece.text for piece in pieces if piece.change is Change.ADDED] == ["line seven of many\n"]
