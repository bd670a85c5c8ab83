import pytest

from wellbeing_desktop.documents.blocks import (
    BulletList,
    Document,
    Heading,
    NumberedList,
    Paragraph,
    Strong,
    Table,
    plain,
)
from wellbeing_desktop.documents.reading_ease import document_ease
from wellbeing_desktop.documents.templates import fill, markdown_blocks, parse_template, shipped_templates
from wellbeing_desktop.domain.errors import Refused

HEAD = "---\nid: x\ntitle: Example\nversion: 1\nkind: person\nsubject: About {{ thing }}\nneeds: thing\n---\n"


def test_the_letters_a_service_needs_are_shipped() -> None:
    kinds = {template.id: template.kind for template in shipped_templates().values()}
    assert kinds == {
        "first-appointment": "person",
        "appointment-reminder": "person",
        "could-not-reach": "person",
        "closing": "person",
        "plan-summary-gp": "professional",
        "reply-to-referrer": "professional",
        "referral-decision": "professional",
        "referral-declined-person": "person",
        "thank-you": "person",
        "family-update": "family",
        "bereavement": "bereavement",
    }


def test_shipped_letters_to_people_read_easily() -> None:
    for template in shipped_templates().values():
        if template.kind != "professional":
            filled = fill(template, dict.fromkeys(template.needs, "Monday"))
            ease = document_ease(Document("Letter", filled.blocks))
            assert ease.long_sentences == (), template.id
            assert ease.age in range(5, 12), template.id


def test_every_need_of_a_shipped_letter_is_used_and_named_when_missing() -> None:
    for template in shipped_templates().values():
        filled = fill(template, {})
        assert set(template.needs) == set(filled.missing), template.id
        assert fill(template, dict.fromkeys(template.needs, "a value")).missing == ()


def test_a_missing_value_is_named_in_the_text_and_never_blank() -> None:
    filled = fill(parse_template(HEAD + "Come on {{ appointment_date }}."), {"thing": "  "})
    assert filled.missing == ("appointment_date", "thing")
    assert plain(filled.blocks[0].text) == "Come on [missing: appointment date]."
    assert filled.subject == "About [missing: thing]"


def test_a_value_is_never_read_as_markdown_or_as_a_template() -> None:
    hostile = "*a* **b** | c |\n# d\n- e {{ 7*7 }} {% raw %} <b>"
    filled = fill(parse_template(HEAD + "Dear {{ thing }}, hello."), {"thing": hostile})
    assert plain(filled.blocks[0].text) == f"Dear {hostile}, hello."
    assert len(filled.blocks) == 1


def test_a_value_cannot_forge_the_place_of_another() -> None:
    filled = fill(parse_template(HEAD + "{{ thing }} and {{ other }}"), {"thing": "\ue0001\ue001", "other": "secret"})
    assert plain(filled.blocks[0].text) == "[U+E000]1[U+E001] and secret"


@pytest.mark.parametrize(
    "body",
    [
        "{{ ''.__class__.__mro__ }}", "{{ thing.__class__ }}", "{% for x in range(9) %}a{% endfor %}",
        "{{ cycler.__init__.__globals__.os }}", "{% include 'x' %}", "{{ thing", "{{ 1 / 0 }}",
    ],
)  # fmt: skip
def test_a_template_that_reaches_outside_or_is_broken_is_refused_or_shows_nothing(body: str) -> None:
    try:
        filled = fill(parse_template(HEAD + body), {"thing": "value"})
    except Refused:
        return
    shown = "".join(plain(block.text) for block in filled.blocks)
    assert "[missing:" in shown
    assert "<class" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "no head",
        "---\nid: x\n---\nbody",
        HEAD.replace("kind: person", "kind: cat"),
        HEAD.replace("version: 1", "version: one"),
    ],
)
def test_a_template_with_a_bad_head_is_refused_in_words(text: str) -> None:
    with pytest.raises(Refused):
        parse_template(text)


def test_the_small_markdown_becomes_blocks() -> None:
    made = markdown_blocks(
        "# Big\n\nSome **bold** and *soft* words.\n\n- a\n- b\n\n3. c\n4. d\n\n| H | I |\n|---|---|\n| 1 | 2 |\n"
    )
    assert made == (
        Heading("Big", 2),
        Paragraph(("Some ", Strong("bold"), " and ", "soft", " words.")),
        BulletList(("a", "b")),
        NumberedList(("c", "d"), 3),
        Table(("H", "I"), (("1", "2"),)),
    )


def test_markup_outside_the_small_markdown_stays_as_typed() -> None:
    made = markdown_blocks("<script>x</script> [link](http://x) ![i](y) `code` ~~z~~")
    assert [plain(block.text) for block in made] == ["<script>x</script> [link](http://x) ![i](y) `code` ~~z~~"]
