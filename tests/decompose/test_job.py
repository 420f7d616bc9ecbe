from optimizer.decompose.executor import Lost
from optimizer.decompose.job import Job
from tests.decompose import tasks


def job(count: int, *, threads: int = 2, limit: float | None = None, helps: bool = True) -> Job:
    return Job(tasks.square, list(range(count)), limit, threads, helps)


def test_a_process_gets_what_it_has_room_for_and_less_near_the_end() -> None:
    some = job(20)
    assert some.take(1, 0) == [0]
    assert some.take(3, 1) == [1, 2]  # it has one, and room for three
    # 17 are left and it has 3: its share is 1 + 20 // (2 · 2) = 6, of which it lacks 3.
    assert some.take(100, 3) == [3, 4, 5]
    assert some.take(100, 6) == []  # 14 left and 6 there: again 6
    assert some.take(100, 0) == [6, 7, 8, 9]  # 1 + 14 // 4
    assert [len(some.take(100, 0)) for _ in range(9)] == [3, 2, 2, 1, 1, 1, 0, 0, 0]


def test_tasks_of_a_process_that_died_come_next_in_their_order() -> None:
    some = job(20)
    some.enter()
    assert some.take(1, 0) + some.take(3, 1) == [0, 1, 2]
    some.give_back([0, 1, 2])
    assert [some.take(1, 0) for _ in range(4)] == [[0], [1], [2], [3]]
    some.give_back([1])
    some.give_back([0])  # the second process that this one has ended
    assert some.wait(0) is None
    assert some.outcome(0) == Lost("task 0 ended 2 processes that worked on it")
    assert some.take(1, 0) == [1]


def test_the_owner_works_until_a_process_has_loaded_and_when_all_have_left() -> None:
    some = job(9)
    assert some.wait(0) == 0
    some.finish(0, (True, 0))
    assert some.wait(0) is None
    some.enter()
    some.enter()
    assert some.take(1, 0) == [1]
    some.give_back([1])
    some.leave(True)
    some.leave(True)
    # Task 1 has ended a process, and is not to end this one.
    assert some.wait(1) is None
    assert some.outcome(1) == Lost("task 1 ended a process, and no other could be started")
    assert some.wait(2) == 2


def test_the_owner_leaves_tasks_with_a_time_limit_to_processes_as_long_as_any_may_come() -> None:
    some = job(2, limit=1.0, threads=1)
    some.finish(1, (True, 1))
    assert some.wait(1) is None
    some.leave(False)
    assert some.wait(0) == 0


def test_nothing_is_begun_after_the_stop() -> None:
    some = job(9)
    some.enter()
    assert some.take(1, 0) == [0]
    some.stop()
    some.give_back([0])
    assert some.take(9, 0) == []
