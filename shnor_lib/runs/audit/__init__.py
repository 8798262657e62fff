"""The attacker: what can be computed back from the published tables of an office by anybody who has them all.

It knows nothing of the mask. It reads the public tables of every year (``reading``), says what each number is a count of
(``quantities.yml``, ``words``), writes down how the counts hang together (``system``) and asks a solver how far each hidden or small
count can be told (``solving``). The answer is one of three: nothing can be told, these can, or time did not suffice.
"""

from shnor_lib.runs.audit.answer import Audited, audit, audit_published

__all__ = ["Audited", "audit", "audit_published"]
