/* Whatever a server says, the JSON of the facts is JSON, and each octet of the response comes back from it, but for
 * passwords of URLs, and cookies and credentials, which are asterisks. */
#include "base/buffer.h"
#include "base/secret.h"
#include "facts/exchange.h"
#include "http/head.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define JSON_MAX (16u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

/* Each code point U+0000 to U+00FF stands for one octet, or an asterisk does. */
static void check_octets(const json_t *string, hf_span octets)
{
    const char *text = json_string_value(string);
    size_t length = json_string_length(string), at = 0;
    base_secret secret;

    if (base_secret_find(octets.data, octets.length, 0, BASE_SECRETS_OF_URLS, &secret))
        return;
    for (size_t i = 0; i < octets.length; i++) {
        unsigned char octet = (unsigned char)octets.data[i];
        check(at < length);
        if (text[at] == '*') {
            at++;
        } else if (octet < 0x80) {
            check((unsigned char)text[at++] == octet);
        } else {
            check(at + 1 < length && (unsigned char)text[at] == (0xc0 | octet >> 6));
            check((unsigned char)text[at + 1] == (0x80 | (octet & 0x3f)));
            at += 2;
        }
    }
    check(at == length);
}

static void check_json(const facts_exchange *exchange, const facts_response *response)
{
    base_buffer out;
    base_json json;
    json_t *root;
    const json_t *fields, *said;

    base_buffer_init(&out, JSON_MAX);
    base_json_init(&json, &out, false);
    facts_exchange_json(exchange, &json);
    check(!out.failed);
    root = json_loadb(out.data, out.length, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    said = json_object_get(root, "response");
    check_octets(json_object_get(said, "raw"), response->raw);
    fields = json_object_get(said, "fields");
    check(json_array_size(fields) == response->count);
    for (size_t i = 0; i < response->count; i++)
        check_octets(json_object_get(json_array_get(fields, i), "value"), response->fields[i].value);
    json_decref(root);
    base_buffer_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static http_head head; /* too large for the stack */
    http_head_progress progress = {0};
    facts_response response;
    facts_exchange exchange = {.secure = true, .response = &response};

    if (http_head_parse((const char *)data, size, &progress, &head) != HTTP_HEAD_DONE)
        return 0;
    response = (facts_response){
        .version = FACTS_HTTP_1_1,
        .status = head.status,
        .reason = head.reason,
        .raw = head.raw,
        .interim = progress.interim,
        .skipped = head.skipped,
        .fields = head.fields,
        .count = head.count,
    };
    check_json(&exchange, &response);
    return 0;
}
