from shnor_lib.inputs.checks.declared import RELATIONS
from shnor_lib.inputs.faults import checks_in_words


def test_every_relation_is_used_by_a_row():
    faults = [fault for one in checks_in_words().values() for fault in one.faults.values()]
    assert {fault.relation for fault in faults} - {None} == set(RELATIONS)
