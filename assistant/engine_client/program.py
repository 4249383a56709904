"""Where the engine program is."""

from assistant.domain.errors import EngineUnavailableError


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
