"""Support of schools: the plan's measures, partners, exchange of experience, addressed recommendations, risks of the programme."""
