"""The composition root: builds every object once and hands it to the constructors. No logic."""

import logging
from logging.handlers import RotatingFileHandler

from assistant.domain.errors import (
    EngineUnavailableError,
    HistoryDiskError,
)
from assistant.settings.paths import DataPaths

_LOG_BYTES = 2_000_000
_LOG_FILES = 3


def engine_command() -> list[str]:
    """Give the engine program that is installed beside us.

    Raises:
        EngineUnavailableError: it is not installed.

    """
    try:
        import hearth_engine

        return [str(hearth_engine.program())]
    except ImportError as error:
        detail = f"the package hearth-engine is missing or broken: {error}"
        raise EngineUnavailableError(detail=detail) from error
    except FileNotFoundError as error:
        raise EngineUnavailableError(detail="its program is missing") from error


def write_logs(paths: DataPaths) -> None:
    """Write the log of this program and of the engine into the data folder, in bounds.

    Raises:
        HistoryDiskError: the folder can't be written.

    """
    try:
        paths.prepare()
        paths.logs.mkdir(mode=0o700, exist_ok=True)
        handler = RotatingFileHandler(
            paths.logs / "hearth.log",
            maxBytes=_LOG_BYTES,
            backupCount=_LOG_FILES,
            encoding="utf-8",
        )
    except OSError as error:
        raise HistoryDiskError(detail=error.strerror or str(error)) from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
