from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.session import Session


def get(id, secret, token=None):
    url = "https://examplebucket.s3.amazonaws.com/test.txt"
    request = AWSRequest("GET", url, headers={"Range": "bytes=0-9"})
    S3SigV4Auth(Credentials(id, secret, token), "s3", "us-east-1").add_auth(request)
    return dict(request.headers)


def presigned_get(id, secret, token=None):
    config = Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
    client = Session().create_client(
        "s3", "eu-central-1", config=config,
        aws_access_key_id=id, aws_secret_access_key=secret, aws_session_token=token,
    )
    parameters = {"Bucket": "photos", "Key": "a b/ü.jpg"}
    return client.generate_presigned_url("get_object", parameters, ExpiresIn=3600)
