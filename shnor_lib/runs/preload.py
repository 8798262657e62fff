"""What a warm process loads before its first report: imports, fonts, styles and lazy parts that a first use would pay for."""

from io import BytesIO


def warm_up() -> None:
    """Import what notebooks import, then draw one figure and style one table so that their caches are filled."""
    import debugpy.server.api  # noqa: F401  ipykernel's shell asks for it
    import nbconvert.exporters.html  # noqa: F401
    import pandas as pd
    import papermill.execute  # noqa: F401
    import scipy.stats  # noqa: F401
    import seaborn as sns
    from matplotlib.figure import Figure

    import shnor_lib.runs.shell  # noqa: F401

    sample = pd.DataFrame({"школа": ["№ 1", "№ 2"], "доля": [0.25, 0.5]})
    figure = Figure()  # not pyplot's: pyplot chooses its backend at the first figure, and that must happen in the notebook's shell
    sns.barplot(sample, x="доля", y="школа", ax=figure.subplots())
    figure.savefig(BytesIO(), format="png", bbox_inches="tight")
    sample.style.format(precision=2).background_gradient(subset="доля").to_html()
