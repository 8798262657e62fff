"""What a warm process loads before its first report: libraries, fonts, templates, and what a first use would load."""

from importlib import import_module
from io import BytesIO
from pkgutil import iter_modules

NOTEBOOK_LIBRARIES = (
    "SALib.analyze.sobol",
    "SALib.sample.sobol",
    "scipy.stats",
    "shnor_lib.office.assemble",
    "shnor_lib.runs.shell",
    "debugpy.server.api",  # a kernel and its shell load the rest when they are made
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
)


def warm_up() -> None:
    """Import what notebooks import, then draw, write and prepare a little of everything so that caches are filled."""
    import papermill
    import seaborn as sns
    from nbformat.v4 import new_code_cell, new_notebook
    from pandas import DataFrame

    import shnor_lib.pages
    from shnor_lib.inputs.dictionary import table, table_names
    from shnor_lib.office.fingerprint import library_digest
    from shnor_lib.pages.export.html import exporter
    from shnor_lib.pages.figures import image_url, new_drawing
    from shnor_lib.pages.tables import Column, Table
    from shnor_lib.params.reading import risk_catalogue
    from shnor_lib.params.recommendations import recommendation_catalogue

    for name in NOTEBOOK_LIBRARIES:
        import_module(name)
    for module in iter_modules(shnor_lib.pages.__path__, "shnor_lib.pages."):
        import_module(module.name)

    sample = DataFrame({"school": ["№ 1", "№ 2"], "quality_rate": [0.25, 0.5]})
    # Not pyplot's figure: pyplot chooses its backend at the first one, and that must happen in the notebook's shell.
    drawing, axes = new_drawing()
    sns.barplot(sample, x="quality_rate", y="school", ax=axes)
    drawing.savefig(BytesIO(), format="png", bbox_inches="tight")
    image_url(drawing)
    columns: dict[str, Column | str] = {"school": "Школа", "quality_rate": Column("Качество", "percent")}
    Table(sample, "sample", "Образец", columns).html()
    sample.style.format(precision=2).background_gradient(subset="quality_rate").to_html()

    parameters = new_code_cell("year: int = 2021", metadata={"tags": ["parameters"]})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=[parameters], metadata={"kernelspec": kernel})
    papermill.execute_notebook(notebook, None, {"year": 2021}, prepare_only=True)
    exporter()
    risk_catalogue(), recommendation_catalogue(), [table(name) for name in table_names()]
    library_digest()  # of the code that is loaded now, whatever is edited while it runs
