"""Every version of every released message has an example here, which must always load.

An example is written once, when its topic is new, and is never edited afterwards.
"""

import json
from pathlib import Path

import pytest

import shared.contracts
from shared import messages

EXAMPLES = Path(__file__).parent / "examples"
TOPICS = sorted(path.stem for path in EXAMPLES.glob("*.json"))


def example(topic):
    return json.loads((EXAMPLES / f"{topic}.json").read_text())


def test_ec_03_every_message_has_a_frozen_example_and_every_example_a_message():
    ours = [found.topic for found in messages.message_types() if found.__module__.startswith("shared.contracts.")]
    assert ours == TOPICS  # other tests declare messages of their own
    assert shared.contracts.__all__ == sorted({messages.owner(topic) for topic in TOPICS})


@pytest.mark.parametrize("topic", TOPICS)
def test_ec_03_a_released_message_still_loads_with_the_same_content(topic):
    loaded = messages.load(topic, example(topic))
    assert messages.dump(loaded).items() >= example(topic).items()


@pytest.mark.parametrize("topic", TOPICS)
def test_ec_05_an_unknown_field_is_ignored(topic):
    assert messages.load(topic, {**example(topic), "unknown_field": 1}) == messages.load(topic, example(topic))


@pytest.mark.parametrize("topic", TOPICS)
def test_ec_08_no_message_carries_personal_data(topic):
    personal = {"email", "phone", "contact", "address", "street", "password", "person", "buyer_name"}
    assert not personal & set(_names(example(topic)))


def _names(value):
    if isinstance(value, dict):
        return [name for key, inner in value.items() for name in (key, *_names(inner))]
    return [name for inner in value for name in _names(inner)] if isinstance(value, list) else []
