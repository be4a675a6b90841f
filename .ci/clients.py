"""Runs S3 clients against the gateway. Called by .ci/clients."""

import hashlib, io, json, os, pathlib, shutil, subprocess, sys, time

BASE = pathlib.Path("target/clients").resolve()
RUN = BASE / "run"
BUCKET, REGION = "examplebucket", "us-east-1"
KEY, SECRET = "CLIENTS", "clients-secret-clients-secret-clients"
LARGE = 100 << 20
processes, rows = [], []

KEYS = f"""
[[key]]
id = "{KEY}"
secret = "{SECRET}"
allow = [{{ bucket = "{BUCKET}", rights = ["read", "write", "delete", "list"] }}]
"""


def spawn(log, *command, **environment):
    out = open(RUN / f"{log}.log", "w")
    clean = {"PATH": os.environ["PATH"], "HOME": str(RUN), **environment}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=out, text=True, env=clean, cwd=RUN)
    processes.append(process)
    return process


def start():
    target = pathlib.Path("target/debug").resolve()
    upstream = spawn("bucket", target / "bucket")
    found = dict(upstream.stdout.readline().removeprefix("export ").strip().split("=", 1) for _ in range(4))
    (RUN / "keys.toml").write_text(KEYS)
    gateway = spawn("gateway", target / "gateway", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                    "--keys", "keys.toml", "-v", **found)
    return next(word for word in gateway.stdout.readline().split() if word.startswith("http://"))


def sh(*command, check=True, data=None, **environment):
    clean = {"PATH": f"{BASE}/venv/bin:" + os.environ["PATH"], "HOME": str(RUN), **environment}
    done = subprocess.run([str(part) for part in command], capture_output=True, env=clean, cwd=RUN, input=data, timeout=300)
    if check and done.returncode:
        raise RuntimeError(f"{command[0]} failed: {(done.stderr or done.stdout).decode()[-1500:]}")
    return done.stdout


def same(got, wanted, what):
    if got != wanted:
        raise RuntimeError(f"{what}: got {got[:200]!r}, wanted {wanted[:200]!r}")


def large():
    path = RUN / "large"
    if not path.exists():
        block = hashlib.shake_256(b"gateway").digest(1 << 20)
        path.write_bytes(b"".join(bytes([i]) + block[1:] for i in range(LARGE >> 20)))
    return path


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def client(checksums):
    import boto3
    from botocore.config import Config
    # Without s3v4, boto3 presigns with Signature Version 2, which is refused.
    config = Config(signature_version="s3v4", request_checksum_calculation=checksums, response_checksum_validation=checksums,
                    retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    return boto3.client("s3", endpoint_url=URL, region_name=REGION, aws_access_key_id=KEY,
                        aws_secret_access_key=SECRET, config=config)


def boto3_client():
    import boto3, requests
    for checksums in ("when_supported", "when_required"):
        s3, at = client(checksums), f"boto3-{checksums}"
        for key, body in ((f"{at}/a b+ü", b"hello"), (f"{at}/empty", b""), (f"{at}/stream", io.BytesIO(b"x" * 200_000))):
            s3.put_object(Bucket=BUCKET, Key=key, Body=body, Metadata={"a": "b"}, ContentType="text/plain")
        s3.put_object(Bucket=BUCKET, Key=f"{at}/once", Body=b"1", IfNoneMatch="*")
        try:
            s3.put_object(Bucket=BUCKET, Key=f"{at}/once", Body=b"2", IfNoneMatch="*")
            raise RuntimeError("a condition was lost")
        except s3.exceptions.ClientError as error:
            same(error.response["Error"]["Code"], "PreconditionFailed", "if-none-match")
        got = s3.get_object(Bucket=BUCKET, Key=f"{at}/a b+ü")
        same((got["Body"].read(), got["Metadata"], got["ContentType"]), (b"hello", {"a": "b"}, "text/plain"), "get")
        same(s3.get_object(Bucket=BUCKET, Key=f"{at}/stream", Range="bytes=5-8")["Body"].read(), b"xxxx", "range")
        for algorithm in ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"):
            if algorithm in ("CRC32C", "CRC64NVME"):
                try:
                    import awscrt  # noqa: F401
                except ImportError:
                    continue
            s3.put_object(Bucket=BUCKET, Key=f"{at}/sum", Body=b"hello", ChecksumAlgorithm=algorithm)
        s3.upload_file(str(large()), BUCKET, f"{at}/large")
        s3.download_file(BUCKET, f"{at}/large", str(RUN / "got"))
        same(digest(RUN / "got"), digest(large()), "large")
        s3.copy_object(Bucket=BUCKET, Key=f"{at}/copy", CopySource={"Bucket": BUCKET, "Key": f"{at}/a b+ü"})
        same(s3.get_object(Bucket=BUCKET, Key=f"{at}/copy")["Body"].read(), b"hello", "copy")
        url = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": f"{at}/copy"})
        same(requests.get(url).content, b"hello", "presigned GET")
        url = s3.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": f"{at}/put"})
        same(requests.put(url, data=b"hi").status_code, 200, "presigned PUT")
        post = s3.generate_presigned_post(BUCKET, f"{at}/${{filename}}", Fields={"acl": "private"},
                                          Conditions=[{"acl": "private"}, ["content-length-range", 1, 10]])
        same(requests.post(post["url"], data=post["fields"], files={"file": ("cat", b"meow")}).status_code, 204, "POST")
        same(s3.get_object(Bucket=BUCKET, Key=f"{at}/cat")["Body"].read(), b"meow", "POST")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=at, PaginationConfig={"PageSize": 2})
        keys = [item["Key"] for page in pages for item in page["Contents"]]
        s3.head_bucket(Bucket=BUCKET)
        same([bucket["Name"] for bucket in s3.list_buckets()["Buckets"]], [BUCKET], "list buckets")
        s3.delete_object(Bucket=BUCKET, Key=keys.pop())
        s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": key} for key in keys]})
        same(s3.list_objects_v2(Bucket=BUCKET, Prefix=at)["KeyCount"], 0, "list")
    return boto3.__version__


