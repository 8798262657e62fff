"""Small fictional workspaces for the tests of runs: two offices of three schools, and notebooks that take no time."""

import shutil
from pathlib import Path

from nbformat import v4, write

REPOSITORY = Path(__file__).parents[2]
METHOD = "fioko-2021"
PROFILE = """\
title: Округ {municipality}
region: Вымышленная область
document: Вымышленный документ
method: fioko-2021
years: {years}
fictional: true
"""
SOURCES = "kind: demonstration\ndocument: Вымышленные данные\n"
SCHOOLS = """\
school_id,name,short_name,kind,locality,pupils,classes
s01,Школа № 1,СОШ № 1,СОШ,urban,500,20
s02,Школа № 2,СОШ № 2,СОШ,urban,400,16
s03,Школа № 3,ООШ № 3,ООШ,rural,90,9
"""
EXAM_RESULTS = """\
school_id,exam,subject,grade,participants,mark_2,mark_3,mark_4,mark_5
s01,OGE,maths,9,50,4,20,20,6
s02,OGE,maths,9,40,2,18,15,5
s03,OGE,maths,9,10,5,3,2,0
"""
PARAMETERS = 'municipality: str = "demo"\nyear: int = 2021\naudience: str = "internal"'
OPEN = (
    "import pandas as pd\n"
    "from shnor_lib.office.assemble import open_office\n"
    "from shnor_lib.pages.furniture import Title\n"
    "from shnor_lib.pages.tables import Column, Table\n"
    "office = open_office(municipality, year, audience=audience)\n"
    "Title('{title}', office.profile.title, year, '{title}?', fictional=True, audience=audience)"
)


def make_workspace(folder: Path, offices: dict[str, list[int]]) -> Path:
    """A workspace with the named offices and years, each with schools and exam results."""
    (folder / "params" / "methods").mkdir(parents=True)
    shutil.copy(REPOSITORY / "params" / "methods" / f"{METHOD}.yml", folder / "params" / "methods")
    for municipality, years in offices.items():
        profile = PROFILE.format(municipality=municipality, years=years)
        (folder / "params" / f"{municipality}.yml").write_text(profile, encoding="utf-8")
        for year in years:
            raw = folder / "data" / "raw" / municipality / str(year)
            raw.mkdir(parents=True)
            for name, text in (
                ("SOURCES.yml", SOURCES),
                ("schools.csv", SCHOOLS),
                ("exam_results.csv", EXAM_RESULTS),
            ):
                (raw / name).write_text(text, encoding="utf-8")
    return folder


def write_notebook(folder: Path, report: str, *cells: str, parameters: str = PARAMETERS) -> None:
    """A notebook of a workspace: it opens the office, shows a title, then the cells given."""
    notebook = v4.new_notebook(
        cells=[
            v4.new_markdown_cell(f"# Отчёт {report}\n\nОтвечает ли {report}?", id="title"),
            v4.new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}),
            v4.new_code_cell(OPEN.format(title=f"Отчёт {report}"), id="open"),
            *(v4.new_code_cell(source, id=f"cell{number}") for number, source in enumerate(cells)),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    (folder / "notebooks").mkdir(exist_ok=True)
    write(notebook, folder / "notebooks" / f"{report}.ipynb")


def show_schools(name: str) -> str:
    """Source of a cell that shows a table of the schools under a name."""
    return f"Table(office.schools, '{name}', 'Школы', {{'short_name': 'Школа', 'pupils': Column('Дети', 'count')}})"


def pages(workspace: Path) -> dict[str, bytes]:
    """Content of every HTML page of a workspace, by its path."""
    return {
        path.relative_to(workspace).as_posix(): path.read_bytes()
        for path in sorted((workspace / "reports").rglob("*.html"))
    }


def unfinished(workspace: Path) -> list[Path]:
    """Files that something left half-written."""
    return list(workspace.rglob(".shnor-*"))
