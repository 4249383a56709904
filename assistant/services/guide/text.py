"""Text as the search compares it: one spelling for many, words, and pieces of words."""

import re
import unicodedata
from collections.abc import Iterator

_SPELLINGS = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ە": "ه",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ء": None,
        "\u0640": None,  # tatweel
        "\u200c": " ", "\u200d": None, "\u200e": None, "\u200f": None, "\u00ad": None,
        **{chr(first + digit): str(digit) for first in (0x660, 0x6F0) for digit in range(10)},
        "’": "'", "‘": "'", "ʼ": "'", "`": "'",
    }
)  # fmt: skip
_MARKS = re.compile(r"[\u0300-\u036f\u064b-\u065f\u0670\u06d6-\u06ed]")
_CONTRACTIONS = (
    (re.compile(r"\bcan't\b|\bcannot\b|\bcant\b"), "can not"),
    (re.compile(r"\bwon't\b|\bwont\b"), "will not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"\b(do|does|is|are|did)nt\b"), r"\1 not"),
    (re.compile(r"'(s|m|re|ve|ll|d)\b"), ""),
)
_WORD = re.compile(r"[a-z]+\d*[a-z]*|[\u0600-\u06ff]+|\d+|[^\W\d_]+")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_HAN_RUN = re.compile(f"{HAN.pattern}+")
_PERSIAN_WORD = re.compile(r"[\u0600-\u06ff]+")
_PERSIAN_PREFIXES = ("نمی", "می")
_PERSIAN_SUFFIXES = (
    "هایشان", "هایمان", "هایتان", "هایم", "هایت", "هایش", "هایی", "های", "هام", "هات", "هاش", "ها",
    "شان", "مان", "تان", "ترین", "تر", "ات", "اش", "ام", "یم", "ید", "ند", "ی", "م", "ش", "و",
)  # fmt: skip
_SHORTEST_STEM = 3
_DOUBLED = re.compile(r"([bdgklmnprt])\1$")


def normalise(text: str) -> str:
    """Give one spelling to what is typed in many: width, case, digits, Persian letters, marks."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_SPELLINGS)
    return folded if folded.isascii() else _MARKS.sub("", unicodedata.normalize("NFD", folded))


def words(text: str) -> list[str]:
    """Split a normalised text: stems of words; of Chinese each two neighbours.

    A single Chinese character stands alone.
    """
    found: list[str] = []
    for pattern, plain in _CONTRACTIONS:
        text = pattern.sub(plain, text)
    at = 0
    for han in _HAN_RUN.finditer(text):
        found += _spaced_words(text[at : han.start()])
        found += _pairs(han.group())
        at = han.end()
    return found + _spaced_words(text[at:])


def pieces(text: str) -> Iterator[str]:
    """Three and four neighbouring letters of each word, and each Chinese character.

    They tell what was mistyped, or bent in a way that the stems do not know.
    """
    for han in _HAN_RUN.finditer(text):
        yield from han.group()
    for word in _WORD.findall(_HAN_RUN.sub(" ", text)):
        marked = f"<{word}>"
        for size in (3, 4):
            for start in range(len(marked) - size + 1):
                yield marked[start : start + size]


def stem(word: str) -> str:
    """Cut the endings that say little: light on purpose, for English and Persian."""
    if _PERSIAN_WORD.fullmatch(word):
        return _persian_stem(word)
    return _english_stem(word) if word.isascii() and word.isalpha() else word


def _spaced_words(text: str) -> list[str]:
    return [stem(word) for word in _WORD.findall(text)]


def _pairs(han: str) -> list[str]:
    return [han] if len(han) == 1 else [han[at : at + 2] for at in range(len(han) - 1)]


def _english_stem(word: str) -> str:
    if len(word) <= _SHORTEST_STEM:
        return word
    if word.endswith("ies") and len(word) > 4:
        word = f"{word[:-3]}y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ingly", "edly", "ing", "ed", "ly"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= _SHORTEST_STEM and re.search("[aeiouy]", root):
            word = _DOUBLED.sub(r"\1", root)
            break
    return word.removesuffix("e") if len(word) > 4 else word


def _persian_stem(word: str) -> str:
    for prefix in _PERSIAN_PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_STEM:
            word = word.removeprefix(prefix)
            break
    if not word.endswith(_PERSIAN_SUFFIXES):
        return word
    for suffix in _PERSIAN_SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            return word.removesuffix(suffix)
    return word