def minio_py():
    import minio
    from minio.commonconfig import CopySource
    from minio.deleteobjects import DeleteObject
    address = URL.removeprefix("http://")
    try:
        mc = minio.Minio(address, access_key=KEY, secret_key=SECRET, secure=False, region=REGION)
    except TypeError:
        mc = minio.Minio(endpoint=address, access_key=KEY, secret_key=SECRET, secure=False, region=REGION)
    put = lambda key, data: mc.put_object(BUCKET, key, io.BytesIO(data), len(data))
    put("minio/a b+ü", b"hello")
    same(mc.get_object(BUCKET, "minio/a b+ü").read(), b"hello", "get")
    same(mc.get_object(BUCKET, "minio/a b+ü", offset=1, length=3).read(), b"ell", "range")
    mc.fput_object(BUCKET, "minio/large", str(large()))
    mc.fget_object(BUCKET, "minio/large", str(RUN / "got"))
    same(digest(RUN / "got"), digest(large()), "large")
    mc.copy_object(BUCKET, "minio/copy", CopySource(BUCKET, "minio/a b+ü"))
    same([item.object_name for item in mc.list_objects(BUCKET, prefix="minio/")], ["minio/a b+ü", "minio/copy", "minio/large"], "list")
    mc.remove_object(BUCKET, "minio/copy")
    same(list(mc.remove_objects(BUCKET, [DeleteObject("minio/a b+ü"), DeleteObject("minio/large")])), [], "batch delete")
    same(list(mc.list_objects(BUCKET, prefix="minio/")), [], "list")
    return minio.__version__


def awscli():
    aws = lambda *arguments: sh("aws", "--endpoint-url", URL, *arguments, AWS_ACCESS_KEY_ID=KEY, AWS_SECRET_ACCESS_KEY=SECRET,
                                AWS_DEFAULT_REGION=REGION, AWS_MAX_ATTEMPTS="1")
    here = f"s3://{BUCKET}/awscli"
    (RUN / "small").write_bytes(b"hello")
    aws("s3", "cp", "small", f"{here}/a b+ü")
    aws("s3", "cp", large(), f"{here}/large")
    aws("s3", "cp", f"{here}/large", "got")
    same(digest(RUN / "got"), digest(large()), "large")
    aws("s3api", "get-object", "--bucket", BUCKET, "--key", "awscli/a b+ü", "--range", "bytes=1-3", "got")
    same((RUN / "got").read_bytes(), b"ell", "range")
    aws("s3", "cp", f"{here}/a b+ü", f"{here}/copy")
    same(len(aws("s3", "ls", f"{here}/").splitlines()), 3, "list")
    keys = {"Objects": [{"Key": "awscli/a b+ü"}, {"Key": "awscli/copy"}]}
    aws("s3api", "delete-objects", "--bucket", BUCKET, "--delete", json.dumps(keys))
    aws("s3", "rm", "--recursive", here)
    return sh("aws", "--version").decode().split()[0].removeprefix("aws-cli/")


