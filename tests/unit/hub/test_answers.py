from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from assistant.domain.errors import CaptivePortalError, HubServerError
from assistant.hub.answers import error_for_status, is_web_page, retry_after_s


def test_a_date_to_wait_for() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    assert retry_after_s({"retry-after": soon}) in range(18, 22)
    past = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    assert retry_after_s({"retry-after": past}) == 0
    assert retry_after_s({"retry-after": "Wed, 99 Foo 2026 00:00:00"}) is None
    assert retry_after_s({}) is None


@pytest.mark.parametrize("kind", ["text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml"])
def test_web_pages(kind: str) -> None:
    assert is_web_page({"content-type": kind})
    assert not is_web_page({"content-type": "application/octet-stream"})
    assert not is_web_page({})


def test_every_other_status_has_an_error_too() -> None:
    for status in range(400, 600):
        error = error_for_status(status, {}, host="h", repo="a/b", what="a/b")
        assert error.message
        assert error.next_step
    assert type(error_for_status(511, {}, host="h", repo="a/b", what="w")) is CaptivePortalError
    assert type(error_for_status(418, {}, host="h", repo="a/b", what="w")) is HubServerError
