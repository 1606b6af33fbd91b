"""The service under test: started from the jar with a small heap, and looked into from outside."""

import glob
import os
import re
import signal
import subprocess
import tempfile
import time

import wire

JAVA = os.path.join(os.environ["JAVA_HOME"], "bin") if "JAVA_HOME" in os.environ else ""
HEAP = os.environ.get("HEAP", "256m")


class Service:
    def __init__(self, *options, port=int(os.environ.get("PORT", "23000"))):
        self.port = port
        jar = sorted(glob.glob("target/loss-service-*.jar"))[-1]
        self.log = tempfile.NamedTemporaryFile("w+", prefix="resilience-", suffix=".log")
        self.process = subprocess.Popen(
            [os.path.join(JAVA, "java"), f"-Xmx{HEAP}", *os.environ.get("JAVA_OPTIONS", "").split(), "-jar", jar]
            + [f"--server.port={port}", f"--management.server.port={port + 1}", *options],
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        try:
            self.await_ready()
        except AssertionError:
            self.process.kill()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def await_ready(self):
        for _ in range(1200):
            assert self.process.poll() is None, self.lines()
            try:
                if wire.ask(self.port, wire.get("/readyz")).status == 200:
                    return
            except wire.Gone:
                pass
            time.sleep(0.1)
        raise AssertionError("not ready after two minutes")

    def lines(self):
        with open(self.log.name, errors="replace") as file:
            return file.read()

    def memory_errors(self):
        return self.lines().count("OutOfMemoryError")

    def bugs(self):
        """Lines of the log that tell of a bug."""
        return [line for line in self.lines().splitlines() if " ERROR " in line]

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def heap(self):
        """KiB of heap in use after a full collection."""
        self.jcmd("GC.run")
        used = re.findall(r"used (\d+)K", self.jcmd("GC.heap_info"))
        return int(used[0])

    def jcmd(self, command):
        return subprocess.run(
            [os.path.join(JAVA, "jcmd"), str(self.process.pid), command], capture_output=True, text=True, check=True
        ).stdout

    def gauge(self, name):
        answer = wire.ask(self.port + 1, wire.get(f"/actuator/metrics/{name}"))
        assert answer.status == 200, (name, answer.status)
        return float(re.search(rb'"value":([0-9.E+-]+)', answer.body)[1])

    def reserved(self):
        return int(self.gauge("loss.admission.reserved"))

    def settle(self, seconds=60):
        """Waits until nothing is reserved; the seconds that took."""
        began = time.monotonic()
        while self.reserved() > 0:
            assert time.monotonic() - began < seconds, f"{self.reserved()} bytes are still reserved"
            time.sleep(0.2)
        return time.monotonic() - began

    def state(self):
        """What must be as before: descriptors, threads, heap."""
        return {"descriptors": self.descriptors(), "threads": self.threads(), "heap": self.heap()}
