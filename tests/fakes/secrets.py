"""A keyring in memory, whose faults are set from outside."""

from assistant.domain.errors import HearthError


class MemorySecrets:
    """A SecretStore. `fault` is raised by every call while it is set."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}
        self.fault: HearthError | None = None
        self.forgets_at_once = False
        self.calls: list[str] = []

    async def backend(self) -> str:
        self._meet("backend")
        return "tests.MemorySecrets"

    async def get(self, name: str) -> str | None:
        self._meet("get")
        return self.entries.get(name)

    async def set(self, name: str, secret: str) -> None:
        self._meet("set")
        if not self.forgets_at_once:
            self.entries[name] = secret

    async def delete(self, name: str) -> None:
        self._meet("delete")
        self.entries.pop(name, None)

    def _meet(self, call: str) -> None:
        self.calls.append(call)
        if self.fault is not None:
            raise self.fault
