"""`hearth ask`: one question, one answer on the standard output."""

import asyncio
import math
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import click

from assistant.cli.choice import Question, chosen_model
from assistant.cli.context import CliContext, data_dir_option, existing_file
from assistant.cli.terminal import AnswerPrinter, ProgressLine
from assistant.domain.generation import (
    GenerationEvent,
    GenerationOptions,
    ModelFile,
    PromptMessage,
    PromptRead,
    TextDelta,
)
from assistant.engine_client.supervisor import EngineSupervisor

_LARGEST_SEED = _MOST_TOKENS = 2**32 - 1
_HOTTEST = 100


def _number(_ctx: click.Context, _param: click.Parameter, value: float | None) -> float | None:
    """Refuse what every range lets pass: no comparison with NaN is true."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("it is no number.")
    return value


@click.command("ask")
@click.argument("prompt", required=False)
@click.option("-m", "--model", metavar="PATH_OR_REPO", help="GGUF file, or an installed model.")
@click.option("--raw", is_flag=True, help="Continue the text itself, without the chat template.")
@click.option(
    "-t",
    "--temperature",
    type=click.FloatRange(0, _HOTTEST),
    callback=_number,
    help="0 always takes the likeliest token.",
)
@click.option(
    "-n", "--max-tokens", type=click.IntRange(1, _MOST_TOKENS), help="Most tokens to write."
)
@click.option("--seed", type=click.IntRange(0, _LARGEST_SEED), help="Repeats an answer.")
@click.option("--save", is_flag=True, help="Keep question and answer in the chats.")
@data_dir_option
@click.pass_obj
def command(
    context: CliContext,
    prompt: str | None,
    model: str | None,
    *,
    raw: bool,
    temperature: float | None,
    max_tokens: int | None,
    seed: int | None,
    save: bool,
) -> None:
    """Ask a model and print its answer as it is written; without any, ask the Guide.

    PROMPT is the question; `-`, or none with a pipe, reads it from the standard input. Nothing
    is kept, unless with --save.
    """
    if save and raw:
        raise click.UsageError("--save keeps chats; --raw is none.")
    options = GenerationOptions(temperature=temperature, seed=seed, max_tokens=max_tokens)
    question = Question(_prompt_text(prompt), model, raw, options)
    if save:
        from assistant.cli.ask_saved import ask_and_save

        asyncio.run(ask_and_save(context, question))
    else:
        asyncio.run(_ask_once(context, question))


def _prompt_text(prompt: str | None) -> str:
    if prompt is None and sys.stdin.isatty():
        raise click.UsageError("There is nothing to ask: PROMPT is missing.")
    text = sys.stdin.read() if prompt in {None, "-"} else prompt
    if not text or not text.strip():
        raise click.UsageError("There is nothing to ask: PROMPT is empty.")
    return text


async def _ask_once(context: CliContext, question: Question) -> None:
    """Ask the engine itself: nothing of it is kept, and nothing else is needed."""
    path = None if question.model is None else existing_file(question.model)
    if path is None:
        model = await chosen_model(context, question.model)
        if model.built_in and question.model is None and not question.raw:
            await _ask_guide(context, question, model.path)
            return
        path = model.path
    await _ask_model(context, question, path)


async def _ask_guide(context: CliContext, question: Question, path: Path) -> None:
    from assistant.cli.guide import print_reply, reply_to
    from assistant.services.guide.decoding import answer_options

    reply = reply_to(context, question.prompt)
    if not reply.is_decoded:
        print_reply(reply)
        return
    options = answer_options(question.options)
    asked = replace(question, prompt=reply.prompt, options=options)
    await _ask_model(context, asked, path, from_start=True)


async def _ask_model(
    context: CliContext, question: Question, path: Path, *, from_start: bool = False
) -> None:
    """Print what a model says; `from_start` without the space that it may begin with."""
    file = ModelFile("model", path)
    supervisor = EngineSupervisor(context.engine_command(), publish=lambda _: None)
    try:
        client = await supervisor.start()
        loading = ProgressLine(f"Loading {file.path.name}")
        try:
            await client.load(file, loading.update)
        finally:
            loading.clear()
        if question.raw:
            events = client.complete(file.id, question.prompt, question.options)
        else:
            messages = [PromptMessage("user", question.prompt)]
            events = client.chat(file.id, messages, question.options)
        await _print(events, from_start=from_start)
    finally:
        await supervisor.stop()


async def _print(
    events: AsyncGenerator[GenerationEvent, None], *, from_start: bool = False
) -> None:
    reading = ProgressLine("Reading")
    printer = AnswerPrinter()
    try:
        async with aclosing(events):
            async for event in events:
                if isinstance(event, PromptRead):
                    reading.update(event.processed / max(event.total, 1))
                elif isinstance(event, TextDelta):
                    reading.clear()
                    text = event.text.lstrip() if from_start else event.text
                    printer.add(text)
                    from_start = from_start and not text
    finally:
        reading.clear()
        printer.end()
