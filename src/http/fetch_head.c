/* The head of a response over HTTP/1.1, read as Chromium does and as Firefox does. What Chromium reads is the response;
 * what Firefox makes of the same octets is kept beside it where it is something else. */
#include "http/fetch_state.h"

#include "base/unzeroed.h"

/* -- The response -------------------------------------------------------------------------------------------------- */

/* The same octets, in a copy of what they lay in. */
static hf_span moved(hf_span span, const char *from, const char *to)
{
    return (hf_span){span.data != NULL ? to + (span.data - from) : NULL, span.length};
}

/* The same value, to be read as one line. */
static hf_span unfolded(base_arena *arena, http_reader reader, hf_span value)
{
    char *copy;

    if (value.length == 0 ||
        (memchr(value.data, '\n', value.length) == NULL && memchr(value.data, '\r', value.length) == NULL))
        return value;
    copy = base_arena_copy(arena, value.data, value.length);
    http_head_unfold(reader, copy, value.length);
    return (hf_span){copy, value.length};
}

static facts_response *make_response(http_fetch_state *f, http_reader reader, const http_head *head)
{
    facts_response *response = base_arena_take(f->arena, sizeof *response);
    hf_field *fields = base_arena_take(f->arena, head->count * sizeof *fields);
    const char *from = head->raw.data, *to = base_arena_copy(f->arena, from, head->raw.length);

    for (size_t i = 0; i < head->count; i++) {
        fields[i].name = moved(head->fields[i].name, from, to);
        fields[i].value = unfolded(f->arena, reader, moved(head->fields[i].value, from, to));
    }
    *response = (facts_response){.version = head->headless ? FACTS_HTTP_0_9 : FACTS_HTTP_1_0 + (facts_http)head->minor,
                                 .status = head->status,
                                 .reason = moved(head->reason, from, to),
                                 .raw = moved(head->raw, from, to),
                                 .interim = f->progress[reader].interim,
                                 .skipped = head->skipped,
                                 .fields = fields,
                                 .count = head->count,
                                 .content = {.framing = f->body.framing, .declared = f->body.declared}};
    http_response_date(response, f->client->clock);
    return response;
}

/* -- What each browser makes of it --------------------------------------------------------------------------------- */

static http_head_result parse(http_fetch_state *f, http_reader reader, http_head *head)
{
    return http_head_parse(f->received.data, f->received.length, &f->progress[reader], head);
}

/* Chromium takes a CR that no LF follows for the end of a line. */
static bool has_bare_cr(hf_span raw)
{
    const char *at = raw.data, *end = at + raw.length;

    while (at < end && (at = memchr(at, '\r', (size_t)(end - at))) != NULL)
        if (++at == end || *at != '\n')
            return true;
    return false;
}

static bool is_same(const http_head *a, const http_head *b)
{
    if (a->headless != b->headless || a->status != b->status || a->count != b->count || a->raw.data != b->raw.data ||
        a->raw.length != b->raw.length || has_bare_cr(a->raw))
        return false;
    return memcmp(a->fields, b->fields, a->count * sizeof *a->fields) == 0;
}

/* RFC 9110 15.5.8: 407 "is similar to 401 (Unauthorized), but it indicates that the client needs to authenticate itself
   in order to use a proxy". Without one Chromium throws it away, and Firefox shows it. */
static facts_code refusal(const http_fetch_state *f, http_reader reader, http_head_result result, const http_head *head)
{
    if (result != HTTP_HEAD_DONE)
        return http_head_failure(result);
    if (head->status != 407)
        return FACTS_FAILURE_NONE;
    if (f->proxy != NULL && !http_fetch_needs_tunnel(f))
        return FACTS_FAILURE_PROXY_REFUSED;
    return reader == HTTP_READER_CHROMIUM ? FACTS_FAILURE_RESPONSE_PROXY_AUTH : FACTS_FAILURE_NONE;
}

/* The fields take more than their text where there are many, and short ones. */
static bool has_room_for(const http_fetch_state *f, const http_head *head, facts_failure *failure)
{
    return http_budget_has_room(f->client->budget, head->raw.length + head->count * sizeof(hf_field), f->phase,
                                failure);
}

static facts_reading make_reading(http_fetch_state *f, http_reader reader, facts_code code, const http_head *head)
{
    facts_failure failure = facts_failure_make(f->phase, code, NULL);

    if (code == FACTS_FAILURE_NONE && has_room_for(f, head, &failure))
        return (facts_reading){NULL, make_response(f, reader, head)};
    return (facts_reading){facts_failure_keep(&failure, f->arena), NULL};
}

static bool is_conflict(http_head_result result)
{
    return result >= HTTP_HEAD_SEVERAL_LENGTHS && result <= HTTP_HEAD_SEVERAL_LOCATIONS;
}

