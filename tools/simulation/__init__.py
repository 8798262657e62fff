"""Made-up offices: a seeded generator of complete, consistent and realistic input tables.

Nothing here describes a real school. The generator writes the shipped ``demo`` office (``python -m
tools.simulation``), gives tests any number of offices (:func:`simulate_office`) and benchmarks a whole country
(:func:`simulate_region`).

How it works: a school has a social context, teachers, an effect of its own and a trend (``schools``); these decide
where its results stand, and pupils' scores are drawn around that (``results``) under the rules of each year
(``procedures``); families, staff and resources follow from the same qualities (``conditions``); the programme
supports the weakest schools (``programme``). All random streams are named (``drawing``): the same seed gives the same
tables, whatever else is asked for.

Levels, set by hand after the project's notes on the field (``real``: computed from one real region; ``assumed``: ours):

=====================================================  ==========================  ========
quantity                                               level                       basis
=====================================================  ==========================  ========
mark «2» on ВПР 2021                                   3 % (maths 4) – 22 %        real
                                                       (russian 8)
the same in autumn 2020                                8 % – 33 %                  real
marks lowered against the journal, grades 5–6, 2021    33–38 %                     real
spread of pupils inside a school, % of greatest score  13–20                       real
spread of school means, % of greatest score            7–9.5                       real
correlation of school means between procedures         about 0.5                   real
Spearman with the journal inside a school              0.66 ± 0.13                 real
schools with fewer than 10 participants                20–27 %                     real
schools of a municipality                              median 7, 1–100             real
absent from ВПР                                        9 %                         real
ЕГЭ certificate minima                                 russian 24, maths 27, …     found
ЕГЭ means                                              50 (biology) – 70 (english) assumed
mark «2» on ОГЭ                                        2–10 %                      assumed
leavers of grade 9 going on to grade 10                72 %                        assumed
families with low income; large                        22 %; 17 %                  assumed
highest and first category of pedagogues               26 %; 31 %                  assumed
satisfied with the school                              40–95 %                     assumed
=====================================================  ==========================  ========
"""

from tools.simulation.demo import (
    PLANTED_DIRT,
    demo_cast,
    demo_office,
    neighbour_office,
    write_demo,
    write_neighbour,
)
from tools.simulation.frames import Office, stack_years
from tools.simulation.office import municipality_sizes, simulate_office, simulate_region
from tools.simulation.procedures import SIMULATED_YEARS
from tools.simulation.schools import draw_schools

__all__ = [
    "PLANTED_DIRT",
    "SIMULATED_YEARS",
    "Office",
    "demo_cast",
    "demo_office",
    "draw_schools",
    "municipality_sizes",
    "neighbour_office",
    "simulate_office",
    "simulate_region",
    "stack_years",
    "write_demo",
    "write_neighbour",
]
