"""The bugs W1 to W37 found in the original, and the tests that none of them is here.

A line that begins with ``tests/`` is a test; any other text says why the bug cannot happen.
"""

from collections.abc import Mapping
from typing import Final

_KAFKA: Final = "tests/unit/protocols/kafka"
_CONSUMER: Final = f"{_KAFKA}/test_consumer.py"
_DEADLINES: Final = "tests/unit/tracking/test_deadlines.py"
_FLIGHT_BOUND: Final = "tests/unit/engine/test_flight_bound.py"
_HOUSE: Final = "tests/architecture/test_house.py"
_INJECTOR: Final = "tests/unit/engine/test_injector.py"
_PRODUCER: Final = f"{_KAFKA}/test_producer.py"
_PROPERTIES: Final = f"{_KAFKA}/test_properties.py"
_REQUEST_REPLY: Final = f"{_KAFKA}/test_request_reply.py"
_RUNTIME: Final = f"{_KAFKA}/test_runtime.py"
_SEND: Final = f"{_KAFKA}/test_send.py"
_THREADS: Final = "tests/architecture/test_threads.py"
_TRACKER: Final = "tests/unit/tracking/test_tracker.py"
_VERDICT: Final = "tests/unit/tracking/test_verdict.py"
_REPLY_BUGS: Final = "tests/unit/tracking/test_original_bugs.py"
_RUN_BUGS: Final = "tests/integration/test_original_bugs.py"
_EXAMPLES: Final = "tests/integration/test_examples.py"
_NO_STORE: Final = (
    "There is no store but memory, which cannot fail or disagree; the stores that come must pass "
    "a test of this."
)

