import threading

from tracking.mailbox import Mailbox


def test_newest_value_wins_and_is_given_once():
    box = Mailbox[int]()
    for value in (1, 2, 3):
        box.put(value)
    assert box.take() == 3
    assert box.overwritten == 2
    assert box.take(timeout=0) is None


def test_a_value_taken_in_time_is_not_counted():
    box = Mailbox[int]()
    box.put(1)
    assert box.take() == 1
    box.put(2)
    assert box.take() == 2
    assert box.overwritten == 0


def test_take_waits_for_a_value_of_another_thread():
    box = Mailbox[str]()
    thread = threading.Thread(target=box.put, args=("late",))
    thread.start()
    assert box.take(timeout=10) == "late"
    thread.join()


def test_close_wakes_every_taker():
    box = Mailbox[int]()
    taken: list[int | None] = []
    takers = [threading.Thread(target=lambda: taken.append(box.take())) for _ in range(3)]
    for taker in takers:
        taker.start()
    box.close()
    for taker in takers:
        taker.join(timeout=10)
    assert taken == [None, None, None]


def test_nothing_comes_out_after_close():
    box = Mailbox[int]()
    box.put(1)
    box.close()
    box.put(2)
    assert box.closed
    assert box.take() is None


def test_every_taken_value_is_newer_than_the_last_one():
    box = Mailbox[int]()
    last = 2000

    def fill() -> None:
        for value in range(last + 1):
            box.put(value)

    thread = threading.Thread(target=fill)
    thread.start()
    taken = []
    while not taken or taken[-1] != last:
        value = box.take(timeout=10)
        assert value is not None
        taken.append(value)
    thread.join()
    assert taken == sorted(set(taken))
    assert len(taken) + box.overwritten == last + 1


def test_some_values_are_kept_in_order_where_that_is_asked_for():
    box = Mailbox[int]()
    box.keep(3)
    for value in range(5):
        box.put(value)
    assert [box.take(), box.take()] == [2, 3]
    box.put(5)
    assert [box.take(), box.take(), box.take(timeout=0)] == [4, 5, None]
    assert box.overwritten == 2
