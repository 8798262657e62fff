"""What pyproject.toml cannot say: a wheel carries the notebooks, methods and scenarios that lie beside the package."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHIPPED = ("notebooks/*.ipynb", "params/methods/*.yml", "params/scenarios/*.yml")


class WithShipped(build_py):
    """Puts the files that ship into ``shnor_lib/shipped/`` of the wheel; the repository holds them once."""

    def run(self):
        super().run()
        if self.editable_mode:
            return
        for pattern in SHIPPED:
            for path in sorted(Path().glob(pattern)):
                target = Path(self.build_lib, "shnor_lib", "shipped", path)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)


setup(cmdclass={"build_py": WithShipped})
