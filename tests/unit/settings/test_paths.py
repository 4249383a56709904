import stat
from pathlib import Path

from assistant.settings.paths import DataPaths, default_data_dir


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_environment_moves_everything(tmp_path: Path) -> None:
    root = default_data_dir({"HEARTH_DATA_DIR": str(tmp_path / "elsewhere")})
    paths = DataPaths(root)
    places = [
        paths.database,
        paths.key_file,
        paths.backups,
        paths.models,
        paths.downloads,
        paths.settings,
        paths.logs,
        paths.lock,
    ]
    assert root == tmp_path / "elsewhere"
    assert all(place.is_relative_to(root) for place in places)
    assert len(set(places)) == len(places)


def test_a_relative_folder_becomes_absolute() -> None:
    assert default_data_dir({"HEARTH_DATA_DIR": "here"}) == Path("here").absolute()


def test_without_the_variable_the_platform_decides() -> None:
    assert default_data_dir({}).name == "hearth"


def test_a_new_folder_is_private(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path / "a" / "b")
    paths.prepare()
    assert mode(paths.root) == 0o700


def test_an_open_folder_of_ours_becomes_private(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path / "data")
    paths.root.mkdir(mode=0o755)
    paths.settings.write_text("{}")
    paths.prepare()
    assert mode(paths.root) == 0o700


def test_a_folder_with_other_peoples_files_keeps_its_mode(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path / "shared")
    paths.root.mkdir()
    paths.root.chmod(0o755)
    (paths.root / "letter.txt").write_text("not ours")
    paths.prepare()
    assert mode(paths.root) == 0o755
