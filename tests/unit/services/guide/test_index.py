"""Search over examples."""

import pytest

from assistant.services.guide.index import Index, Labelled

ENTRIES = [
    Labelled("add", ("how do I add a model", "download a model", "get a new model"), "Open Models"),
    Labelled("theme", ("dark mode", "change the colours", "make the window dark"), "Settings"),
    Labelled("fa", ("مدل‌ها را چطور دانلود کنم", "افزودن مدل"), "مدل‌ها"),
    Labelled("zh", ("怎么下载模型", "添加模型"), "打开模型"),
]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("add model", "add"),
        ("How can I DOWNLOAD models?", "add"),
        ("downlaod a modle", "add"),
        ("is there a darkmode", "theme"),
        ("colour", "theme"),
        ("چگونه مدل دانلود میکنند", "fa"),
        ("مدلها", "fa"),
        ("我要下载模型", "zh"),
    ],
)
def test_the_nearest_comes_first(text: str, label: str) -> None:
    assert Index(ENTRIES).search(text)[0].label == label


def test_scores_mean_the_same_for_every_question() -> None:
    index = Index(ENTRIES)
    same = index.search("how do I add a model")[0]
    assert same.nearest == pytest.approx(1.0)
    far = index.search("how do I bake a cake with cherries and cream")[0]
    assert 0 < far.score < same.score / 2


def test_nothing_shared_is_nothing_found() -> None:
    assert Index(ENTRIES).search("!!!") == []
    assert Index([]).search("model") == []


def test_text_about_a_label_is_found_as_well() -> None:
    assert Index(ENTRIES).search("settings")[0].label == "theme"


def test_the_order_is_the_same_each_time() -> None:
    twins = [Labelled(label, ("a model",)) for label in ("b", "a", "c")]
    assert [each.label for each in Index(twins).search("model")] == ["a", "b", "c"]
