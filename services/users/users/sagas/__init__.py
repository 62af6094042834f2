"""The business processes of users, one file each: a list of steps. A use case starts one by its name."""

from users.sagas import erasure

SAGAS = (erasure.saga,)
