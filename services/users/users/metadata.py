"""The metadata that the tables of all modules share, because they reference each other."""

import sqlalchemy as sa

metadata = sa.MetaData()
