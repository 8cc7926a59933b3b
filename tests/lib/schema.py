"""schema.py NAME [--lines] <DOCUMENT: holds JSON to docs/schema/NAME.schema.json; with --lines each line is a document."""
import json
import os
import sys

import jsonschema

FOLDER = os.path.join(os.environ["SOURCE_DIR"], "docs", "schema")


def load(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return json.load(file)


def put_in(node, name):
    """The schema with what every $ref names in its place: there are no circles, and no version of a resolver to depend on."""
    if isinstance(node, list):
        return [put_in(item, name) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        file, path = node["$ref"].split("#")
        target = load(file or name)
        for step in path.strip("/").split("/"):
            target = target[step]
        return put_in(target, file or name)
    return {key: put_in(value, name) for key, value in node.items()}


def refuse_constant(word):
    raise ValueError(word + " is no JSON")


def main():
    name = sys.argv[1] + ".schema.json"
    schema = put_in(load(name), name)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    text = sys.stdin.buffer.read().decode("utf-8")
    documents = text.splitlines() if "--lines" in sys.argv else [text]
    failures = 0
    for number, document in enumerate(documents, 1):
        for error in validator.iter_errors(json.loads(document, parse_constant=refuse_constant)):
            print(f"document {number}: {error.message}")
            failures += 1
    return 1 if failures or not documents else 0


sys.exit(main())
