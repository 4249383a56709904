"""Where icons and translations lie: beside the sources, or in the installed package."""

from pathlib import Path

import assistant


def resource_folder() -> Path:
    """The folder `resources`, as the wheel and the bundle carry it, or as the sources do."""
    package = Path(assistant.__file__).parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"
