"""A scenario chosen in a notebook, written where ``shnor compare`` and report 60 read it."""

from __future__ import annotations

from pathlib import Path

from shnor_lib.office.office import Office
from shnor_lib.params.scenarios import Change
from shnor_lib.runs.files import write_whole
from shnor_lib.whatif.exploration import chosen_scenario
from shnor_lib.workspace import WorkspaceError, check_id, safe_path


def save_scenario(
    workspace: Path,
    office: Office,
    name: str,
    title: str,
    changes: tuple[Change, ...],
    *,
    why: str = "",
    replace_existing: bool = False,
) -> Path:
    """Write ``params/scenarios/<name>.yml``.

    Raises
    ------
    WorkspaceError
        When the name is no slug, the path leaves the workspace, or the scenario exists and may not be replaced.
    ValueError
        As :func:`~shnor_lib.whatif.exploration.chosen_scenario`.
    """
    path = safe_path(workspace, "params", "scenarios", f"{check_id(name, 'Сценарий')}.yml")
    content = chosen_scenario(office, name, title, changes, why)
    if path.exists() and not replace_existing:
        raise WorkspaceError(
            f"Сценарий «{name}» уже есть: params/scenarios/{name}.yml. Выберите другое имя или разрешите замену."
        )
    write_whole(path, content.encode("utf-8"))
    return path
