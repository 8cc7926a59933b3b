/* A response head and its body: the content lies inside the input, drips are read like floods, and nothing is taken
   twice. */
#include "http/body.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static http_head head;

static void check(bool condition)
{
    if (!condition)
        abort();
}

typedef struct sum {
    http_body_result result;
    uint64_t content;
    size_t used;
    unsigned hash;
} sum;

static sum read_in_steps(http_body body, const char *bytes, size_t size, size_t step)
{
    sum s = {.result = body.state == HTTP_BODY_AT_END ? HTTP_BODY_DONE : HTTP_BODY_MORE};

    while (s.used < size && s.result == HTTP_BODY_MORE) {
        size_t piece = size - s.used < step ? size - s.used : step, used = 0;
        hf_span content;

        s.result = http_body_read(&body, bytes + s.used, piece, &used, &content);
        check(used <= piece && (used > 0 || s.result != HTTP_BODY_MORE));
        check(content.length == 0 ||
              (content.data >= bytes + s.used && content.data + content.length <= bytes + s.used + used));
        for (size_t i = 0; i < content.length; i++)
            s.hash = s.hash * 31 + (unsigned char)content.data[i];
        s.content += content.length;
        s.used += used;
    }
    check(body.line <= HTTP_BODY_LINE_MAX + 1 && body.trailers <= HTTP_BODY_TRAILERS_MAX + 1);
    check(!http_body_may_end(&body) || body.framing == FACTS_FRAMING_CLOSE || s.result == HTTP_BODY_DONE);
    return s;
}

/* What is accepted as a request's body has one meaning: who reads leniently sees the same. */
static void check_strict(sum lenient, const char *bytes, size_t size)
{
    http_body body;
    sum strict, dripped;

    http_body_begin_request(&body, FACTS_FRAMING_CHUNKED, 0);
    strict = read_in_steps(body, bytes, size, size);
    dripped = read_in_steps(body, bytes, size, 1);
    check(strict.result == dripped.result && strict.hash == dripped.hash && strict.used == dripped.used);
    if (strict.result == HTTP_BODY_DONE)
        check(lenient.result == HTTP_BODY_DONE && lenient.hash == strict.hash && lenient.used == strict.used);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    http_head_progress progress = {0};
    http_body body;
    sum whole, dripped;
    size_t from;

    if (http_head_parse(bytes, size, &progress, &head) != HTTP_HEAD_DONE)
        return 0;
    from = (size_t)(head.raw.data + head.raw.length - bytes);
    http_body_begin(&body, &head, false);
    check(body.declared >= -1 && (!body.keeps || body.framing != FACTS_FRAMING_CLOSE));
    whole = read_in_steps(body, bytes + from, size - from, size);
    dripped = read_in_steps(body, bytes + from, size - from, 1);
    check(whole.result == dripped.result && whole.content == dripped.content && whole.hash == dripped.hash);
    check(whole.used == dripped.used);
    if (body.framing == FACTS_FRAMING_CHUNKED)
        check_strict(whole, bytes + from, size - from);
    return 0;
}
