"""Uploads a file or a folder with boto3.

    S3_ENDPOINT=… boto.py REQUESTS PART_SIZE FILE-OR-FOLDER BUCKET
"""
import os, sys
from concurrent.futures import ThreadPoolExecutor
import boto3
from boto3.s3.transfer import TransferConfig

requests, part_size, source, bucket = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
client = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"])
config = TransferConfig(max_concurrency=requests, multipart_chunksize=part_size, preferred_transfer_client="classic")
if os.path.isdir(source):
    with ThreadPoolExecutor(requests) as pool:
        upload = lambda name: client.upload_file(f"{source}/{name}", bucket, f"f/{name}", Config=config)
        list(pool.map(upload, os.listdir(source)))
else:
    client.upload_file(source, bucket, "object", Config=config)
