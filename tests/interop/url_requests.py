#!/usr/bin/env python3
"""url_requests.py: of the answers of `holdfast decide --jsonl`, the URLs to request, a JSON string a line; null for a refused one."""
import json
import sys

for line in sys.stdin:
    print(json.dumps(json.loads(line).get("request")))
