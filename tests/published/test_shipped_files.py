"""What ships of the five documents: every file accounted for, no person named, nothing the checks call an error."""

import pytest

from shnor_lib.inputs.checks import check_inputs
from shnor_lib.params.persons import MASK, mask_person

OFFICES = {"lesosibirsk": 2020, "lesozavodsk": 2021, "kushva": 2020, "krasnokholm": 2021, "iskitim": 2021}


@pytest.fixture(params=OFFICES)
def office(request):
    return request.getfixturevalue(request.param)


def test_every_file_names_its_document_and_place(office):
    sources = office.inputs.sources
    assert (sources["kind"] == "published").all()
    assert sources[["document", "place"]].notna().all(axis=None)


def test_no_person_is_named(office):
    for rows in office.inputs.tables.values():
        for column in rows.select_dtypes("string"):
            texts = rows[column].dropna()
            assert [text for text in texts if MASK in text or mask_person(text) != text] == []


def test_nothing_is_an_error(office):
    problems = check_inputs(office.inputs, int(office.inputs.sources["year"].max()))
    assert problems.loc[problems["severity"] == "error", ["file", "cell", "problem"]].values.tolist() == []
