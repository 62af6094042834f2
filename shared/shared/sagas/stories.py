"""Every story that a saga can live through, as a generic test of any definition.

At each question the participant says yes, says no or is silent; at each wait the fact comes or does not; at
any moment somebody may cancel. Each story must end, and what was done before the pivot must be undone in
reverse order, exactly once each, or not at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from shared.messages import Event
from shared.sagas.conversation import Changes, Conversation
from shared.sagas.core import can_be_cancelled
from shared.sagas.definition import Ask, Await, Saga, State
from shared.sagas.instance import ENDED, Status
from shared.sagas.moves import goes_back

Choices = tuple[str, ...]


@dataclass
class Story:
    """What was chosen, and the steps that may have happened and were undone, in order."""

    talk: Conversation
    choices: Choices
    happened: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    turned_forward: bool = False

    @property
    def status(self) -> Status:
        return self.talk.now.status

    def check(self) -> None:
        """Raise AssertionError, with the choices, if the story breaks a rule."""
        if self.status is Status.UNDONE:
            assert self.undone == self.happened[::-1], f"{self.choices}: {self.happened} undone as {self.undone}"
        elif self.status is Status.DONE and not self.turned_forward:
            assert not self.undone, f"{self.choices}: done, and {self.undone} undone"
        elif self.status is Status.STUCK:
            assert self.choices[-1] == "no", f"{self.choices}: stuck without a refusal"
            assert self.talk.alarms, f"{self.choices}: stuck in silence"


def every_story(
    saga: Saga,
    state: State,
    facts: Mapping[str, Event],
    changes: Changes | None = None,
) -> Iterator[Story]:
    """Live through every story; `facts` has for each awaited step the event that ends the wait."""
    pending: list[Choices] = [()]
    while pending:
        choices = pending.pop()
        story = _live(Story(Conversation(saga, state, changes), choices), facts)
        if story.status in ENDED or story.status is Status.STUCK:
            yield story
        else:
            pending += [(*choices, choice) for choice in _possible(story)]


def _live(story: Story, facts: Mapping[str, Event]) -> Story:
    _note_locals(story)
    for choice in story.choices:
        _choose(story, choice, facts)
        _note_locals(story)
    return story


def _choose(story: Story, choice: str, facts: Mapping[str, Event]) -> None:
    talk, step, back = story.talk, str(story.talk.now.step), goes_back(story.talk.saga, story.talk.now)
    asks = isinstance(talk.saga.step(step), Ask)
    match choice:
        case "yes" | "no":
            talk.told_yes() if choice == "yes" else talk.told_no()
        case "fact":
            talk.hears(facts[step])
        case "silence":
            talk.told_nothing()
        case "cancel":
            talk.cancelled()
    forward = back and talk.now.status in (Status.RUNNING, Status.DONE)
    story.turned_forward |= forward
    _note_ask(story, step, choice, back=back) if asks and not forward else None


def _note_ask(story: Story, step: str, choice: str, *, back: bool) -> None:
    if back and choice == "yes":
        story.undone.append(step)
    elif choice == "no" and not back and step in story.happened:  # silent at first, and then refused
        story.happened.remove(step)
    elif not back and choice in ("yes", "silence", "cancel") and step not in story.happened:
        story.happened.append(step)


def _note_locals(story: Story) -> None:
    for ran in story.talk.ran:
        undo, _, step = ran.rpartition(" ")
        (story.undone if undo else story.happened).append(step)
    story.talk.ran = []


def _possible(story: Story) -> list[str]:
    now, saga = story.talk.now, story.talk.saga
    step = saga.step(str(now.step))
    wish = ["cancel"] if can_be_cancelled(saga, now) and "cancel" not in story.choices else []
    if isinstance(step, Await):
        return ["fact", *(["silence"] if step.within else []), *wish]
    refusal = ["no"] if story.talk.command and type(story.talk.command).no else []
    return ["yes", *refusal, *(["silence"] if now.asked < 2 else []), *wish]
