"""What a warm process loads before its first report: imports, fonts, styles and lazy parts that a first use would pay for."""


def warm_up() -> None:
    """Import what notebooks import, then draw one figure and style one table so that their caches are filled."""
    import debugpy.server.api  # noqa: F401  ipykernel's shell asks for it
    import matplotlib.pyplot as plt
    import nbconvert.exporters.html  # noqa: F401
    import papermill.execute  # noqa: F401
    import pandas as pd
    import scipy.stats  # noqa: F401
    import seaborn as sns
    from matplotlib_inline import backend_inline

    import shnor_lib.runs.shell  # noqa: F401

    sample = pd.DataFrame({"школа": ["№ 1", "№ 2"], "доля": [0.25, 0.5]})
    axes = sns.barplot(sample, x="доля", y="школа")
    axes.figure.savefig(_Nowhere(), format="png", bbox_inches="tight")
    plt.close("all")
    backend_inline.show._to_draw = []
    backend_inline.show._draw_called = False
    sample.style.format(precision=2).background_gradient(subset="доля").to_html()


class _Nowhere:
    """A file that keeps nothing."""

    def write(self, data):
        return len(data)

    def flush(self):
        pass
