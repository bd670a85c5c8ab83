import pytest

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.client.address import server_address


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("wellbeing.example.nhs.uk", "https://wellbeing.example.nhs.uk:443"),
        ("https://wellbeing.example.nhs.uk/", "https://wellbeing.example.nhs.uk:443"),
        ("  https://wellbeing.example.nhs.uk:8443/pcn/ ", "https://wellbeing.example.nhs.uk:8443/pcn"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_address_is_read_as_a_person_types_it(typed: str, url: str) -> None:
    assert server_address(typed).url == url


@pytest.mark.parametrize(
    "typed",
    [
        "http://wellbeing.example.nhs.uk",
        "http://10.0.0.1",
        "http://127.0.0.1.example.org",
        "ftp://wellbeing.example.nhs.uk",
        "file:///etc/passwd",
        "https://user:secret@example.org",
        "https://example.org/?code=1",
        "https://",
        "https://[",
        "https://example.org:99999",
        "two words",
        "",
        "https://" + "a" * 600,
    ],
)
def test_an_address_that_is_not_private_or_not_one_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        server_address(typed)
    assert refused.value.message.endswith(".")
    assert "secret" not in refused.value.message


def test_the_standard_port_is_not_shown() -> None:
    assert server_address("wellbeing.example.nhs.uk").shown == "https://wellbeing.example.nhs.uk"
    assert server_address("http://[::1]:80/a").shown == "http://[::1]/a"
