/* Questions and answers over HTTP/2, all at once: net/http2.h on a stream. */
#include "net/fetch_state.h"

static void flush(net_fetching *f)
{
    const char *bytes;
    size_t length;

    for (;;) {
        bytes = net_http2_output(f->http2, &length);
        if (length == 0)
            return;
        net_stream_write(f->stream, bytes, length);
    }
}

/* The outcome fails as its first question did. */
static void conclude(net_fetching *f)
{
    const net_answer *first = &f->answers[0];

    flush(f);
    net_fetch_conclude(f, first->failed ? &first->failure : NULL);
}

void net_fetch_http2_begin(net_fetching *f)
{
    char *authority = base_arena_take(f->arena, NET_AUTHORITY_MAX);
    net_http2_order order = {.authority = authority,
                             .asks = f->asks,
                             .answers = f->answers,
                             .count = f->ask_count,
                             .content_max = f->request->content_max,
                             .arena = f->arena};

    net_fetch_authority(f->request, authority);
    net_fetch_enter(f, NET_PHASE_RESPONSE);
    f->http2 = net_http2_new(&order);
    flush(f);
}

void net_fetch_http2_data(net_fetching *f, const char *bytes, size_t length)
{
    net_failure failure;

    if (!net_http2_input(f->http2, bytes, length, &failure)) {
        net_fetch_http2_end(f, &failure, NET_CONTENT_BROKEN);
        return;
    }
    if (net_http2_is_done(f->http2))
        net_fetch_http2_end(f, NULL, NET_CONTENT_WHOLE);
    else
        flush(f);
}

void net_fetch_http2_end(net_fetching *f, const net_failure *failure, net_content_end end)
{
    net_failure empty = net_failure_make(f->phase, NET_RESPONSE_EMPTY, NULL);

    if (f->concluded)
        return;
    net_http2_end(f->http2, failure != NULL ? failure : &empty, end);
    conclude(f);
}
