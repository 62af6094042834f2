"""The one schema that the tables of all modules belong to, since they refer to each other."""

import sqlalchemy as sa

metadata = sa.MetaData()