/* Firefox's reading, where it is another. */
static void compare(http_fetch_state *f, facts_code code, const http_head *head)
{
    http_answer *answer = &f->answers[f->current];
    BASE_UNZEROED http_head other;
    http_head_result result = parse(f, HTTP_READER_FIREFOX, &other);
    facts_code others = refusal(f, HTTP_READER_FIREFOX, result, &other);
    facts_reading *reading;

    if (code == others && (code != FACTS_FAILURE_NONE || is_same(head, &other)))
        return;
    reading = base_arena_take(f->arena, sizeof *reading);
    *reading = make_reading(f, HTTP_READER_FIREFOX, others, &other);
    answer->firefox = reading;
}

/* -- On to the body ------------------------------------------------------------------------------------------------ */

/* What follows the head, of what was received last: a connection may carry a body right behind its head. A page without
   a head may have come in pieces before anybody could say that it has none. */
static void pass_on(http_fetch_state *f, size_t end, size_t before, const char *bytes, size_t length)
{
    if (end >= before)
        http_fetch_body_data(f, bytes + (end - before), length - (end - before));
    else
        http_fetch_body_data(f, f->received.data + end, f->received.length - end);
}

/* Both have read it. */
static void accept_head(http_fetch_state *f, size_t before, const char *bytes, size_t length)
{
    BASE_UNZEROED http_head head;
    http_head_result result = parse(f, HTTP_READER_CHROMIUM, &head);
    facts_code code = refusal(f, HTTP_READER_CHROMIUM, result, &head);
    facts_reading reading;

    if (code == FACTS_FAILURE_NONE)
        http_body_begin(&f->body, &head, f->asks[f->current].method == FACTS_METHOD_HEAD);
    compare(f, code, &head);
    if (is_conflict(result))
        f->answers[f->current].refused = make_response(f, HTTP_READER_CHROMIUM, &head);
    reading = make_reading(f, HTTP_READER_CHROMIUM, code, &head);
    if (reading.failure != NULL) {
        http_fetch_conclude(f, reading.failure);
        return;
    }
    f->reading = (facts_response *)reading.response;
    f->answers[f->current].response = f->reading;
    if (f->request->content_max == 0 && f->current + 1 == f->ask_count)
        http_fetch_conclude(f, NULL);
    else
        pass_on(f, (size_t)(head.raw.data + head.raw.length - f->received.data), before, bytes, length);
}

/* -- Octet by octet ------------------------------------------------------------------------------------------------ */

/* True when both browsers have read it, or have given it up. */
static bool is_read(http_fetch_state *f)
{
    BASE_UNZEROED http_head head;
    bool read = true;

    for (http_reader reader = 0; reader < HTTP_READERS; reader++) {
        if (f->results[reader] == HTTP_HEAD_MORE)
            f->results[reader] = parse(f, reader, &head);
        read = read && f->results[reader] != HTTP_HEAD_MORE;
    }
    return read;
}

/* A page of HTTP/0.9 comes from the host alone, never from a proxy. */
static bool may_be_old(const http_fetch_state *f, http_reader reader)
{
    if (f->proxy != NULL && !http_fetch_needs_tunnel(f))
        return false;
    return reader == HTTP_READER_FIREFOX || f->request->port == (f->request->secure ? 443 : 80);
}

void http_fetch_head_begin(http_fetch_state *f)
{
    for (http_reader reader = 0; reader < HTTP_READERS; reader++) {
        f->results[reader] = HTTP_HEAD_MORE;
        f->progress[reader] =
            (http_head_progress){.reader = reader, .old = may_be_old(f, reader), .secure = f->request->secure};
    }
}

/* What is received becomes as much in the facts again. */
static bool hold(http_fetch_state *f, size_t length)
{
    facts_failure failure;

    if (!http_budget_has_room(f->client->budget, 2 * length, f->phase, &failure)) {
        http_fetch_conclude(f, &failure);
        return false;
    }
    http_budget_hold(f->client->budget, length);
    f->held += length;
    return true;
}

void http_fetch_head_data(http_fetch_state *f, const char *bytes, size_t length)
{
    size_t before = f->received.length, room = HTTP_HEAD_MAX - before;

    if (!hold(f, length < room ? length : room))
        return;
    base_buffer_append(&f->received, bytes, length < room ? length : room);
    if (f->received.failed)
        http_fetch_fail(f, FACTS_FAILURE_LOCAL);
    else if (is_read(f))
        accept_head(f, before, bytes, length);
}

void http_fetch_head_end(http_fetch_state *f)
{
    for (http_reader reader = 0; reader < HTTP_READERS; reader++)
        f->progress[reader].over = true;
    is_read(f);
    accept_head(f, f->received.length, "", 0);
}
