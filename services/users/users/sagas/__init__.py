"""The sagas of users, one file each: a list of steps. A use case starts a saga by its name."""

from users.sagas import erasure

SAGAS = (erasure.saga,)
