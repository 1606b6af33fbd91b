"""Servers in processes of their own, the CPU time that they use, and the client that posts to them."""

import json
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

JAVA = os.path.join(os.environ["JAVA_HOME"], "bin", "java")
# what the image's entry point says, and what the JVM makes of a limit of 1 GiB, which is what src/kubernetes sets
ENTRYPOINT = json.loads(re.search("ENTRYPOINT (.*)", pathlib.Path("Dockerfile").read_text())[1])
IMAGE = [flag for flag in ENTRYPOINT if flag.startswith("-XX:") and "AOTCache" not in flag]
CONTAINER = [*IMAGE, "-XX:MaxRAM=1g", "-XX:+UseSerialGC", *os.environ.get("JAVA_OPTIONS", "").split()]
LOGGING = {"LOGGING_STRUCTURED_FORMAT_CONSOLE": "ecs"}
# what only the service in that folder can be given
PREPARED = ("-Dspring.aot.enabled=true", "-XX:AOTCache=loss-service.aot")
FOLDER = pathlib.Path("target/container")


def bench_classpath():
    return "target/test-classes:target/classes:" + pathlib.Path("target/bench.classpath").read_text()


class Server:
    def __init__(self, port, command, cwd=None, lines=False):
        self.port = port
        # as a container does, something takes the log from a pipe
        self.log = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        logging = {**LOGGING, "LOGGING_LEVEL_ORG_LOSSSERVICE_ACCESS": "info" if lines else "warn"}
        self.process = subprocess.Popen(command, cwd=cwd, stdout=self.log.stdin, env={**os.environ, **logging})

    @classmethod
    def service(cls, port, flags=PREPARED, jar="loss-service.jar", lines=False):
        """The service as its container runs it, but for what is said, and without a line of the log for each request, as its peer."""
        options = [f"--server.port={port}", "--management.server.port=0"]
        return cls(port, [JAVA, *CONTAINER, *flags, "-jar", jar, *options], FOLDER, lines)

    @classmethod
    def limits(cls, application, port):
        """An application of the benchmarks, started as the service is."""
        command = [JAVA, *CONTAINER, "-cp", bench_classpath(), "org.lossservice.bench." + application]
        return cls(port, [*command, f"--server.port={port}", "--management.server.port=0"])

    @classmethod
    def fastapi(cls, port):
        options = ["--port", str(port), "--workers", "2", "--log-level", "warning", "--no-access-log"]
        return cls(port, [sys.executable, "-m", "uvicorn", "fastapi_torch:app", *options], "src/peers/load")

    def await_answer(self):
        for _ in range(600):
            assert self.process.poll() is None, "a server stopped: " + " ".join(self.process.args)
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("no answer after a minute: " + " ".join(self.process.args))

    def cpu_seconds(self):
        return sum(map(cpu_seconds, family(self.process.pid)))

    def resident(self):
        """MiB of memory, what several processes share counted once for each."""
        return sum(map(resident, family(self.process.pid)))

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.stdin.close()
        self.log.wait(5)


def family(pid):
    """A process and all below it."""
    yield pid
    for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from family(int(child))


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid):
    fields = pathlib.Path(f"/proc/{pid}/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


class Client:
    def __init__(self):
        command = [JAVA, "-Xmx512m", "-XX:+UseSerialGC", "-cp", bench_classpath(), "org.lossservice.bench.LoadClient"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def post(self, server, path, media, file, connections, seconds):
        """Requests a second, requests for each CPU-second of the server, and milliseconds: median and 99th percentile."""
        before = server.cpu_seconds()
        self.process.stdin.write(f"{server.port} {path} {media} {file} {connections} {round(seconds * 1000)}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        assert len(answer) == 4, f"{path} could not be measured with {file}"
        count, took, p50, p99 = map(int, answer)
        used = server.cpu_seconds() - before
        return {"second": count / took * 1e9, "cpu": count / used, "p50": p50 / 1e6, "p99": p99 / 1e6}

    def stop(self):
        self.process.stdin.close()
        self.process.wait(5)
