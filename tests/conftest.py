"""What holds for every test: laws are judged by what they find, never by how long a case takes.

The machine may be busy with something else; a deadline would then fail a law that holds.
"""

from hypothesis import HealthCheck, settings

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
