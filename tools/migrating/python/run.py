"""Runs before.py at the time of AWS's examples. Exits with 77 if there is no botocore whose clock can be set."""

import datetime
import sys

try:
    import botocore.auth
    botocore.auth.get_current_datetime
except (ImportError, AttributeError):
    sys.exit(77)
import before

botocore.auth.get_current_datetime = lambda: datetime.datetime(2013, 5, 24)

id, secret = sys.argv[1:]
print(before.get(id, secret)["Authorization"])
print(before.presigned_get(id, secret))
