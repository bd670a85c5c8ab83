"""What other programs read out of our PDFs: the readers that people copy, search and listen with."""

import shutil
import subprocess

import pypdfium2
import pytest

from tests.documents.reading import bare
from tests.documents.samples import letter
from wellbeing_desktop.documents.blocks import Document, Paragraph
from wellbeing_desktop.documents.expected import expected_text
from wellbeing_desktop.documents.letter import letter_document
from wellbeing_desktop.documents.pdf import render_pdf

SCRIPTS = (
    "The allergy is to penicillin -> rash; dose 5 mg, Ll\u0175yd.",
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645",
    "\u6f22\u5b57\u304b\u306a",
    "\u09ac\u09be\u0982\u09b2\u09be \u0995\u09cd\u09b7\u09ae\u09a4\u09be",
    "\u0a2a\u0a70\u0a1c\u0a3e\u0a2c\u0a40 \u0a38\u0a24\u0a3f",
)


def pdfium_text(data: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


def test_pdfium_reads_every_word_of_a_letter_in_order() -> None:
    document = letter_document(letter())
    got = bare(pdfium_text(render_pdf(document).data).split("Page 1 of")[0])
    assert got.startswith(bare(expected_text(document))[:400])


@pytest.mark.parametrize("text", SCRIPTS)
def test_pdfium_reads_each_script(text: str) -> None:
    data = render_pdf(Document("Scripts", (Paragraph(text),))).data
    assert bare(text) in bare(pdfium_text(data))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
@pytest.mark.parametrize(
    "text",
    [
        *SCRIPTS,
        "\u0928\u092e\u0938\u094d\u0924\u0947 \u0939\u093f\u0928\u094d\u0926\u0940",
        "\u2764\ufe0f \U0001f468\u200d\U0001f469\u200d\U0001f467",
    ],
)
def test_poppler_reads_each_script(text: str) -> None:
    data = render_pdf(Document("Scripts", (Paragraph(text),))).data
    read = subprocess.run(["pdftotext", "-enc", "UTF-8", "-", "-"], input=data, capture_output=True, check=True)
    got = read.stdout.decode("utf-8").translate({0x202A: None, 0x202B: None, 0x202C: None})  # poppler's own marks
    assert bare(text) in bare(got)
