/* One request and its response on a connection of a pool (RFC 9112). */
#include "http/pool_state.h"

#include "http/fetch_state.h"
#include "http/list.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define REQUEST_MAX (16 << 20)

/* -- The end ------------------------------------------------------------------------------------------------------- */

static void free_if_idle(http_exchange *x)
{
    if (!x->over || x->busy > 0)
        return;
    io_timer_free(x->timer);
    base_buffer_done(&x->request);
    base_buffer_done(&x->received);
    free(x->method);
    free(x);
}

static void end(http_exchange *x, void (*let_go)(http_pooled *c))
{
    http_pooled *c = x->c;

    x->over = true;
    x->c = NULL;
    let_go(c);
}

void http_exchange_drop(http_exchange *x)
{
    end(x, http_pooled_close);
    free_if_idle(x);
}

void http_exchange_cancel(http_exchange *x)
{
    http_exchange_drop(x);
}

static void fail(http_exchange *x, const facts_failure *failure)
{
    x->busy++;
    end(x, http_pooled_close);
    x->events.failed(x->events.self, failure);
    x->busy--;
    free_if_idle(x);
}

static void fail_with(http_exchange *x, facts_code code, const char *detail)
{
    facts_failure failure = facts_failure_make(FACTS_PHASE_RESPONSE, code, detail);

    fail(x, &failure);
}

/* -- The request --------------------------------------------------------------------------------------------------- */

/* It is due to say something when it has the whole request, and to take something when much of it waits. */
static void wait_for_server(http_exchange *x)
{
    if (!x->is_sent && x->request.failed)
        return; /* the timer is about to end it */
    if ((x->finished || x->waits) && x->is_sent && !x->held)
        io_timer_start(x->timer, x->quiet_ms);
    else
        io_timer_stop(x->timer);
}

