"""The style sheet, written once over the tokens."""

from dataclasses import asdict
from string import Template

from assistant.ui.theme.tokens import Tokens

_SHEET = Template("""
QWidget#window, QWidget#main, QStackedWidget, QScrollArea, QWidget#column, QDialog {
  background: $ground;
}
QScrollArea { border: none; }
QWidget#sidebar { background: $side; border: none; border-right: 1px solid $line; }
QWidget#sidebar[rtl="true"] { border-right: none; border-left: 1px solid $line; }
QWidget#header { background: $ground; border: none; border-bottom: 1px solid $line; }
QLabel { background: transparent; }
QLabel#brand { font-size: 18px; font-weight: 600; }
QLabel#pageTitle { font-size: 22px; font-weight: 600; }
QLabel#cardTitle { font-weight: 600; }
QLabel#hero { font-size: 24px; font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: 12px; }
QLabel[role="section"] { color: $muted; font-size: 12px; font-weight: 600; }
QLabel[role="good"] { color: $good; font-size: 12px; font-weight: 500; }
QLabel[role="warn"] { color: $warn; font-size: 13px; }
QLabel[role="bad"] { color: $bad; font-size: 13px; }
QLabel[role="strong"] { font-weight: 600; }
QLabel#code { font-family: "JetBrains Mono", monospace; font-size: 16px; }

QFrame#card { background: $raised; border: 1px solid $line; border-radius: 12px; }
QFrame#notice { background: $raised; border: 1px solid $line; border-radius: 12px; }
QFrame#notice[tone="bad"] { border-color: $bad; }
QFrame#composer { background: $raised; border: 1px solid $line; border-radius: 16px; }
QFrame#composer[focused="true"] { border-color: $faint; }
QFrame#bubble { background: $bubble; border: none; border-radius: 14px; }
QFrame#dropHint { background: $accent_soft; border: 2px dashed $accent; border-radius: 16px; }

QPushButton, QToolButton {
  background: $raised; border: 1px solid $line; border-radius: 9px; padding: 7px 14px;
  min-height: 18px;
}
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:disabled, QToolButton:disabled { color: $faint; background: $ground; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 6px 13px; }
QPushButton[role="primary"] {
  background: $accent; border-color: $accent; color: $on_accent; font-weight: 600;
}
QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $line; border-color: $line; color: $muted; }
QPushButton[role="danger"] { color: $bad; }
QPushButton[role="link"] { background: transparent; border-color: transparent; color: $accent; }
QPushButton[role="link"]:focus { border: 2px solid $accent; }
QPushButton[role="pill"] {
  background: $raised; border: 1px solid $line; border-radius: 14px; padding: 0;
  min-height: 26px; max-height: 26px;
}
QPushButton[role="pill"]:hover { background: $hover; }
QPushButton[role="pill"]:focus {
  border: 2px solid $accent; padding: 0; min-height: 24px; max-height: 24px;
}
QFrame[role="pill"] { background: $raised; border: 1px solid $line; border-radius: 14px; }
QPushButton[role="row"] {
  color: $muted; background: transparent; border: 2px solid transparent; border-radius: 9px;
  padding: 6px 10px; text-align: left;
}
QPushButton[role="row"]:hover { background: $hover; }
QPushButton[role="row"]:checked { background: $accent_soft; color: $text; }
QPushButton[role="row"]:focus { border-color: $accent; }
QToolButton[role="square"] {
  background: $raised; border: 1px solid $line; border-radius: 9px; padding: 0;
  min-width: 30px; max-width: 30px; min-height: 30px; max-height: 30px;
}
QToolButton[role="square"]:focus {
  border: 2px solid $accent; min-width: 28px; max-width: 28px; min-height: 28px; max-height: 28px;
}
QToolButton[role="flat"] {
  background: transparent; border: 2px solid transparent; border-radius: 7px; padding: 0;
  min-width: 24px; max-width: 24px; min-height: 24px; max-height: 24px;
}
QToolButton[role="flat"]:hover { background: $hover; }
QToolButton[role="flat"]:focus { border: 2px solid $accent; padding: 0; }
QToolButton[role="round"] {
  background: $accent; border: 2px solid $accent; border-radius: 16px; padding: 0;
  min-width: 28px; max-width: 28px; min-height: 28px; max-height: 28px;
}
QToolButton[role="round"]:hover { background: $accent_hover; border-color: $accent_hover; }
QToolButton[role="round"]:focus { border-color: $text; padding: 0; }
QToolButton[role="round"]:disabled { background: $line; border-color: $line; }
QToolButton[role="float"] {
  background: $raised; border: 1px solid $line; border-radius: 16px; padding: 0;
  min-width: 30px; max-width: 30px; min-height: 30px; max-height: 30px;
}
QToolButton[role="float"]:focus {
  border: 2px solid $accent; min-width: 28px; max-width: 28px; min-height: 28px; max-height: 28px;
}

QLineEdit, QComboBox {
  background: $raised; border: 1px solid $line; border-radius: 9px; padding: 6px 10px;
  min-height: 20px;
  selection-background-color: $accent_soft; selection-color: $text;
}
QLineEdit:focus, QComboBox:focus { border: 2px solid $accent; padding: 5px 9px; }
QLineEdit QToolButton {
  background: transparent; border: none; padding: 0; min-height: 0; margin: 0 2px;
}
QLineEdit#title {
  background: transparent; border: 2px solid transparent; font-weight: 600; font-size: 15px;
  padding: 3px 6px;
}
QLineEdit#title:hover { background: $hover; }
QLineEdit#title:focus { background: $raised; border: 2px solid $accent; }
QLineEdit#rename { padding: 2px 8px; border: 2px solid $accent; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView {
  background: $raised; border: 1px solid $line; selection-background-color: $accent_soft;
  selection-color: $text;
}

QPlainTextEdit, QTextEdit, QTextBrowser {
  background: transparent; border: none; selection-background-color: $accent_soft;
  selection-color: $text;
}
QPlainTextEdit#input { font-size: 15px; }
QListView#chats { background: transparent; border: none; outline: none; }
QListView#chats:focus { border: none; }

QMenu { background: $raised; border: 1px solid $line; border-radius: 9px; padding: 5px; }
QMenu::item { padding: 7px 22px 7px 12px; border-radius: 6px; }
QMenu::item:selected { background: $accent_soft; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 7px; }

QProgressBar {
  background: $line; border: none; border-radius: 2px; min-height: 4px; max-height: 4px;
}
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar::handle:vertical { background: $line; border-radius: 3px; min-height: 32px; }
QScrollBar::handle:vertical:hover { background: $faint; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle:horizontal { background: $line; border-radius: 3px; min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
  background: transparent; border: none; width: 0; height: 0;
}
""")


def style_sheet(tokens: Tokens) -> str:
    """The whole application's style sheet for one theme."""
    return _SHEET.substitute(asdict(tokens), accent_hover=mix(tokens.accent, tokens.text, 0.12))


def mix(first: str, second: str, share: float) -> str:
    """`#RRGGBB` that lies `share` (0 to 1) of the way from the first colour to the second."""
    channels = (
        round(int(first[at : at + 2], 16) * (1 - share) + int(second[at : at + 2], 16) * share)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02X}" for channel in channels)
