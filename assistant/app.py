"""The composition root: builds every object once and hands it to the constructors. No logic."""

from assistant.domain.errors import EngineUnavailableError


def engine_command() -> list[str]:
    """Give the engine program that is installed beside us.

    Raises:
        EngineUnavailableError: it is not installed.

    """
    try:
        import hearth_engine
    except ImportError as error:
        raise EngineUnavailableError(detail="the package hearth-engine is not installed") from error
    return [str(hearth_engine.program())]
