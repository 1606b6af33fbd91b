"""HTTP/1.1 on plain sockets, for clients that misbehave: they stop in the middle, crawl, and go away."""

import json
import socket
import time

ROUTE = "/v1/losses/multi-margin"
TENSORS = ROUTE + "/tensors"
JSON = "application/json"
NPZ = "application/x-npz"


class Gone(Exception):
    """The connection ended before an answer did."""


class Answer:
    """An answer whose body was held, or compared with what was expected and dropped."""

    def __init__(self, status, fields, body, right=None):
        self.status = status
        self.fields = fields
        self.body = body
        self.right = right

    def problem(self):
        """The code of a problem; raises where the answer is not one as the contract has it."""
        assert self.fields.get("content-type") == "application/problem+json", (self.status, self.fields, self.body)
        problem = json.loads(self.body)
        assert problem["status"] == self.status and problem["request_id"] and problem["errors"], problem
        if self.status == 503:
            assert int(self.fields["retry-after"]) >= 1, self.fields
        return problem["code"]

    def kind(self):
        """What the answer is, in a word, for counting."""
        if self.status == 200:
            return "200" if self.right is not False else "200 but wrong"
        return f"{self.status} {self.problem()}"


def post(body, path=ROUTE, media=JSON, announced=None, extra=""):
    """The bytes of a request, head and body apart: bodies are large, and sent again and again."""
    length = len(body) if announced is None else announced
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {media}\r\n{extra}Content-Length: {length}\r\n\r\n"
    )
    return head.encode(), body


def get(path):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), b""


class Connection:
    """A connection that is opened when it is needed, and again when the service has ended it."""

    def __init__(self, port, timeout=120, receive_buffer=None):
        self.port = port
        self.timeout = timeout
        self.receive_buffer = receive_buffer
        self.socket = None

    def open(self):
        connection = socket.socket()
        connection.settimeout(self.timeout)
        if self.receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
        connection.connect(("127.0.0.1", self.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connection
        self.reader = connection.makefile("rb", 1 << 18)
        return self

    def close(self):
        if self.socket:
            self.reader.close()
            self.socket.close()
            self.socket = None

    def send(self, data):
        if self.socket is None:
            self.open()
        self.socket.sendall(data)

    def exchange(self, request, expected=None):
        """Sends a request and reads its answer; a refusal that comes while the body is being sent is read as well."""
        head, body = request
        fresh = self.socket is None
        try:
            if fresh:
                self.open()
            try:
                # in one piece where it is small: it is one packet then, as most clients have it
                if len(body) < 1 << 14:
                    self.send(head + body)
                else:
                    self.send(head)
                    self.send(body)
            except (BrokenPipeError, ConnectionResetError):
                answer = self.answer(expected)
                answer.fields["cut"] = "while sending"
                return answer
            return self.answer(expected)
        except (OSError, Gone) as error:
            self.close()
            raise Gone(("" if fresh else "kept alive, ") + (str(error) or type(error).__name__)) from error

    def answer(self, expected=None):
        status = self.reader.readline()
        if not status:
            raise Gone("closed without an answer")
        fields = {}
        while (line := self.reader.readline().strip()) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            fields[name.lower()] = value.strip()
        code = int(status.split()[1])
        sink = Sink(expected if code == 200 else None)
        if "content-length" in fields:
            self.copy(int(fields["content-length"]), sink)
        elif fields.get("transfer-encoding") == "chunked":
            while size := int(self.line() or b"-", 16):
                self.copy(size, sink)
                self.line()
            self.line()
        else:
            while part := self.reader.read1(1 << 18):
                sink.add(part)
        if fields.get("connection") == "close":
            self.close()
        return Answer(code, fields, bytes(sink.held), sink.right())

    def line(self):
        line = self.reader.readline()
        if not line.endswith(b"\n"):
            raise Gone("cut in the middle of an answer")
        return line.strip()

    def copy(self, length, sink):
        while length:
            part = self.reader.read1(min(length, 1 << 18))
            if not part:
                raise Gone("cut in the middle of an answer")
            sink.add(part)
            length -= len(part)


class Sink:
    """Holds a body, or compares it with the expected one as it comes, which costs little."""

    def __init__(self, expected):
        self.expected = None if expected is None else memoryview(expected)
        self.at = 0
        self.same = True
        self.held = bytearray()

    def add(self, part):
        if self.expected is None:
            self.held += part
        else:
            self.same = self.same and self.expected[self.at : self.at + len(part)] == part
            self.at += len(part)

    def right(self):
        return None if self.expected is None else self.same and self.at == len(self.expected)


def ask(port, request, expected=None, timeout=120):
    """One exchange on a connection of its own."""
    connection = Connection(port, timeout)
    try:
        return connection.exchange(request, expected)
    finally:
        connection.close()


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def timed(action):
    began = time.monotonic()
    result = action()
    return result, time.monotonic() - began