static void put_field(base_buffer *out, hf_span name, hf_span value)
{
    base_buffer_append(out, name.data, name.length);
    base_buffer_text(out, ": ");
    for (size_t i = 0; i < value.length; i++) {
        char c = value.data[i];

        base_buffer_char(out, c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
    }
    base_buffer_text(out, "\r\n");
}

static bool is_ours(const hf_field *field)
{
    return http_field_is(field, "connection") || http_field_is(field, "content-length") ||
           http_field_is(field, "transfer-encoding");
}

static void put_framing(base_buffer *out, const http_ask *ask)
{
    if (ask->length < 0)
        base_buffer_text(out, "Transfer-Encoding: chunked\r\n");
    else if (ask->length > 0 || strcmp(ask->method, "POST") == 0 || strcmp(ask->method, "PUT") == 0)
        base_buffer_appendf(out, "Content-Length: %" PRId64 "\r\n", ask->length);
    if (ask->upgrades)
        base_buffer_text(out, "Connection: Upgrade\r\n");
    base_buffer_text(out, "\r\n");
}

/* RFC 9112 3.2.2: to a proxy that makes no tunnel, the target is the whole URL. */
static void put_head(base_buffer *out, const http_client *client, const http_ask *ask)
{
    const http_proxy *proxy = http_absolute_proxy(client, ask->to);
    char authority[HTTP_AUTHORITY_MAX];

    http_fetch_authority(ask->to, authority);
    base_buffer_appendf(out, "%s %s%s%s HTTP/1.1\r\n", ask->method, proxy != NULL ? "http://" : "",
                        proxy != NULL ? authority : "", ask->target);
    if (http_field_find(ask->fields, ask->count, "host") == NULL)
        base_buffer_appendf(out, "Host: %s\r\n", authority);
    if (proxy != NULL && proxy->authorization != NULL)
        base_buffer_appendf(out, "Proxy-Authorization: %s\r\n", proxy->authorization);
    for (size_t i = 0; i < ask->count; i++)
        if (!is_ours(&ask->fields[i]))
            put_field(out, ask->fields[i].name, ask->fields[i].value);
    put_framing(out, ask);
}

static void on_data(void *self, const char *bytes, size_t length);
static void on_end(void *self, const facts_failure *failure);

static void on_drained(void *self)
{
    http_exchange *x = self;

    x->waits = false;
    wait_for_server(x);
    x->busy++;
    if (x->events.drained != NULL)
        x->events.drained(x->events.self);
    x->busy--;
    free_if_idle(x);
}

/* The head of the request goes out, and what was written before it could. Nothing is reported from here: a caller may
   be on the stack. */
void http_exchange_connected(http_exchange *x)
{
    io_stream *stream = x->c->stream;
    size_t queued;

    stream->sink = (io_sink){.data = on_data, .end = on_end, .self = x, .drained = on_drained};
    if (x->request.failed) { /* what did not fit is lost: a part of it must not look like the whole */
        io_timer_start(x->timer, 0);
        return;
    }
    queued = io_stream_write(stream, x->request.data, x->request.length);
    x->is_sent = true;
    if (!x->may_repeat)
        base_buffer_done(&x->request);
    wait_for_server(x);
    if (!x->held)
        io_stream_resume(stream);
    /* A writer that waits for a queue of ours must not wait for one of the stream's that was never full. */
    if (x->waits && queued <= IO_QUEUE_HIGH)
        on_drained(x);
}

void http_exchange_unconnected(http_exchange *x, const facts_failure *failure)
{
    facts_failure copy = *failure;

    fail(x, &copy);
}

static void on_silence(void *self)
{
    http_exchange *x = self;

    if (!x->is_sent && x->request.failed)
        fail_with(x, FACTS_FAILURE_LOCAL, "the body is too long to be kept until there is a connection");
    else
        fail_with(x, FACTS_FAILURE_RESPONSE_TIMEOUT, NULL);
}

/* RFC 9110 9.2.2 */
static bool is_idempotent(const char *method)
{
    static const char *const idempotent[] = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"};

    for (size_t i = 0; i < sizeof idempotent / sizeof *idempotent; i++)
        if (strcmp(method, idempotent[i]) == 0)
            return true;
    return false;
}

http_exchange *http_pool_ask(http_pool *pool, const http_ask *ask, const http_exchange_events *events)
{
    http_exchange *x = base_allocate(sizeof *x);

    x->pool = pool;
    x->events = *events;
    x->method = strdup(ask->method);
    if (x->method == NULL)
        base_out_of_memory();
    x->quiet_ms = ask->quiet_ms > 0 ? ask->quiet_ms : pool->client->limits.response;
    x->timer = io_timer_new(pool->client->loop, on_silence, x);
    x->chunked = ask->length < 0;
    x->finished = ask->length == 0;
    x->may_repeat = ask->length == 0 && is_idempotent(ask->method);
    x->progress.shows_interim = x->progress.upgrades = true;
    x->rest = (hf_span){"", 0};
    base_buffer_init(&x->request, REQUEST_MAX);
    base_buffer_init(&x->received, HTTP_HEAD_MAX);
    put_head(&x->request, pool->client, ask);
    http_pooled_find(x, ask->to, false);
    return x;
}

/* -- The request's body -------------------------------------------------------------------------------------------- */

/* Before there is a connection, it is kept. */
static size_t send_bytes(http_exchange *x, const char *bytes, size_t length)
{
    size_t queued;

    if (x->is_sent) {
        queued = io_stream_write(x->c->stream, bytes, length);
    } else {
        base_buffer_append(&x->request, bytes, length);
        queued = x->request.length;
    }
    x->waits = x->waits || queued > IO_QUEUE_HIGH;
    wait_for_server(x);
    return queued;
}

size_t http_exchange_write(http_exchange *x, const char *bytes, size_t length)
{
    char size[32];

    if (length == 0 || x->finished)
        return send_bytes(x, "", 0);
    if (!x->chunked)
        return send_bytes(x, bytes, length);
    send_bytes(x, size, (size_t)snprintf(size, sizeof size, "%zx\r\n", length));
    send_bytes(x, bytes, length);
    return send_bytes(x, "\r\n", 2);
}

void http_exchange_finish(http_exchange *x)
{
    if (!x->finished && x->chunked)
        send_bytes(x, "0\r\n\r\n", 5);
    x->finished = true;
    wait_for_server(x);
}

/* -- The response -------------------------------------------------------------------------------------------------- */

static void use_up(http_exchange *x, size_t length)
{
    x->rest.data += length;
    x->rest.length -= length;
}

static http_answer_head head_of(const http_exchange *x, const http_head *head)
{
    return (http_answer_head){.status = head->status,
                              .minor = head->minor,
                              .reason = head->reason,
                              .fields = head->fields,
                              .count = head->count,
                              .framing = x->body.framing,
                              .length = x->body.framing == FACTS_FRAMING_LENGTH ? x->body.declared : -1};
}

/* All is said. A connection on which more came than was asked for, or less was sent than was announced, is good for
   nothing. */
static void complete(http_exchange *x)
{
    bool is_good = x->body.keeps && x->finished && x->rest.length == 0;

    end(x, is_good ? http_pooled_keep : http_pooled_close);
    x->events.end(x->events.self);
}

static void take_interim(http_exchange *x, const http_head *head)
{
    http_answer_head answer = head_of(x, head);

    answer.framing = FACTS_FRAMING_NONE;
    answer.length = -1;
    if (x->events.interim != NULL)
        x->events.interim(x->events.self, &answer);
}

static void take_final(http_exchange *x, const http_head *head)
{
    bool is_head = strcmp(x->method, "HEAD") == 0;
    http_answer_head answer;

    http_body_begin(&x->body, head, is_head);
    x->body.strict = true;
    if (x->body.state == HTTP_BODY_IN_RUIN) {
        fail_with(x, FACTS_FAILURE_RESPONSE_NOT_HTTP, "its Content-Length is not one number");
        return;
    }
    x->has_head = true;
    answer = head_of(x, head);
    if (x->events.head != NULL)
        x->events.head(x->events.self, &answer);
    if (!x->over && x->body.state == HTTP_BODY_AT_END)
        complete(x);
}

static void judge_head(http_exchange *x, http_head_result result, size_t before)
{
    const http_head *head = x->pool->head;

    if (result == HTTP_HEAD_MORE) {
        use_up(x, x->rest.length);
        return;
    }
    if (result != HTTP_HEAD_DONE) {
        fail_with(x, http_head_failure(result), NULL);
        return;
    }
    use_up(x, (size_t)(head->raw.data + head->raw.length - x->received.data) - before);
    if (head->status < 200 && head->status != 101) {
        x->received.length = (size_t)(head->raw.data + head->raw.length - x->received.data);
        take_interim(x, head);
    } else {
        take_final(x, head);
    }
}

/* Not more goes into the buffer than heads may have; what follows a head is read from where it came. */
static void take_head(http_exchange *x)
{
    size_t before = x->received.length, room = HTTP_HEAD_MAX - before;

    x->may_repeat = false;
    base_buffer_append(&x->received, x->rest.data, x->rest.length < room ? x->rest.length : room);
    judge_head(x, http_head_parse(x->received.data, x->received.length, &x->progress, x->pool->head), before);
}

static void take_body(http_exchange *x)
{
    hf_span piece;
    size_t used;
    http_body_result result = http_body_read(&x->body, x->rest.data, x->rest.length, &used, &piece);

    use_up(x, used);
    if (piece.length > 0 && x->events.data != NULL)
        x->events.data(x->events.self, piece.data, piece.length);
    if (x->over)
        return;
    if (result == HTTP_BODY_MALFORMED)
        fail_with(x, FACTS_FAILURE_RESPONSE_NOT_HTTP, "its body is malformed");
    else if (result == HTTP_BODY_DONE)
        complete(x);
}

static void set_aside(http_exchange *x)
{
    io_stream_unread(x->c->stream, x->rest.data, x->rest.length);
    io_stream_pause(x->c->stream);
    x->rest.length = 0;
}

static void on_data(void *self, const char *bytes, size_t length)
{
    http_exchange *x = self;

    x->busy++;
    x->rest = (hf_span){bytes, length};
    wait_for_server(x);
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): `busy` keeps it while a call of ours is on the stack */
    while (!x->over && x->rest.length > 0) {
        if (x->held)
            set_aside(x);
        else if (x->has_head)
            take_body(x);
        else
            take_head(x);
    }
    x->busy--;
    free_if_idle(x);
}

