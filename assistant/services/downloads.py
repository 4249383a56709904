"""Downloads: looks repositories up, queues files, pauses, resumes, and survives a restart."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from assistant.domain.errors import (
    ChecksumError,
    DownloadNotFoundError,
    HearthError,
    HubAuthError,
    HubGatedError,
    HubNotFoundError,
    SizeMismatchError,
)
from assistant.domain.events import DownloadChanged, Event, ModelsChanged
from assistant.domain.llm import Download, DownloadState, HubFile, HubRepo
from assistant.hub.catalogue import HubCatalogue
from assistant.hub.disk import FreeSpace, check_room, disk_error, free_bytes
from assistant.hub.partial import sweep
from assistant.hub.records import DownloadRecord, delete_record, read_records, save_record
from assistant.hub.transfer import Transfer
from assistant.services.speed import SpeedMeter

PARALLEL: Final = 2
_ACTIVE: Final = frozenset({DownloadState.QUEUED, DownloadState.RUNNING, DownloadState.VERIFYING})
_FINAL: Final = (
    ChecksumError,
    HubAuthError,
    HubGatedError,
    HubNotFoundError,
    SizeMismatchError,
)
"""Errors that waiting does not heal: the user has to do something first."""


@dataclass(slots=True)
class _Job:
    """One download of this session."""

    record: DownloadRecord
    speed: SpeedMeter
    received: list[int]
    state: DownloadState = DownloadState.PAUSED
    error: HearthError | None = None
    bytes_per_second: float = 0.0
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def left_bytes(self) -> int:
        return self.record.size_bytes - sum(self.received)

    def shown(self) -> Download:
        return Download(
            id=self.record.id,
            repo=self.record.repo,
            file=self.record.file,
            state=self.state,
            total_bytes=self.record.size_bytes,
            received_bytes=sum(self.received),
            bytes_per_second=self.bytes_per_second,
            error_code=self.error.code if self.error else "",
            error_params=tuple(self.error.params.items()) if self.error else (),
        )


class DownloadService:
    """The queue of downloads. All calls come from one asyncio thread."""

    def __init__(
        self,
        catalogue: HubCatalogue,
        transfer: Transfer,
        folder: Path,
        publish: Callable[[Event], None],
        *,
        parallel: int = PARALLEL,
        clock: Callable[[], float] = time.monotonic,
        free: FreeSpace = free_bytes,
    ) -> None:
        self._catalogue = catalogue
        self._transfer = transfer
        self._folder = folder
        self._publish = publish
        self._slots = asyncio.Semaphore(parallel)
        self._clock = clock
        self._free = free
        self._jobs: dict[str, _Job] = {}
        self._starting = asyncio.Lock()

    async def look_up(self, text: str) -> HubRepo:
        """Find a repository by its name or address, with its GGUF files.

        Raises:
            HearthError: the text names none, or the Hub refuses or can't be reached.

        """
        return await self._catalogue.look_up(text)

    def downloads(self) -> list[Download]:
        """Every download of this session and those left from before, oldest first."""
        return [job.shown() for job in self._jobs.values()]

    async def start(self, repo: HubRepo, file: HubFile) -> Download:
        """Queue a file. One that is under way already, or paused, goes on.

        Raises:
            DiskFullError: there is no room for it; nothing was begun.
            HearthError: the disk can't be written.

        """
        record = DownloadRecord.of(repo, file)
        async with self._starting:  # a double click is one download
            job = self._jobs.get(record.id)
            if job is not None and job.state in _ACTIVE:
                return job.shown()
            job = self._new_job(record)
            await asyncio.to_thread(self._check_room, job)
            with self._disk_errors(record.size_bytes):
                await asyncio.to_thread(save_record, self._folder, record)
            self._jobs[record.id] = job
            self._begin(job)
        return job.shown()

    async def pause(self, download_id: str) -> None:
        """Stop a download; what arrived is kept. Does nothing to one that is not under way.

        Raises:
            DownloadNotFoundError: there is no such download.

        """
        job = self._job(download_id)
        if job.state in _ACTIVE:
            await self._stop(job, DownloadState.PAUSED)

    async def resume(self, download_id: str) -> None:
        """Go on with a download that is paused or failed.

        Raises:
            DownloadNotFoundError: there is no such download.

        """
        job = self._job(download_id)
        if job.state in {DownloadState.PAUSED, DownloadState.FAILED}:
            self._begin(job)

    async def cancel(self, download_id: str) -> None:
        """Stop a download and delete what arrived of it. One that is done stays as it is.

        Raises:
            DownloadNotFoundError: there is no such download.
            DiskWriteError: its files can't be deleted; it is still in the list.

        """
        job = self._job(download_id)
        if job.state is DownloadState.DONE:
            return
        await self._stop(job, DownloadState.PAUSED)
        with self._disk_errors(job.record.size_bytes):
            await self._delete(job)
        self._jobs.pop(download_id, None)
        job.state = DownloadState.CANCELLED
        self._tell(job)

    async def _delete(self, job: _Job) -> None:
        here = [wanted for wanted in job.record.files if self._transfer.is_here(wanted)]
        if len(here) < len(job.record.files):  # else the model is whole: it stays installed
            for wanted in here:
                await self._transfer.take_back(wanted)
        for wanted in job.record.files:
            await self._transfer.forget(wanted)
        await asyncio.to_thread(delete_record, self._folder, job.record)

    async def restore(self) -> None:
        """Find what an earlier run left unfinished, and show it as paused. Starts nothing.

        Raises:
            DiskWriteError: the folder of partial files can't be read or tidied.

        """
        with self._disk_errors(0):
            records = await asyncio.to_thread(self._left_over)
        for record in records:
            if record.id in self._jobs:
                continue
            job = self._jobs[record.id] = self._new_job(record)
            if any(self._transfer.has_evidence(wanted) for wanted in record.files):
                job.state = DownloadState.FAILED
                job.error = ChecksumError(name=record.file, host=record.files[0].host)
            self._tell(job)

    async def close(self) -> None:
        """Pause everything; what arrived is kept for the next start."""
        for job in list(self._jobs.values()):
            if job.state in _ACTIVE:
                await self._stop(job, DownloadState.PAUSED)

    # --- one job ----------------------------------------------------------------------------

    def _job(self, download_id: str) -> _Job:
        job = self._jobs.get(download_id)
        if job is None:
            raise DownloadNotFoundError(download=download_id)
        return job

    def _new_job(self, record: DownloadRecord) -> _Job:
        received = [self._transfer.size_here(wanted) for wanted in record.files]
        return _Job(record, SpeedMeter(self._clock), received)

    def _left_over(self) -> list[DownloadRecord]:
        records = list(read_records(self._folder))
        keys = {wanted.key for record in records for wanted in record.files}
        orphans = [
            DownloadRecord(wanted.path, "main", (wanted,)) for wanted in sweep(self._folder, keys)
        ]
        for record in orphans:
            save_record(self._folder, record)
        return records + orphans

    def _begin(self, job: _Job) -> None:
        job.state, job.error = DownloadState.QUEUED, None
        job.speed.restart()
        self._tell(job)
        job.task = asyncio.create_task(self._run(job), name=f"download {job.record.id}")
        job.task.add_done_callback(_report_bug)

    async def _stop(self, job: _Job, state: DownloadState) -> None:
        job.state, job.bytes_per_second = state, 0.0
        if job.task is not None and not job.task.done():
            job.task.cancel()
            await asyncio.wait([job.task])
        self._tell(job)

    async def _run(self, job: _Job) -> None:
        try:
            async with self._slots:
                await asyncio.to_thread(self._check_room, job)
                await self._fetch_all(job)
            with self._disk_errors(job.record.size_bytes):
                await asyncio.to_thread(delete_record, self._folder, job.record)
        except HearthError as error:
            self._end(job, error)
        except Exception:  # a bug: shown here, reported by the loop's handler
            job.state, job.bytes_per_second = DownloadState.FAILED, 0.0
            self._tell(job)
            raise
        else:
            job.state, job.bytes_per_second = DownloadState.DONE, 0.0
            self._tell(job)
            self._publish(ModelsChanged())

    async def _fetch_all(self, job: _Job) -> None:
        job.state = DownloadState.RUNNING
        self._tell(job)
        for index, wanted in enumerate(job.record.files):

            def on_progress(received: int, state: DownloadState, index: int = index) -> None:
                self._progress(job, index, received, state)

            await self._transfer.fetch(wanted, job.record.revision, on_progress)

    def _progress(self, job: _Job, index: int, received: int, state: DownloadState) -> None:
        if job.state not in _ACTIVE:
            return
        job.state, job.received[index] = state, received
        job.bytes_per_second = job.speed.add(sum(job.received))
        self._tell(job)

    def _end(self, job: _Job, error: HearthError) -> None:
        job.state = DownloadState.FAILED if isinstance(error, _FINAL) else DownloadState.PAUSED
        job.error, job.bytes_per_second = error, 0.0
        self._tell(job)

    def _check_room(self, job: _Job) -> None:
        """Room for this one besides those that are under way."""
        others = [other for other in list(self._jobs.values()) if other is not job]
        claimed = sum(other.left_bytes for other in others if other.state in _ACTIVE)
        if job.left_bytes:
            check_room(self._folder, job.left_bytes + claimed, self._free)

    @contextmanager
    def _disk_errors(self, size_bytes: int) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise disk_error(error, self._folder, size_bytes, size_bytes, self._free) from error

    def _tell(self, job: _Job) -> None:
        self._publish(DownloadChanged(job.shown()))


def _report_bug(task: asyncio.Task[None]) -> None:
    """Hand what is no `HearthError` to the loop's handler, which shows it with its stack."""
    if task.cancelled() or task.exception() is None:
        return
    context = {"message": "a download ended by a bug", "exception": task.exception()}
    task.get_loop().call_exception_handler({**context, "task": task})
