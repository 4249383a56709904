"""In which of the Guide's languages something is written."""

import locale
import os
import re
from collections.abc import Mapping

LANGUAGES = ("en", "fa", "zh_CN", "zh_TW")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_SIMPLIFIED_IN_BOTH = frozenset("么个几号体机万与从听价据适胜厂广")
"""Simplified characters that Big5 holds too, as rare ones: Traditional writes them otherwise."""
_LATIN = re.compile(r"[A-Za-z]+")


def language_of(text: str, ui_language: str) -> str:
    """Give `en`, `fa`, `zh_CN` or `zh_TW`.

    The script decides; of Chinese its characters, and where they are the same in both, the
    window's language. Names in Latin letters (GGUF, Qwen) say nothing inside another script.
    """
    han, arabic = len(_HAN.findall(text)), len(_ARABIC.findall(text))
    latin = sum(map(len, _LATIN.findall(text)))
    if han and han * 6 >= latin and han >= arabic / 2:
        return _chinese(text, ui_language)
    if arabic * 4 >= max(latin, 1):
        return "fa"
    if latin or ui_language not in LANGUAGES:
        return "en"
    return ui_language


def system_language(environment: Mapping[str, str] = os.environ) -> str:
    """Give the Guide's language that is nearest to the system's."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return _of_locale(environment[name])
    return _of_locale(locale.getlocale()[0] or "")


def _of_locale(name: str) -> str:
    """Read `zh_TW.UTF-8`, or `Chinese (Traditional)_Taiwan` as Windows says it."""
    lowered = name.lower()
    if lowered.startswith(("zh", "chinese")):
        marks = ("tw", "hk", "mo", "hant", "traditional")
        return "zh_TW" if any(mark in lowered[2:] for mark in marks) else "zh_CN"
    return "fa" if lowered.startswith(("fa", "persian")) else "en"


def _chinese(text: str, ui_language: str) -> str:
    """Tell by the standards' own lists: GB 2312 holds simplified characters, Big5 traditional."""
    simplified = traditional = 0
    for character in _HAN.findall(text):
        in_gb, in_big5 = _is_in(character, "gb2312"), _is_in(character, "big5")
        simplified += (in_gb and not in_big5) or character in _SIMPLIFIED_IN_BOTH
        traditional += in_big5 and not in_gb
    if simplified != traditional:
        return "zh_CN" if simplified > traditional else "zh_TW"
    return "zh_TW" if ui_language == "zh_TW" else "zh_CN"


def _is_in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
