"""Starts the servers that benches/transfers/run uploads to. Their data is in memory if there is /dev/shm."""
import glob, json, os, shutil, signal, socket, subprocess, tempfile, time

MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None


class Server:
    """A process with the variables that a client needs. It is stopped, and its data deleted, at the end of a `with`."""
    signal = signal.SIGTERM

    def __init__(self):
        self.folder = tempfile.mkdtemp(dir=MEMORY, prefix="transfers-")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(self.signal)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Bucket(Server):
    """The server of examples/bucket. It computes MD5 and the checksums of each part."""

    def __init__(self, binaries, tools):
        super().__init__()
        self.process = subprocess.Popen([binaries / "bucket"], stdout=subprocess.PIPE, text=True,
                                        env=os.environ | {"TMPDIR": self.folder})
        self.variables = {}
        while "BUCKET" not in self.variables:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit("the server of examples/bucket does not start")
            if line.startswith("export "):
                name, value = line.strip().removeprefix("export ").split("=", 1)
                self.variables[name] = value
            elif line.startswith("# the bucket is "):
                self.variables["BUCKET"] = line.split()[-1]


class SeaweedFS(Server):
    """SeaweedFS with one volume server. It verifies signatures. SIGTERM would take it half a minute."""
    signal = signal.SIGKILL

    def __init__(self, binaries, tools):
        super().__init__()
        config = {"identities": [{"name": "transfers", "actions": ["Admin"],
                                  "credentials": [{"accessKey": "transfers", "secretKey": "not-a-real-secret"}]}]}
        with open(f"{self.folder}/s3.json", "w") as file:
            json.dump(config, file)
        self.ports = ports = {f"{part}.port{kind}": free_port() for part in ("master", "volume", "filer", "s3") for kind in ("", ".grpc")}
        self.process = subprocess.Popen(
            [tools / "weed", "-logtostderr", "server", f"-dir={self.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3",
             "-s3.ip.bind=127.0.0.1", f"-s3.config={self.folder}/s3.json", "-s3.iam=false", "-s3.port.iceberg=0",
             "-s3.port.lance=0", "-master.telemetry=false", "-master.volumeSizeLimitMB=512", "-volume.max=100",
             *(f"-{name}={port}" for name, port in ports.items())],
            stdout=subprocess.DEVNULL, stderr=open(f"{self.folder}/log", "w"))
        self.variables = {"S3_ENDPOINT": f"http://127.0.0.1:{ports['s3.port']}", "AWS_ACCESS_KEY_ID": "transfers",
                          "AWS_SECRET_ACCESS_KEY": "not-a-real-secret", "AWS_REGION": "us-east-1", "BUCKET": "transfers"}
        self.make_bucket(tools)

    def __exit__(self, *_):
        super().__exit__()
        # It puts sockets with the numbers of its ports here, and leaves them.
        for port in self.ports.values():
            for path in glob.glob(f"{tempfile.gettempdir()}/seaweedfs-*-{port}.sock"):
                os.unlink(path)

    def make_bucket(self, tools):
        """Tries until the server is ready: a small object must be stored, which needs a volume."""
        s5cmd = [tools / "s5cmd", "--endpoint-url", self.variables["S3_ENDPOINT"]]
        for _ in range(100):
            run = lambda *rest: subprocess.run([*s5cmd, *rest], env=os.environ | self.variables, capture_output=True,
                                               input=b"x").returncode
            run("mb", "s3://transfers")
            if run("pipe", "s3://transfers/ready") == 0:
                return
            time.sleep(0.3)
        self.__exit__()
        raise SystemExit("SeaweedFS does not start")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


SERVERS = {"bucket": Bucket, "seaweedfs": SeaweedFS}
