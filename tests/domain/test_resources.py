import pytest

from wellbeing_desktop.domain.resources import resource, resources_folder


def test_a_shipped_file_is_found_by_its_name() -> None:
    assert resource("README.md").parent == resources_folder()


def test_a_missing_resource_says_which_one_is_missing() -> None:
    with pytest.raises(FileNotFoundError, match=r"fonts/absent\.ttf"):
        resource("fonts/absent.ttf")


def test_a_name_cannot_leave_the_resources_folder() -> None:
    with pytest.raises(ValueError, match="inside"):
        resource("../pyproject.toml")