def rclone():
    options = dict(RCLONE_CONFIG_GW_TYPE="s3", RCLONE_CONFIG_GW_PROVIDER="Other", RCLONE_CONFIG_GW_ENDPOINT=URL,
                   RCLONE_CONFIG_GW_REGION=REGION, RCLONE_CONFIG_GW_ACCESS_KEY_ID=KEY,
                   RCLONE_CONFIG_GW_SECRET_ACCESS_KEY=SECRET, RCLONE_LOW_LEVEL_RETRIES="1", RCLONE_RETRIES="1")
    run = lambda *arguments: sh("rclone", *arguments, **options)
    here = f"gw:{BUCKET}/rclone"
    (RUN / "small").write_bytes(b"hello")
    run("copyto", "small", f"{here}/a b+ü")
    run("copyto", large(), f"{here}/large")
    run("copyto", f"{here}/large", "got")
    same(digest(RUN / "got"), digest(large()), "large")
    same(run("cat", "--offset", "1", "--count", "3", f"{here}/a b+ü"), b"ell", "range")
    run("copyto", f"{here}/a b+ü", f"{here}/copy")
    same(run("lsf", here).decode().split("\n"), ["a b+ü", "copy", "large", ""], "list")
    run("deletefile", f"{here}/copy")
    run("delete", here)
    same(run("lsf", here), b"", "list")
    return sh("rclone", "version").decode().split()[1]


def s3cmd():
    address = URL.removeprefix("http://")
    run = lambda *arguments: sh("s3cmd", "--no-ssl", f"--host={address}", f"--host-bucket={address}", f"--access_key={KEY}",
                                f"--secret_key={SECRET}", f"--region={REGION}", "--config=/dev/null", *arguments)
    here = f"s3://{BUCKET}/s3cmd"
    (RUN / "small").write_bytes(b"hello")
    run("put", "small", f"{here}/a b+ü")
    run("put", large(), f"{here}/large")
    run("get", "--force", f"{here}/large", "got")
    same(digest(RUN / "got"), digest(large()), "large")
    # s3cmd does not sign the range, and would append the whole object: `--pass-unsigned range` lets it pass.
    (RUN / "got").write_bytes(b"he")
    try:
        run("get", "--continue", f"{here}/a b+ü", "got")
        raise AssertionError("an unsigned range was accepted")
    except RuntimeError as error:
        if "not signed: range" not in str(error):
            raise
    run("cp", f"{here}/a b+ü", f"{here}/copy")
    same(len(run("ls", f"{here}/").splitlines()), 3, "list")
    run("del", f"{here}/copy")
    run("del", "--recursive", "--force", f"{here}/")
    same(run("ls", f"{here}/"), b"", "list")
    return sh("s3cmd", "--version").decode().split()[-1]


def restic():
    run = lambda *arguments: sh("restic", "-r", f"s3:{URL}/{BUCKET}/restic", *arguments, AWS_ACCESS_KEY_ID=KEY,
                                AWS_SECRET_ACCESS_KEY=SECRET, AWS_DEFAULT_REGION=REGION, RESTIC_PASSWORD="x")
    run("init")
    run("backup", large())
    run("check", "--read-data")
    run("restore", "latest", "--target", RUN / "restored")
    same(digest(f"{RUN}/restored{large()}"), digest(large()), "large")
    run("forget", "--prune", "--keep-last", "1")
    return sh("restic", "version").decode().split()[1]


