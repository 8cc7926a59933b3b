/* The head of a response: every span lies inside the input, every bound holds, and a drip is read like a flood. */
#include "http/head.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static http_head whole, dripped;

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

static void check_head(const http_head *head, const char *bytes, size_t size)
{
    check(head->count <= HTTP_HEAD_FIELDS_MAX);
    check(head->status < 100 || head->status == 101 || head->status >= 200);
    check_inside(head->raw, bytes, size);
    check_inside(head->reason, bytes, size);
    for (size_t i = 0; i < head->count; i++) {
        check(head->fields[i].name.length > 0);
        check_inside(head->fields[i].name, head->raw.data, head->raw.length);
        check_inside(head->fields[i].value, head->raw.data, head->raw.length);
    }
}

/* The first answer that is not "more", giving `step` octets more each time. */
static http_head_result drip(http_reader reader, const char *bytes, size_t size, size_t step)
{
    http_head_progress progress = {.reader = reader, .old = true};
    http_head_result result = HTTP_HEAD_MORE;

    for (size_t length = 0; result == HTTP_HEAD_MORE && length < size;) {
        length = size - length > step ? length + step : size;
        result = http_head_parse(bytes, length, &progress, &dripped);
    }
    return result;
}

static void read_as(http_reader reader, const char *bytes, size_t size)
{
    http_head_progress progress = {.reader = reader, .old = true};
    http_head_result result = http_head_parse(bytes, size, &progress, &whole);

    if (result == HTTP_HEAD_DONE) {
        check_head(&whole, bytes, size);
        check(drip(reader, bytes, size, 1 + size / 64) == HTTP_HEAD_DONE);
        check(dripped.count == whole.count && dripped.raw.data == whole.raw.data &&
              dripped.raw.length == whole.raw.length);
    }
    if (result == HTTP_HEAD_MORE) {
        check(size < HTTP_HEAD_MAX);
        progress.over = true;
        result = http_head_parse(bytes, size, &progress, &whole);
        check(result != HTTP_HEAD_MORE);
        if (result == HTTP_HEAD_DONE)
            check_head(&whole, bytes, size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (http_reader reader = 0; reader < HTTP_READERS; reader++)
        read_as(reader, (const char *)data, size);
    return 0;
}
