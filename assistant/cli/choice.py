"""What was asked, and which model is to answer."""

from dataclasses import dataclass

from assistant.cli.context import CliContext
from assistant.domain.errors import NoModelError
from assistant.domain.generation import GenerationOptions
from assistant.domain.llm import InstalledModel
from assistant.settings.store import SettingsStore
from assistant.settings.table import LAST_MODEL


@dataclass(frozen=True)
class Question:
    """What was asked, and how it is to be answered."""

    prompt: str
    model: str | None
    raw: bool
    options: GenerationOptions


async def chosen_model(context: CliContext, text: str | None) -> InstalledModel:
    """Give the model that is meant: the named, else the last used, else the first, else the Guide.

    Raises:
        NoModelError: none was named, none is installed, and the Guide was hidden or removed.
        ModelNotFoundError: none is installed under that name.

    """
    from assistant import app

    settings = SettingsStore(context.paths.settings)
    library = app.build_library(context.paths, settings, lambda _: None, context.resources)
    if text is not None:
        return await library.find(text)
    models = await library.models()
    if not models:
        guide = await library.guide()
        if guide is None:
            raise NoModelError
        return guide
    last = settings.get(LAST_MODEL)
    return next((model for model in models if model.id == last), models[0])
