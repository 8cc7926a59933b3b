/* Questions and answers over HTTP/2, all at once: http/http2.h on a stream. */
#include "http/fetch_state.h"

static void flush(http_fetch_state *f)
{
    const char *bytes;
    size_t length;

    for (;;) {
        bytes = http2_output(f->http2, &length);
        if (length == 0)
            return;
        io_stream_write(f->stream, bytes, length);
    }
}

/* The exchange fails as its first request did. */
static void conclude(http_fetch_state *f)
{
    flush(f);
    http_fetch_conclude(f, f->answers[0].failure);
}

void http_fetch_http2_begin(http_fetch_state *f)
{
    char *authority = base_arena_take(f->arena, HTTP_AUTHORITY_MAX);
    hf_field fields[HTTP_FIELDS_MAX];
    http2_config order = {.authority = authority,
                          .fields = fields,
                          .asks = f->asks,
                          .answers = f->answers,
                          .count = f->ask_count,
                          .content_max = f->request->content_max,
                          .arena = f->arena,
                          .clock = f->client->clock,
                          .budget = f->client->budget};

    f->speaks_http2 = true;
    order.field_count = http_fetch_fields(f, fields);
    http_fetch_authority(f->request, authority);
    http_fetch_enter(f, FACTS_PHASE_RESPONSE);
    f->http2 = http2_new(&order);
    flush(f);
}

void http_fetch_http2_data(http_fetch_state *f, const char *bytes, size_t length)
{
    facts_failure failure;

    if (!http2_input(f->http2, bytes, length, &failure)) {
        http_fetch_http2_end(f, &failure, FACTS_CONTENT_BROKEN);
        return;
    }
    if (http2_is_done(f->http2))
        http_fetch_http2_end(f, NULL, FACTS_CONTENT_WHOLE);
    else
        flush(f);
}

void http_fetch_http2_end(http_fetch_state *f, const facts_failure *failure, facts_content_end end)
{
    facts_failure empty = facts_failure_make(f->phase, FACTS_FAILURE_RESPONSE_EMPTY, NULL);

    if (f->concluded)
        return;
    http2_end(f->http2, failure != NULL ? failure : &empty, end);
    conclude(f);
}
