"""Views of erasures."""

from shared.contracts.users import views
from users.erasure.model import Erasure


def erasure(shown: Erasure) -> views.Erasure:
    """The state of an erasure, with the open matters it waits for."""
    return views.Erasure(
        state=views.ErasureState(shown.state),
        open=tuple(views.OpenMatter(kind=views.OpenMatterKind(each.kind), id=each.id) for each in shown.open),
        requested_at=shown.requested_at,
        checked_at=shown.checked_at,
        next_check_at=shown.next_check_at,
        erased_at=shown.erased_at,
    )
