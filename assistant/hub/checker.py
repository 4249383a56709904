"""The engine's checker of model files, with our errors for its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.domain.errors import EngineUnavailableError, ModelFileError, ModelPartMissingError


class EngineChecker:
    """Strict, in Rust, without llama.cpp. The extension is loaded at the first use."""

    def check(self, path: Path) -> None:
        """Check every file of a model without loading it. Blocks.

        Raises:
            ModelPartMissingError: a part of a split model is missing.
            ModelFileError: it is no model that can be run; says why.
            EngineUnavailableError: the engine is not installed.

        """
        with _our_errors(path):
            from hearth_engine import check_gguf

            check_gguf(path)

    def sample_id(self, path: Path) -> str:
        """Identify a model by size, header and samples: `sample:<size>:<hex>`. Blocks.

        Raises as `check`.
        """
        with _our_errors(path):
            from hearth_engine import sample_id

            return sample_id(path)


@contextmanager
def _our_errors(path: Path) -> Iterator[None]:
    try:
        from hearth_engine import GgufError
    except ImportError as error:
        raise EngineUnavailableError(detail="the package hearth-engine is not installed") from error
    try:
        yield
    except GgufError as error:
        if error.missing is not None:
            raise ModelPartMissingError(
                name=path.name, count=error.count, missing=error.missing
            ) from error
        raise ModelFileError(name=path.name, detail=error.reason) from error
