import pytest

from shnor_lib.inputs.sources.registry import registry_of


def registry(*rows: tuple[str, str, str | None]):
    columns = dict(zip(("school_id", "short_name", "aliases"), zip(*rows, strict=True), strict=False))
    return registry_of(
        dict.fromkeys(("school_id", "short_name", "aliases"), ())
        | columns
        | {"level": ["school"] * len(rows), "name": [None] * len(rows)}
    )


def resolved(found, *codes: str):
    ids, unknown = found.resolve(codes)
    return [(school, place in unknown) for place, school in enumerate(ids)]


def test_every_alias_leads_to_its_school_whatever_the_case():
    known = registry(("01", "СОШ № 1", "edu200001; 2454001234"), ("02", "СОШ № 2", None))
    assert resolved(known, "01", "EDU200001", "2454001234", "02") == [("01", False)] * 3 + [("02", False)]


def test_unknown_codes_stay_and_get_a_hint():
    known = registry(("007012", "СОШ № 1", "edu200001"), ("02", "Курская школа", None))
    assert resolved(known, "7013", "7012") == [("7013", True), ("007012", False)]
    assert known.hint("7013").startswith("ближайшие: 007012 (СОШ № 1)")
    assert known.hint("курская шкала") == "ближайшие: 02 (Курская школа)"
    assert known.hint("zzz") == "в реестре: 007012, 02"


def test_a_code_of_two_schools_leads_to_none():
    known = registry(("01", "СОШ № 1", "x"), ("02", "СОШ № 2", "x"), ("03", "СОШ № 3", "01"))
    assert resolved(known, "x", "01", "02") == [("x", True), ("01", True), ("02", False)]
    assert known.hint("x") == "код принадлежит нескольким школам: 01, 02"


@pytest.mark.parametrize(
    "written",
    [
        "МБОУ «СОШ №1»",
        "МБОУ СОШ N 1",
        "мбоу средняя школа № 01",
        "СШ № 1",
        "МБOУ COШ № 1",
        "Муниципальное бюджетное общеобразовательное учреждение средняя общеобразовательная школа № 1",
        "СОШ № 1 им. А. С. Пушкина",
        "0edu200001",
        "еdu200001",
    ],
)
def test_a_school_is_known_as_offices_write_it(written):
    known = registry(("01", "СОШ № 1", "edu200001"), ("02", "Берёзовская ООШ", None), ("03", "Лицей № 1", None))
    assert known.find(written) == "01"
    assert known.find("Березовская основная общеобразовательная школа") == "02"
    assert known.find("СОШ № 1 им. А. С. Пушкина, филиал") is None


def test_a_spelling_of_two_schools_means_neither():
    known = registry(
        ("01", "СОШ № 1 имени Гоголя", None), ("02", "СОШ № 1 имени Пушкина", None), ("010", "СОШ № 3", None)
    )
    assert resolved(known, "СОШ №1", "школа 3", "СОШ №1 им. А.С. Пушкина") == [
        ("СОШ №1", True),
        ("школа 3", True),
        ("02", False),
    ]
    assert "СОШ № 3" in known.hint("школа 3") and "латинские C" in known.hint("Cредняя школа 9")
    assert known.find("10") == "010" and registry(("1", "А", None), ("01", "Б", None)).find("001") is None


def test_a_missing_code_is_not_unknown():
    known = registry(("01", "СОШ № 1", None))
    assert known.resolve([None]) == ([None], [])


def test_an_empty_register_knows_nobody():
    assert resolved(registry(), "01") == [("01", True)]
