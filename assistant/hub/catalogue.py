"""What a repository on the Hub offers: its GGUF files, with sizes and hashes, at one commit."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Protocol

from assistant.domain.errors import HubNotFoundError, HubServerError, NoGgufError
from assistant.domain.llm import HubFile, HubPart, HubRepo
from assistant.hub.endpoint import Endpoint, TokenSource, read_token
from assistant.hub.names import (
    HubReference,
    SplitName,
    model_stem,
    parse_reference,
    quant_of,
    split_name,
)
from assistant.hub.untrusted import is_commit, is_file_size, is_repo_name, is_safe_path, is_sha256

_NOT_A_CHAT_MODEL: Final = ("mmproj", "imatrix")
_MAX_PARTS: Final = 999


class _Sibling(Protocol):
    """One file in huggingface-hub's answer; each value is whatever the server sent."""

    @property
    def rfilename(self) -> object: ...
    @property
    def size(self) -> object: ...
    @property
    def lfs(self) -> object: ...


class HubCatalogue:
    """Looks repositories up. The endpoint is read anew each time: the user may change it."""

    def __init__(self, endpoint: Callable[[], str], token: TokenSource) -> None:
        self._endpoint = endpoint
        self._token = token

    async def look_up(self, text: str) -> HubRepo:
        """Find the repository that a person named or pasted, with its GGUF files.

        Where the text names one file or one quantisation, only that is in the answer.

        Raises:
            HearthError: the text names no repository, or the Hub refuses, can't be reached or
                holds nothing usable under that name.

        """
        endpoint = Endpoint.parse(self._endpoint())
        wanted = parse_reference(text, endpoint.host)
        token = await read_token(self._token, endpoint, wanted.repo)
        repo = await asyncio.to_thread(_fetch, endpoint, wanted, token)
        return _narrowed(repo, wanted, endpoint.host)


def group_files(siblings: Iterable[_Sibling]) -> tuple[HubFile, ...]:
    """Sort a repository's files into models: GGUF only, the parts of a split one together.

    Left out: what is no chat model by itself (projectors, importance matrices), split models
    that lack a part, and everything whose name, size or hash does not pass `hub.untrusted`.
    """
    parts = [part for sibling in siblings if (part := _part(sibling)) is not None]
    whole = [part for part in parts if split_name(part.path) is None]
    names = {part.path for part in whole}
    files = [HubFile(part.path, part.size_bytes, (part,)) for part in whole]
    for split, members in _split_groups(parts).items():
        plain = f"{split.stem}.gguf"
        name = members[0].path if plain in names else plain
        files.append(HubFile(name, sum(part.size_bytes for part in members), members))
    return tuple(sorted(files, key=lambda file: (file.size_bytes, file.name)))


def _fetch(endpoint: Endpoint, wanted: HubReference, token: str | None) -> HubRepo:
    # The import of huggingface-hub costs time that the start of the app must not pay.
    from assistant.hub.metadata import fetch_model_info

    info = fetch_model_info(endpoint, wanted.repo, wanted.revision, token)
    if not is_commit(info.sha):
        raise HubServerError(host=endpoint.host, detail="no commit is named")
    siblings: Sequence[_Sibling] = info.siblings or ()
    files = group_files(siblings)
    if not files:
        raise NoGgufError(repo=wanted.repo)
    name = _spelled(wanted.repo, info.id)
    return HubRepo(name, str(info.sha), files, endpoint.url, wanted.revision)


def _spelled(asked: str, answered: object) -> str:
    """Prefer the Hub's own spelling of a name; another name is not believed."""
    if is_repo_name(answered) and str(answered).lower() == asked.lower():
        return str(answered)
    return asked


def _part(sibling: _Sibling) -> HubPart | None:
    path = sibling.rfilename
    if not isinstance(path, str) or not path.lower().endswith(".gguf") or not is_safe_path(path):
        return None
    name = path.rpartition("/")[2].lower()
    if any(word in name for word in _NOT_A_CHAT_MODEL):
        return None
    lfs: Mapping[str, object] = sibling.lfs if isinstance(sibling.lfs, Mapping) else {}
    sha256 = lfs.get("sha256")
    size = lfs.get("size", sibling.size)
    if not isinstance(size, int) or not is_file_size(size) or size == 0:
        return None
    if sha256 is not None and not is_sha256(sha256):
        return None
    return HubPart(path, size, None if sha256 is None else str(sha256))


def _split_groups(parts: Iterable[HubPart]) -> dict[SplitName, tuple[HubPart, ...]]:
    """Complete split models, under the name of their first part."""
    groups: dict[tuple[str, int], dict[int, HubPart]] = {}
    for part in parts:
        split = split_name(part.path)
        if split is not None and split.count <= _MAX_PARTS:
            groups.setdefault((split.stem, split.count), {})[split.number] = part
    return {
        SplitName(stem, 1, count): tuple(members[number] for number in range(1, count + 1))
        for (stem, count), members in groups.items()
        if len(members) == count
    }


def _narrowed(repo: HubRepo, wanted: HubReference, host: str) -> HubRepo:
    files = repo.files
    if wanted.file is not None:
        stem = model_stem(wanted.file)
        named = [file for file in files if _holds(file, wanted.file)]
        files = tuple(named or [file for file in files if model_stem(file.name) == stem])
    if wanted.quant is not None:
        files = tuple(file for file in files if quant_of(file.name) == wanted.quant)
    if files:
        return HubRepo(repo.repo, repo.commit, files, repo.endpoint, repo.revision)
    what = wanted.file or f"{wanted.repo}:{wanted.quant}"
    raise HubNotFoundError(host=host, what=what)


def _holds(file: HubFile, path: str) -> bool:
    return file.name == path or any(part.path == path for part in file.parts)
