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
    assert resolved(known, "7012") == [("7012", True)]
    assert known.hint("7012").startswith("ближайшие: 007012 (СОШ № 1)")
    assert known.hint("курская шкала") == "ближайшие: 02 (Курская школа)"
    assert known.hint("zzz") == "в реестре: 007012, 02"


def test_a_code_of_two_schools_leads_to_none():
    known = registry(("01", "СОШ № 1", "x"), ("02", "СОШ № 2", "x"), ("03", "СОШ № 3", "01"))
    assert resolved(known, "x", "01", "02") == [("x", True), ("01", True), ("02", False)]
    assert known.hint("x") == "код принадлежит нескольким школам: 01, 02"


def test_a_missing_code_is_not_unknown():
    known = registry(("01", "СОШ № 1", None))
    assert known.resolve([None]) == ([None], [])


def test_an_empty_register_knows_nobody():
    assert resolved(registry(), "01") == [("01", True)]
