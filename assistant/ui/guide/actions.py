"""What the buttons below help articles say."""

from PySide6.QtCore import QCoreApplication

from assistant.domain.guide import GuideAction


def button_text(action: GuideAction) -> str:
    """The words of an action's button; empty for none."""
    translate = QCoreApplication.translate
    texts = {
        GuideAction.OPEN_MODELS: translate("GuideActions", "Open Models"),
        GuideAction.ADD_MODEL: translate("GuideActions", "Add a model"),
        GuideAction.OPEN_GGUF: translate("GuideActions", "Open a GGUF file…"),
        GuideAction.OPEN_SETTINGS: translate("GuideActions", "Open Settings"),
        GuideAction.NEW_CHAT: translate("GuideActions", "New chat"),
        GuideAction.SEARCH_CHATS: translate("GuideActions", "Search chats"),
        GuideAction.RECOVERY_CODE: translate("GuideActions", "Make a recovery code"),
    }
    return texts.get(action, "")


ICONS: dict[GuideAction, str] = {
    GuideAction.OPEN_MODELS: "models",
    GuideAction.ADD_MODEL: "plus",
    GuideAction.OPEN_GGUF: "folder",
    GuideAction.OPEN_SETTINGS: "settings",
    GuideAction.NEW_CHAT: "plus",
    GuideAction.SEARCH_CHATS: "search",
    GuideAction.RECOVERY_CODE: "lock",
}
"""The icon before those words."""
