"""Uploads a file or a folder with AWS's common runtime (CRT), through s3transfer, as `aws s3 cp` of the AWS CLI 2 does.

    S3_ENDPOINT=… crt.py REQUESTS PART_SIZE FILE-OR-FOLDER BUCKET

boto3 itself uses the CRT for AWS's endpoints only.
"""
import os, sys
import botocore.session
from boto3.s3.transfer import TransferConfig
from s3transfer.crt import (BotocoreCRTCredentialsWrapper, BotocoreCRTRequestSerializer, CRTTransferManager,
                            create_s3_crt_client)

requests, part_size, source, bucket = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
region, endpoint = os.environ["AWS_REGION"], os.environ["S3_ENDPOINT"]
session = botocore.session.Session()
credentials = BotocoreCRTCredentialsWrapper(session.get_credentials()).to_crt_credentials_provider()
client = create_s3_crt_client(region, credentials, part_size=part_size, use_ssl=False)
serializer = BotocoreCRTRequestSerializer(session, {"region_name": region, "endpoint_url": endpoint})
config = TransferConfig(max_concurrency=requests, multipart_chunksize=part_size, preferred_transfer_client="crt")
files = {f"f/{name}": f"{source}/{name}" for name in os.listdir(source)} if os.path.isdir(source) else {"object": source}
with CRTTransferManager(client, serializer, config=config) as manager:
    for upload in [manager.upload(path, bucket, key) for key, path in files.items()]:
        upload.result()
