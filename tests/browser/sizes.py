"""The windows in which pages are looked at, and the lights. What is dear runs at one width, and in two of the four, unless `--all` is asked for."""

import pytest

DESK, PHONE = {"viewport": {"width": 1440, "height": 900}}, {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["1440", "390"])
DESK_FIRST = pytest.mark.parametrize("size", [DESK, pytest.param(PHONE, marks=pytest.mark.full)], ids=["1440", "390"])
LOOKS = pytest.mark.parametrize(("size", "theme"), [
    pytest.param(DESK, "light", id="1440-light"), pytest.param(PHONE, "dark", id="390-dark"),
    pytest.param(DESK, "dark", id="1440-dark", marks=pytest.mark.full), pytest.param(PHONE, "light", id="390-light", marks=pytest.mark.full)])
