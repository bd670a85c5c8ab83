"""How offers are worded on paper that people outside the service read (reference 8, UX 6)."""


def other_formats(telephone: str) -> str:
    """The offer that stands on page 1 of everything that goes to a person."""
    ask = f"Call us on {telephone}" if telephone else "Tell us"
    return f"You can have this in large print, easy read, audio, braille, British Sign Language or another language. {ask}."
