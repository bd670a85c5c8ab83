"""Every widget passes the checklist of UX section 8, and is drawn for people to look at."""

from functools import partial

import pytest

from tests.ui import accessibility, gallery


@pytest.mark.parametrize("make", [gallery.PersonGallery, gallery.PartsGallery, gallery.ChartGallery])
def test_every_widget_passes_the_checklist(qtbot, make) -> None:
    accessibility.check_page(make(), qtbot)


@pytest.mark.capability("S3")
def test_a_whole_window_passes_the_checklist(qtbot) -> None:
    shell = gallery.gallery_window()
    parts = {key: partial(shell.go, key) for key in ("person", "parts", "charts")}
    accessibility.check_page(shell, qtbot, parts=parts)


@pytest.mark.parametrize("look", ["light", "dark", "high contrast"])
@pytest.mark.parametrize("scale", [100, 200])
def test_the_gallery_is_drawn(qtbot, look: str, scale: int, tmp_path, monkeypatch) -> None:
    if "WELLBEING_SCREENSHOTS" not in accessibility.os.environ:
        monkeypatch.setattr(accessibility, "SHOTS", tmp_path)
    shell = gallery.gallery_window()
    qtbot.addWidget(shell)
    for key in ("person", "parts", "charts"):
        shell.go(key)
        file = accessibility.screenshot(shell, f"gallery-{key}", look, scale)
        assert file.stat().st_size > 10_000