BUGS: Final[Mapping[str, tuple[str, ...]]] = {
    # A reply that nobody waits for is dropped without a word.
    "W1": (
        "tests/sim/test_runs.py::test_whatever_goes_wrong_every_request_ends_once_and_truly",
        f"{_TRACKER}::test_replies_that_nobody_asked_for_are_orphans_or_foreign",
        "tests/integration/test_truth.py::test_requests_that_are_dropped_doubled_and_corrupted",
    ),
    # The first user that ends stops timeouts and metrics.
    "W2": (f"{_RUN_BUGS}::test_timeouts_outlive_the_first_user",),
    # A transactional id changes nothing.
    "W3": (
        f"{_EXAMPLES}::test_transactions_are_those_of_kafka",
        "tests/integration/test_transactions.py::test_what_is_ok_is_committed",
    ),
    # A committed message is taken for a failed one.
    "W4": (f"{_EXAMPLES}::test_on_real_kafka[transactional_producers]",),
    # Checks that look at the session always pass.
    "W5": (f"{_REPLY_BUGS}::test_a_check_of_the_session_is_really_made",),
    # An id that is used again overwrites the request that waits, and ends it early.
    "W6": (
        f"{_TRACKER}::test_the_same_id_again_displaces_the_request_that_waits",
        f"{_TRACKER}::test_a_reply_older_than_its_request_is_none_of_its_own",
        f"{_RUN_BUGS}::test_a_key_that_is_used_again_ends_the_older_request",
    ),
    # Entries of Redis expire before anybody looks for timeouts.
    "W7": (_NO_STORE,),
    # Redis fails, and replies count as nobody's.
    "W8": (_NO_STORE,),
    # A store that is lost does not stop the run.
    "W9": (
        _NO_STORE,
        "tests/unit/engine/test_engine.py::test_what_cannot_be_trusted_makes_the_run_invalid",
        "tests/integration/test_bad_input.py::test_a_disk_that_fills",
    ),
    # Replies are stamped when a pool gets to them, and lost at the end.
    "W10": (
        f"{_CONSUMER}::test_everything_that_is_there_comes_in_one_batch_with_one_stamp",
        f"{_REQUEST_REPLY}::test_a_request_is_answered_and_its_user_woken_at_the_receipt",
        f"{_EXAMPLES}::test_on_the_embedded_broker[handling_in_flight_requests_at_test_end]",
    ),
    # Each rebalance goes to the end of the topic, and skips replies.
    "W11": (
        f"{_RUNTIME}::test_new_partitions_of_a_reply_topic_are_read_from_their_start",
        f"{_KAFKA}/test_group_consumer.py::test_nothing_is_lost_when_members_come_and_go",
    ),
    # A consumer counts as ready before it knows where it reads.
    "W12": (
        f"{_RUNTIME}::test_replies_that_were_there_before_the_run_are_not_read",
        f"{_CONSUMER}::test_reading_begins_at_the_positions_given",
    ),
    # The checks of the first request of a reply topic are those of all.
    "W13": (
        f"{_RUN_BUGS}::test_each_request_has_its_own_checks",
        f"{_KAFKA}/test_consume.py::test_a_topic_may_be_consumed_and_hold_replies",
    ),
    # The documented check of text fails on text.
    "W14": (f"{_EXAMPLES}::test_on_the_embedded_broker[quick_start_example]",),
    # A check of a Protobuf request is given none.
    "W15": (f"{_EXAMPLES}::test_with_a_registry[protobuf_example]",),
    # A reply without a value makes a check crash.
    "W16": (
        f"{_VERDICT}::test_a_tombstone_has_no_body",
        f"{_VERDICT}::test_no_message_makes_a_verdict_raise",
    ),
    # A user whose request failed goes on as if it had not.
    "W17": (f"{_RUN_BUGS}::test_a_failed_request_fails_its_user",),
    # A correlation id that the user gives is not the one that is waited for.
    "W18": (f"{_REQUEST_REPLY}::test_an_id_that_the_user_gives_is_used_as_it_is",),
    # Whether to wait for the ack, and for how long, is ignored.
    "W19": (
        f"{_REQUEST_REPLY}::test_a_user_that_resumes_on_send_goes_on_at_once",
        f"{_SEND}::test_a_user_that_does_not_wait_goes_on_at_acceptance",
        f"{_SEND}::test_a_send_that_is_not_confirmed_in_time_is_a_timeout",
    ),
    # The lag is always 0, and the other metrics do not exist.
    "W20": (
        f"{_EXAMPLES}::test_on_real_kafka[asserting_on_jmx_metrics]",
        "tests/integration/test_metrics.py::test_the_lag_is_what_a_slow_consumer_has_not_read",
    ),
    # Consuming ends groups that nobody entered.
    "W21": (f"{_RUN_BUGS}::test_a_consume_is_a_request_in_its_group",),
    # A failed send is told under another name, or as a success.
    "W22": (
        f"{_SEND}::test_a_send_that_is_not_delivered_fails",
        f"{_SEND}::test_an_unwatched_send_that_fails_is_ko",
    ),
    # A request that could not be sent leaves the success rate at 100 %.
    "W23": (f"{_REQUEST_REPLY}::test_a_failed_delivery_ends_the_request_on_its_own_row",),
    # PostgreSQL takes no ids but UUIDs, and its clock is another.
    "W24": (_NO_STORE,),
    # Requests that were answered stay in memory until they would have timed out.
    "W25": (
        f"{_TRACKER}::test_a_long_run_keeps_only_what_waits",
        f"{_DEADLINES}::test_husks_are_swept_where_they_outnumber_the_living",
    ),
    # A timeout lasts as long as until somebody looks.
    "W26": (
        f"{_TRACKER}::test_a_timeout_noticed_late_is_stamped_at_the_deadline_all_the_same",
        f"{_RUN_BUGS}::test_timeouts_outlive_the_first_user",
    ),
    # Calls that block share the threads of everybody else.
    "W27": (f"{_THREADS}::test_the_threads_of_a_run_are_those_of_the_table",),
    # A consume that gave up swallows the next record.
    "W28": (
        f"{_RUN_BUGS}::test_a_consume_that_gave_up_takes_no_record",
        f"{_KAFKA}/test_consume.py::test_a_user_that_has_timed_out_never_swallows_a_record",
    ),
    # A check of success passes on broken JSON.
    "W29": (
        f"{_REPLY_BUGS}::test_a_reply_that_tells_of_a_failure_is_no_success",
        f"{_VERDICT}::test_a_reply_that_is_no_json_fails_every_json_check",
    ),
    # Every check decodes the reply anew.
    "W30": (f"{_VERDICT}::test_a_payload_is_decoded_once_a_representation",),
    # XML of the application may read files of the load generator.
    "W31": (
        f"{_REPLY_BUGS}::test_xml_of_the_application_reads_no_file",
        f"{_REPLY_BUGS}::test_namespaces_are_known",
    ),
    # Nothing bounds what is in flight; a full queue blocks a thread of the engine.
    "W32": (
        f"{_PRODUCER}::test_a_full_queue_is_back_pressure",
        f"{_PRODUCER}::test_the_wait_for_room_has_a_bound",
        f"{_FLIGHT_BOUND}::test_requests_wait_for_a_place_in_the_order_in_which_they_came",
    ),
    # It prints what it should not, and closes nothing.
    "W33": (
        f"{_RUNTIME}::test_closing_stops_every_thread_and_leaves_the_group",
        "tests/integration/test_endings.py::test_a_run_inside_another_program",
    ),
    # Examples of the documentation do not compile.
    "W34": (
        "tests/docs/test_snippets.py::test_python_works",
        f"{_EXAMPLES}::test_every_example_is_run",
    ),
    # A lost store ends the program around it.
    "W35": (
        f"{_HOUSE}::test_only_the_command_line_ends_the_process_and_handles_signals",
        "tests/integration/test_endings.py::test_a_run_inside_another_program",
    ),
    # That the load generator itself is late cannot be seen.
    "W36": (f"{_INJECTOR}::test_users_that_are_late_start_at_once_and_keep_their_meant_times",),
    # With a linger, no producer can be made.
    "W37": (
        f"{_PROPERTIES}::test_the_delivery_timeout_is_never_below_linger_and_request_timeout",
        f"{_EXAMPLES}::test_on_the_embedded_broker[quick_start_example]",
    ),
}
