"""How soon a password would be guessed: by zxcvbn's lists of passwords, words, names, dates and keyboard runs."""

from collections.abc import Sequence

from zxcvbn import matching, scoring

READ = 72  # characters that are looked at: the time grows with their square, at the worst 0.1 s for these


def guesses(password: str, personal: Sequence[str]) -> int:
    """How many guesses it takes somebody who knows these words about the owner.

    zxcvbn's own function keeps the words in a table that all threads share; here each call has its own.
    """
    own = matching.build_ranked_dict([word.lower() for word in personal])
    found = matching.omnimatch(password[:READ], {**matching.RANKED_DICTIONARIES, "user_inputs": own})
    return int(scoring.most_guessable_match_sequence(password[:READ], found)["guesses"])