def curl():
    def run(*arguments, hash="UNSIGNED-PAYLOAD"):
        return sh("curl", "-sS", "--fail-with-body", "--aws-sigv4", f"aws:amz:{REGION}:s3", "--user", f"{KEY}:{SECRET}",
                  "-H", f"x-amz-content-sha256: {hash}", *arguments)
    here = f"{URL}/{BUCKET}/curl"
    (RUN / "small").write_bytes(b"hello")
    run("-T", "small", f"{here}/small", hash=hashlib.sha256(b"hello").hexdigest())
    run("-T", large(), f"{here}/large")
    run("-o", "got", f"{here}/large")
    same(digest(RUN / "got"), digest(large()), "large")
    same(run("-H", "range: bytes=1-3", f"{here}/small"), b"ell", "range")
    run("-X", "PUT", "-H", f"x-amz-copy-source: /{BUCKET}/curl/small", f"{here}/copy")
    same(run(f"{URL}/{BUCKET}?list-type=2&prefix=curl%2F").count(b"<Key>"), 3, "list")
    keys = "<Delete><Object><Key>curl/small</Key></Object><Object><Key>curl/copy</Key></Object></Delete>"
    run("-X", "POST", "--data-binary", keys, f"{URL}/{BUCKET}?delete=", hash=hashlib.sha256(keys.encode()).hexdigest())
    run("-X", "DELETE", f"{here}/large")
    same(run(f"{URL}/{BUCKET}?list-type=2&prefix=curl%2F").count(b"<Key>"), 0, "list")
    return sh("curl", "--version").decode().split()[1]


def node():
    modules = BASE / "node" / "node_modules"
    if not (modules / "minio").exists():
        raise FileNotFoundError("@aws-sdk/client-s3 and minio of npm")
    shutil.copy(pathlib.Path(__file__).with_name("clients.mjs"), BASE / "node" / "clients.mjs")
    return sh("node", BASE / "node" / "clients.mjs", URL, KEY, SECRET, large(), NODE_PATH=str(modules)).decode().strip()


def verify():
    """boto3 and botocore against verify_server."""
    import boto3
    from botocore.auth import S3SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
    from botocore.httpsession import URLLib3Session
    server = spawn("verify_server", pathlib.Path("target/debug/verify_server").resolve(), "--listen", "127.0.0.1:0",
                   "--access-key", KEY, VERIFY_SERVER_SECRET=SECRET)
    url = server.stdout.readline().split()[-1]
    for checksums in ("when_supported", "when_required"):
        from botocore.config import Config
        config = Config(request_checksum_calculation=checksums, retries={"total_max_attempts": 1})
        s3 = boto3.client("s3", endpoint_url=url, region_name=REGION, aws_access_key_id=KEY, aws_secret_access_key=SECRET, config=config)
        for body in (b"hello", io.BytesIO(b"x" * 200_000)):
            s3.put_object(Bucket=BUCKET, Key="a b+ü", Body=body)
    request = AWSRequest("POST", f"{url}/validate", data=b"hello")
    S3SigV4Auth(Credentials(KEY, SECRET), "s3", REGION).add_auth(request)
    same(json.loads(URLLib3Session().send(request.prepare()).text)["signed_by"], KEY, "POST /validate")
    return boto3.__version__


CLIENTS = {"boto3": boto3_client, "minio-py": minio_py, "awscli": awscli, "rclone": rclone, "s3cmd": s3cmd,
           "restic": restic, "curl": curl, "node": node, "verify": verify}

names = [name for name in sys.argv[1:] if name != "--require"] or list(CLIENTS)
shutil.rmtree(RUN, ignore_errors=True)
RUN.mkdir(parents=True)
failed = missing = 0
try:
    URL = start()
    for name in names:
        began = time.time()
        try:
            version = CLIENTS[name]()
            rows.append(f"{name:10} {version:24} passed in {time.time() - began:.1f} s")
        except (FileNotFoundError, ModuleNotFoundError) as error:
            missing += 1
            rows.append(f"{name:10} not run: {error} is not installed")
        except Exception as error:  # noqa: BLE001 - each client has its own
            failed += 1
            rows.append(f"{name:10} FAILED: {type(error).__name__}: {error}")
        print(rows[-1], flush=True)
finally:
    for process in reversed(processes):
        process.terminate()
    for process in processes:
        process.wait(timeout=60)
    for path in RUN.glob("*"):
        if path.suffix != ".log":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
sys.exit(1 if failed or (missing and "--require" in sys.argv) else 0)
