import io

from optimizer.decompose.process_worker import receive, send, unpacked


def test_messages_come_back_one_by_one_and_a_torn_one_is_none() -> None:
    pipe = io.BytesIO()
    for message in (b"first", b"", b"third" * 1000):
        send(pipe, message)
    content = pipe.getvalue()
    whole = io.BytesIO(content)
    assert [receive(whole) for _ in range(4)] == [b"first", b"", b"third" * 1000, None]
    for length in range(len(content) - 5008, len(content)):
        torn = io.BytesIO(content[:length])
        assert [receive(torn) for _ in range(3)] == [b"first", b"", None]


def test_a_result_that_cannot_be_received_is_an_exception() -> None:
    done, trace = unpacked(b"cno_such_module\nname\n.")
    assert not done
    assert "ModuleNotFoundError" in trace
