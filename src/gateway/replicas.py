"""Stands in for replicas that misbehave, each on a port of its own from the first on. Standard library only.

    replicas.py FIRST_PORT FOLDER

    +0 echo     answers 200 with the request line and headers that arrived
    +1 full     answers 503
    +2 broken   reads the request and closes the connection
    +3 hung     reads the request and never answers
    +4 deaf     does not even take the connection

Each request that reaches one adds a line to FOLDER/<name>.
"""

import json
import pathlib
import socket
import socketserver
import sys
import threading
import time

first, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
lock = threading.Lock()


class Replica(socketserver.StreamRequestHandler):
    name = ""

    def handle(self):
        line = self.rfile.readline().decode("latin-1").strip()
        if not line:
            return
        headers = {}
        while field := self.rfile.readline().decode("latin-1").strip():
            name, _, value = field.partition(":")
            headers[name.lower()] = value.strip()
        self.rfile.read(int(headers.get("content-length", 0)))
        with lock, open(folder / self.name, "a") as log:
            log.write(line + "\n")
        if self.name == "echo":
            self.answer("200 OK", json.dumps({"line": line, **headers}))
        elif self.name == "full":
            self.answer("503 Service Unavailable", "full")
        elif self.name == "hung":
            time.sleep(90)

    def answer(self, status, body):
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        self.wfile.write((head + body).encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 512


for number, name in enumerate(("echo", "full", "broken", "hung")):
    server = Server(("127.0.0.1", first + number), type(name, (Replica,), {"name": name}))
    threading.Thread(target=server.serve_forever, daemon=True).start()

# a queue for connections that is full: the kernel drops whoever else wants in
deaf = socket.create_server(("127.0.0.1", first + 4), backlog=0)
waiting = [socket.socket() for _ in range(4)]
for connection in waiting:
    connection.setblocking(False)
    connection.connect_ex(("127.0.0.1", first + 4))
threading.Event().wait()
