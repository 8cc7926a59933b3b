/* The head of a request: every span lies inside the input, every bound holds, a drip is read like a flood, and what is
   accepted means one thing alone: written anew from what was read, it reads the same. */
#include "serve/request.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static serve_request whole, dripped, again;
static char text[SERVE_REQUEST_HEAD_MAX + 4096];

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_inside(hf_span span, const char *bytes, size_t size)
{
    check(span.length <= size);
    check(span.length == 0 || (span.data >= bytes && span.data + span.length <= bytes + size));
}

static bool is_same(hf_span a, hf_span b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static void check_request(const char *bytes, size_t size)
{
    check(whole.count <= SERVE_REQUEST_FIELDS_MAX && whole.method.length > 0 && whole.target.length > 0);
    check(whole.target.length <= SERVE_REQUEST_TARGET_MAX);
    check(whole.framing == FACTS_FRAMING_NONE || whole.framing == FACTS_FRAMING_CHUNKED ||
          (whole.framing == FACTS_FRAMING_LENGTH && whole.length > 0));
    check_inside(whole.method, bytes, size);
    check_inside(whole.target, bytes, size);
    check_inside(whole.authority, bytes, size);
    check_inside(whole.path, bytes, size);
    for (size_t i = 0; i < whole.count; i++) {
        check_inside(whole.fields[i].name, bytes, size);
        check_inside(whole.fields[i].value, bytes, size);
        for (size_t j = 0; j < whole.fields[i].value.length; j++)
            check(strchr("\r\n", whole.fields[i].value.data[j]) == NULL);
    }
}

/* The first answer that is not "more", giving `step` octets more each time. */
static serve_request_result drip(const char *bytes, size_t size, size_t step, size_t *taken)
{
    serve_request_progress progress = {0};
    serve_request_result result = SERVE_REQUEST_MORE;

    for (size_t length = 0; result == SERVE_REQUEST_MORE && length < size;) {
        length = size - length > step ? length + step : size;
        result = serve_request_parse(bytes, length, &progress, &dripped);
    }
    *taken = progress.scanned;
    return result;
}

static size_t put(size_t at, hf_span span)
{
    memcpy(text + at, span.data, span.length);
    return at + span.length;
}

static void check_again(void)
{
    serve_request_progress progress = {0};
    size_t at = put(0, whole.method);

    text[at++] = ' ';
    at = put(at, whole.target);
    at += (size_t)snprintf(text + at, 16, " HTTP/%s\r\n", whole.version);
    for (size_t i = 0; i < whole.count; i++) {
        at = put(at, whole.fields[i].name);
        text[at++] = ':';
        at = put(at, whole.fields[i].value);
        at = put(at, (hf_span){"\r\n", 2});
    }
    at = put(at, (hf_span){"\r\n", 2});
    check(serve_request_parse(text, at, &progress, &again) == SERVE_REQUEST_DONE && progress.scanned == at);
    check(again.count == whole.count && again.framing == whole.framing && again.length == whole.length);
    check(again.form == whole.form && again.keeps == whole.keeps && again.expects == whole.expects);
    check(is_same(again.authority, whole.authority) && is_same(again.path, whole.path));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    serve_request_progress progress = {0};
    serve_request_result result = serve_request_parse(bytes, size, &progress, &whole);
    size_t taken = 0;

    check(progress.scanned <= size);
    if (size > 0)
        check(drip(bytes, size, 1 + size / 64, &taken) == result && taken == progress.scanned);
    if (result == SERVE_REQUEST_DONE) {
        check_request(bytes, progress.scanned);
        check_again();
    } else if (result == SERVE_REQUEST_MORE) {
        check(size < SERVE_REQUEST_HEAD_MAX + 2);
    } else {
        check(whole.status >= 400 && whole.status <= 505 && whole.why != NULL);
    }
    return 0;
}
