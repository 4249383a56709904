"""The line of numbers under an answer."""

from PySide6.QtCore import QCoreApplication

from assistant.domain.chat import AnswerStats, MessageState
from assistant.ui import words


def line(stats: AnswerStats | None, state: MessageState, counted: str) -> str:
    """`41 tokens/s · first word after 0.3 s · 214 tokens · finished`; empty if nothing is known.

    `counted` is the number of tokens in words: plural forms need a Qt object to translate them.
    """
    translate = QCoreApplication.translate
    parts: list[str] = []
    if stats is not None:
        if stats.predicted_per_second > 0:
            rate = words.number(stats.predicted_per_second, _decimals(stats.predicted_per_second))
            parts.append(translate("Statistics", "{number} tokens/s").format(number=rate))
        if stats.first_token_ms > 0:
            seconds = stats.first_token_ms / 1000
            first = words.number(seconds, 1 if seconds >= 0.1 else 2)
            parts.append(
                translate("Statistics", "first word after {number} s").format(number=first)
            )
        if stats.completion_tokens > 0:
            parts.append(counted)
    parts.append(ending(stats, state))
    return words.line(*parts)


def ending(stats: AnswerStats | None, state: MessageState) -> str:
    """Why the answer ended, in a word or two."""
    translate = QCoreApplication.translate
    if state == MessageState.STOPPED:
        return translate("Statistics", "stopped by you")
    if state == MessageState.INTERRUPTED:
        return translate("Statistics", "interrupted")
    if state == MessageState.FAILED:
        return translate("Statistics", "failed")
    if state == MessageState.DONE and stats is not None:
        if stats.finish_reason == "length":
            return translate("Statistics", "reached the limit")
        return translate("Statistics", "finished")
    return ""


def _decimals(rate: float) -> int:
    return 1 if rate < 10 else 0
