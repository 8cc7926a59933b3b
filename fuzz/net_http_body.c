/* A response head and its body: the content lies inside the input, drips are read like floods, and nothing is taken twice. */
#include "net/http_body.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static net_head head;

static void check(bool condition)
{
    if (!condition)
        abort();
}

typedef struct sum {
    net_body_result result;
    uint64_t content;
    size_t used;
    unsigned hash;
} sum;

static sum read_in_steps(net_body body, const char *bytes, size_t size, size_t step)
{
    sum s = {.result = body.state == NET_BODY_AT_END ? NET_BODY_DONE : NET_BODY_MORE};

    while (s.used < size && s.result == NET_BODY_MORE) {
        size_t piece = size - s.used < step ? size - s.used : step, used = 0;
        hf_span content;

        s.result = net_body_read(&body, bytes + s.used, piece, &used, &content);
        check(used <= piece && (used > 0 || s.result != NET_BODY_MORE));
        check(content.length == 0 ||
              (content.data >= bytes + s.used && content.data + content.length <= bytes + s.used + used));
        for (size_t i = 0; i < content.length; i++)
            s.hash = s.hash * 31 + (unsigned char)content.data[i];
        s.content += content.length;
        s.used += used;
    }
    check(body.line <= NET_BODY_LINE_MAX + 1 && body.trailers <= NET_BODY_TRAILERS_MAX + 1);
    check(!net_body_may_end(&body) || body.framing == NET_FRAMING_CLOSE || s.result == NET_BODY_DONE);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    net_head_progress progress = {0};
    net_body body;
    sum whole, dripped;
    size_t from;

    if (net_head_parse(bytes, size, &progress, &head) != NET_HEAD_DONE)
        return 0;
    from = (size_t)(head.raw.data + head.raw.length - bytes);
    net_body_begin(&body, &head, false);
    check(body.declared >= -1 && (!body.keeps || body.framing != NET_FRAMING_CLOSE));
    whole = read_in_steps(body, bytes + from, size - from, size);
    dripped = read_in_steps(body, bytes + from, size - from, 1);
    check(whole.result == dripped.result && whole.content == dripped.content && whole.hash == dripped.hash);
    check(whole.used == dripped.used);
    return 0;
}