/* -- The connection ends ------------------------------------------------------------------------------------------- */

/* The server closed a connection that it had kept, before it saw the request. */
static void repeat(http_exchange *x)
{
    http_pooled *old = x->c;

    x->may_repeat = x->is_sent = false;
    io_timer_stop(x->timer);
    http_pooled_find(x, &old->to, true);
    http_pooled_close(old);
}

static void on_end(void *self, const facts_failure *failure)
{
    http_exchange *x = self;

    x->busy++;
    if (x->has_head && failure == NULL && http_body_may_end(&x->body))
        complete(x);
    else if (x->may_repeat && x->c->reused)
        repeat(x);
    else if (failure != NULL)
        fail(x, failure);
    else
        fail_with(x, x->has_head ? FACTS_FAILURE_CONNECTION_RESET : FACTS_FAILURE_RESPONSE_EMPTY,
                  x->has_head ? "the response is cut short" : NULL);
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): `busy` keeps it while a call of ours is on the stack */
    x->busy--;
    free_if_idle(x);
}

/* -- What the holder asks ------------------------------------------------------------------------------------------ */

void http_exchange_pause(http_exchange *x)
{
    x->held = true;
    wait_for_server(x);
    if (x->is_sent)
        io_stream_pause(x->c->stream);
}

void http_exchange_resume(http_exchange *x)
{
    x->held = false;
    if (!x->is_sent)
        return;
    wait_for_server(x);
    io_stream_resume(x->c->stream);
}

io_stream *http_exchange_take(http_exchange *x)
{
    http_pooled *c = x->c;
    io_stream *stream = c->stream;

    io_stream_unread(stream, x->rest.data, x->rest.length);
    x->over = true;
    x->c = NULL;
    return http_pooled_release(c);
}

const facts_exchange *http_exchange_facts(const http_exchange *x)
{
    return &x->c->exchange;
}
