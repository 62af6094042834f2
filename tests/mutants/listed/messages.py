"""Guards of messages to users."""

from tests.mutants.mutant import Mutant

RULES = "services/users/tests/unit/test_messages.py::"
MESSAGES = "services/users/tests/integration/test_messages.py::"
BATCHES = "services/users/tests/integration/test_message_batches.py::"
SMTP = "services/users/tests/contract/test_smtp.py::"
CALLS = "shared/tests/integration/test_provider_calls.py::"
SETTLING = "shared/tests/integration/test_settling_provider_calls.py::"
FOLDER = "services/users/users/messages/"

MESSAGES_TO_PEOPLE = [
    Mutant(
        name="message: a repeated command is mailed again",
        file=FOLDER + "use_cases/sending.py",
        guard="for message_id in written if message_id in new]",
        instead="for message_id in written]",
        killed_by=(MESSAGES + "test_the_same_command_twice_is_one_message_and_one_mail",),
    ),
    Mutant(
        name="consent: offers are mailed without consent",
        file=FOLDER + "model.py",
        guard="if preference.marketing_mail else None",
        instead="if purpose else None",
        killed_by=(MESSAGES + "test_an_offer_is_mailed_only_with_consent",),
    ),
    Mutant(
        name="consent: a withdrawal before the sending does not count",
        file=FOLDER + "use_cases/mailing.py",
        guard="    if due is None:\n        _settle_unsent(work, call, MailReason.NO_CONSENT)\n    elif due >",
        instead="    due = due or work.now\n    if due >",
        killed_by=(MESSAGES + "test_an_offer_whose_consent_is_withdrawn_in_quiet_hours_is_not_mailed",),
    ),
    Mutant(
        name="quiet hours: they are ignored when a mail is retried",
        file=FOLDER + "use_cases/mailing.py",
        guard="        work.calls.postpone(call, due)\n    return due is not None and due <= work.now\n",
        instead="        return True\n    return due is not None\n",
        killed_by=(MESSAGES + "test_an_offer_that_failed_in_the_evening_is_retried_in_the_morning",),
    ),
    Mutant(
        name="mail: a mail that was made twice is settled twice",
        file=FOLDER + "use_cases/mailing.py",
        guard="if message is None or message.mail_state is not MailState.WAITING:",
        instead="if message is None or message.mail_state is MailState.SUPPRESSED:",
        killed_by=(MESSAGES + "test_a_mail_that_is_settled_twice_keeps_its_first_outcome",),
    ),
    Mutant(
        name="mail: a late answer records a refused mail as sent",
        file=FOLDER + "store.py",
        guard="_WAITING = _GIVEN & (message.c.mail_state == MailState.WAITING)",
        instead="_WAITING = _GIVEN",
        killed_by=(MESSAGES + "test_a_mail_that_was_refused_is_not_recorded_as_sent_by_a_late_answer",),
    ),
    Mutant(
        name="mail: the calls of a batch have the trace of its last command",
        file=FOLDER + "use_cases/sending.py",
        guard="with following(draft.trace) if draft.trace else nullcontext():",
        instead="with following(drafts[-1].trace) if drafts[-1].trace else nullcontext():",
        killed_by=(BATCHES + "test_each_command_of_a_batch_keeps_the_trace_of_its_request",),
    ),
    Mutant(
        name="mail: one whose data was begun is sent again at once",
        file=FOLDER + "connections.py",
        guard="                if kept.data_begun:\n                    raise\n",
        instead="",
        killed_by=(SMTP + "test_a_mail_whose_data_was_begun_is_not_sent_again_at_once",),
    ),
    Mutant(
        name="headers: a subject may have several lines",
        file=FOLDER + "smtp.py",
        guard='if "".join(mail.subject.splitlines()) != mail.subject:',
        instead="if not mail.subject:",
        killed_by=(SMTP + "test_line_breaks_cannot_inject_a_header",),
    ),
    Mutant(
        name="headers: an address may have several lines",
        file=FOLDER + "smtp.py",
        guard="if not (mail.to.isascii() and mail.to.isprintable()):",
        instead="if not mail.to:",
        killed_by=(SMTP + "test_line_breaks_cannot_inject_a_header",),
    ),
    Mutant(
        name="mail: a permanent refusal is retried without limit",
        file=FOLDER + "smtp.py",
        guard="final = code in PERMANENT and code not in CREDENTIAL_ERRORS",
        instead="final = code in CREDENTIAL_ERRORS",
        killed_by=(MESSAGES + "test_a_permanently_refused_mail_has_failed_and_is_not_retried",),
    ),
    Mutant(
        name="headers: a parameter may have several lines",
        file=FOLDER + "templates.py",
        guard="text.line(value) == value",
        instead="text.note(value) == value",
        killed_by=(RULES + "test_parameters_must_match_the_template_and_be_single_lines",),
    ),
    Mutant(
        name="calls: one that cannot be prepared blocks the others",
        file="shared/shared/provider_calls/worker.py",
        guard="        except SQLAlchemyError:  # the claiming transaction has failed\n",
        instead="        except Exception:\n",
        killed_by=(CALLS + "test_a_call_that_cannot_be_prepared_does_not_block_others",),
    ),
    Mutant(
        name="calls: one that cannot be settled keeps the others from it",
        file="shared/shared/provider_calls/settling.py",
        guard="            return False\n        return True\n",
        instead="        return True\n",
        killed_by=(SETTLING + "test_a_call_that_cannot_be_settled_stays_leased_and_the_others_are_settled",),
    ),
    Mutant(
        name="calls: they lock their objects in the order in which they end",
        file="shared/shared/provider_calls/settling.py",
        guard="sorted(many, key=_place)",
        instead="many",
        killed_by=(SETTLING + "test_calls_are_settled_in_the_order_of_their_objects",),
    ),
    Mutant(
        name="calls: they are settled in the trace of the first of them",
        file="shared/shared/provider_calls/settling.py",
        guard="following(made.trace)",
        instead="following(many[0].trace)",
        killed_by=(SETTLING + "test_each_call_is_settled_in_its_own_trace",),
    ),
    Mutant(
        name="calls: in an outage each waits for the database after the other",
        file="shared/shared/provider_calls/settling.py",
        guard="if db_failures.is_outage(failure):",
        instead="if failure is None:",
        killed_by=(SETTLING + "test_in_an_outage_no_call_waits_for_the_database_after_another",),
    ),
    Mutant(
        name="erasure: messages are written to erased accounts",
        file=FOLDER + "use_cases/sending.py",
        guard="if account is None or account.is_erased:",
        instead="if account is None:",
        killed_by=(MESSAGES + "test_no_message_is_stored_for_an_erased_user",),
    ),
    Mutant(
        name="urgent calls: they wait behind all others",
        file="shared/shared/provider_calls/store.py",
        guard='DUE.format(which="urgent", most=":many")',
        instead='DUE.format(which="false", most=":many")',
        killed_by=(CALLS + "test_urgent_calls_are_claimed_first_however_long_the_others_wait",),
    ),
]
