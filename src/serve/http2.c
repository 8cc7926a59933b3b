/* HTTP/2 (RFC 9113) over nghttp2: any number of exchanges on a connection, each a stream of it. */
#include "serve/http_state.h"

#include "http/list.h"

#include "base/ascii.h"
#include "base/memory.h"

#include <inttypes.h>
#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STREAMS_MAX 100 /* exchanges of a connection at once */
#define WINDOW 65535    /* octets of a body that may come without being read: the first window of every stream */
#define PASS_OVER_MAX 65536
#define OUT_MAX (16 << 20)
#define RESPONSE_FIELDS_MAX 4096

typedef struct http2 http2;

typedef struct stream {
    serve_exchange x;
    struct stream *next, **at; /* in the list of its connection */
    int32_t id;
    base_arena arena;   /* of the request's fields */
    size_t head_length; /* octets of them */
    size_t passed_over; /* octets of a body that came behind the answer */
    bool is_bad;        /* more of them than are read */
    base_buffer in;     /* of the body, what the handler does not read now */
    base_buffer out;    /* of the response, what is still to be sent; */
    size_t out_from;    /* from here on */
    bool body_over, held, handed_out;
    bool begun, ended;
    bool no_body;         /* in the response */
    bool over;            /* more than IO_QUEUE_HIGH was written, and `drained` has not been reported since */
    bool deferred;        /* nghttp2 waits for more of the response */
    bool end_is_reported; /* that the body is whole */
} stream;

struct http2 {
    nghttp2_session *session;
    stream *streams;
    io_timer *later; /* reports what must not be reported from inside a call */
    bool inside;     /* of a call of nghttp2's */
    bool progress;   /* the client has sent, or taken, something of a body */
    bool timed;      /* the connection's timer runs */
};

static void flush(serve_connection *c);

static size_t waits(const stream *s)
{
    return s->out.length - s->out_from;
}

/* -- Streams ------------------------------------------------------------------------------------------------------- */

static stream *stream_new(serve_connection *c, int32_t id)
{
    http2 *h = c->state;
    stream *s = base_allocate(sizeof *s);

    s->x.connection = c;
    s->x.request.version = "2";
    s->id = id;
    base_buffer_init(&s->in, 2 * WINDOW);
    base_buffer_init(&s->out, OUT_MAX);
    s->next = h->streams;
    s->at = &h->streams;
    if (s->next != NULL)
        s->next->at = &s->next;
    h->streams = s;
    return s;
}

static void stream_free(stream *s)
{
    *s->at = s->next;
    if (s->next != NULL)
        s->next->at = s->at;
    base_arena_done(&s->arena);
    base_buffer_done(&s->in);
    base_buffer_done(&s->out);
    free(s);
}

static void tell_gone(stream *s)
{
    if (!s->handed_out || s->ended || !s->x.attached)
        return;
    s->ended = true;
    s->x.events.gone(s->x.events.self);
}

static stream *stream_of(nghttp2_session *session, int32_t id)
{
    return nghttp2_session_get_stream_user_data(session, id);
}

/* -- Requests ------------------------------------------------------------------------------------------------------ */

static int on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *self)
{
    serve_connection *c = self;

    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
        nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, stream_new(c, frame->hd.stream_id));
    return 0;
}

static bool is_named(hf_span name, const char *wanted)
{
    return base_ascii_is(name.data, name.length, wanted);
}

static void keep_field(serve_request *request, hf_span name, hf_span value)
{
    if (is_named(name, ":method"))
        request->method = value;
    else if (is_named(name, ":path"))
        request->target = request->path = value;
    else if (is_named(name, ":authority"))
        request->authority = value;
    else if (name.length > 0 && name.data[0] != ':' && request->count < SERVE_REQUEST_FIELDS_MAX)
        request->fields[request->count++] = (hf_field){name, value};
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_length,
                     const uint8_t *value, size_t value_length, uint8_t flags, void *self)
{
    stream *s = stream_of(session, frame->hd.stream_id);
    hf_span n, v;

    (void)flags;
    (void)self;
    if (s == NULL || s->handed_out)
        return 0;
    s->head_length += name_length + value_length + 32;
    if (s->head_length > SERVE_REQUEST_HEAD_MAX || s->x.request.count == SERVE_REQUEST_FIELDS_MAX) {
        s->is_bad = true;
        return 0;
    }
    n = (hf_span){base_arena_copy(&s->arena, name, name_length), name_length};
    v = (hf_span){base_arena_copy(&s->arena, value, value_length), value_length};
    keep_field(&s->x.request, n, v);
    return 0;
}

static void begin(serve_exchange *x, const serve_response *response, const char *body, size_t length);
static void finish(serve_exchange *x);

static void refuse(stream *s, int status, const char *why)
{
    const serve_response response = {.status = status, .length = 0};

    serve_connection_refuse(s->x.connection, status, why);
    begin(&s->x, &response, "", 0);
    finish(&s->x);
}

/* RFC 9113 8.3.1: "A server SHOULD treat a request as malformed if it contains a Host header field that identifies an
   entity that differs from the entity in the ":authority" pseudo-header field." One that is missing is that of Host. */
static bool read_host(serve_request *request)
{
    for (size_t i = 0; i < request->count; i++) {
        hf_span host = request->fields[i].value;

        if (!is_named(request->fields[i].name, "host"))
            continue;
        if (request->authority.length == 0)
            request->authority = host;
        if (host.length != request->authority.length || memcmp(host.data, request->authority.data, host.length) != 0)
            return false;
    }
    return true;
}

static bool expects_continue(const serve_request *request)
{
    const hf_field *expect = http_field_find(request->fields, request->count, "expect");

    return expect != NULL && base_ascii_is(expect->value.data, expect->value.length, "100-continue");
}

static void report_end(stream *s)
{
    if (!s->body_over || s->in.length > 0 || s->ended || s->end_is_reported || !s->x.attached)
        return;
    s->end_is_reported = true;
    if (s->x.events.end != NULL)
        s->x.events.end(s->x.events.self);
}

static void hand_out(stream *s, bool has_body)
{
    serve_request *request = &s->x.request;

    bool is_one_host = read_host(request);

    request->framing = has_body ? FACTS_FRAMING_FRAMES : FACTS_FRAMING_NONE;
    request->keeps = true;
    request->expects = has_body && expects_continue(request);
    request->form = serve_request_is(request, "CONNECT") ? SERVE_TARGET_AUTHORITY : SERVE_TARGET_ORIGIN;
    if (request->target.length == 1 && request->target.data[0] == '*')
        request->form = SERVE_TARGET_ASTERISK;
    s->body_over = !has_body;
    s->handed_out = true;
    if (s->is_bad)
        refuse(s, 431, "the head is too long");
    else if (request->target.length > SERVE_REQUEST_TARGET_MAX)
        refuse(s, 414, "the target is too long");
    else if (!is_one_host)
        refuse(s, 400, "Host is another than :authority");
    else if (!serve_exchange_hand_out(&s->x) && !s->ended)
        refuse(s, 500, "the handler does not answer");
    else
        report_end(s);
}

/* -- Bodies of requests -------------------------------------------------------------------------------------------- */

/* What comes behind the answer. RFC 9113 8.1: a server that has answered "MAY request that the client abort
   transmission of a request without error by sending a RST_STREAM with an error code of NO_ERROR"; a little is taken
   first, for some clients do not expect that. */
static void pass_over(const http2 *h, stream *s, size_t length)
{
    s->passed_over += length;
    if (s->passed_over > PASS_OVER_MAX && s->begun && waits(s) == 0)
        nghttp2_submit_rst_stream(h->session, NGHTTP2_FLAG_NONE, s->id, NGHTTP2_NO_ERROR);
}

static int on_data_chunk(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *bytes, size_t length,
                         void *self)
{
    serve_connection *c = self;
    http2 *h = c->state;
    stream *s = stream_of(session, id);

    (void)flags;
    h->progress = true;
    nghttp2_session_consume_connection(session, length);
    if (s != NULL && s->held && !s->ended) {
        base_buffer_append(&s->in, (const char *)bytes, length);
        return 0;
    }
    if (s != NULL && s->ended)
        pass_over(h, s, length);
    else if (s != NULL && s->x.events.data != NULL)
        s->x.events.data(s->x.events.self, (const char *)bytes, length);
    nghttp2_session_consume_stream(session, id, length);
    return 0;
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *self)
{
    stream *s = stream_of(session, frame->hd.stream_id);
    bool last = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;

    (void)self;
    if (s == NULL || (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA))
        return 0;
    if (frame->hd.type == NGHTTP2_HEADERS && !s->handed_out) {
        hand_out(s, !last);
    } else if (last) {
        s->body_over = true;
        report_end(s);
    }
    return 0;
}

static int on_stream_close(nghttp2_session *session, int32_t id, uint32_t code, void *self)
{
    stream *s = stream_of(session, id);

    (void)code;
    (void)self;
    if (s == NULL)
        return 0;
    tell_gone(s);
    stream_free(s);
    return 0;
}

/* -- Responses ----------------------------------------------------------------------------------------------------- */

static void drop_sent(stream *s, size_t length)
{
    s->out_from += length;
    if (s->out_from < s->out.length)
        return;
    base_buffer_clear(&s->out);
    s->out_from = 0;
}

static ssize_t read_body(nghttp2_session *session, int32_t id, uint8_t *buffer, size_t length, uint32_t *flags,
                         nghttp2_data_source *source, void *self)
{
    serve_connection *c = self;
    http2 *h = c->state;
    stream *s = source->ptr;
    size_t count = waits(s) < length ? waits(s) : length;

    (void)session;
    (void)id;
    if (s->out.failed) /* a handler that does not wait for its reader: the stream is reset, its body must not look whole
                        */
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    if (count > 0)
        memcpy(buffer, s->out.data + s->out_from, count);
    drop_sent(s, count);
    h->progress = h->progress || count > 0;
    if (s->over && waits(s) <= IO_QUEUE_LOW)
        io_timer_start(h->later, 0);
    if (s->ended && waits(s) == 0)
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    s->deferred = count == 0 && !s->ended;
    return s->deferred ? NGHTTP2_ERR_DEFERRED : (ssize_t)count;
}

/* RFC 9113 8.2: field names are in small letters, and no value has CR, LF or NUL. */
static nghttp2_nv field_of(const hf_field *field, base_arena *arena)
{
    char *name = base_arena_copy(arena, field->name.data, field->name.length);
    char *value = base_arena_copy(arena, field->value.data, field->value.length);

    for (size_t i = 0; i < field->name.length; i++)
        name[i] = base_ascii_lower(name[i]);
    for (size_t i = 0; i < field->value.length; i++)
        if (value[i] == '\r' || value[i] == '\n' || value[i] == '\0')
            value[i] = ' ';
    return (nghttp2_nv){(uint8_t *)name, (uint8_t *)value, field->name.length, field->value.length,
                        NGHTTP2_NV_FLAG_NONE};
}

/* RFC 9113 8.2.2: "An endpoint MUST NOT generate an HTTP/2 message containing connection-specific header fields." */
static bool is_of_connection(const hf_field *field)
{
    return is_named(field->name, "connection") || is_named(field->name, "keep-alive") ||
           is_named(field->name, "proxy-connection") || is_named(field->name, "transfer-encoding") ||
           is_named(field->name, "upgrade") || is_named(field->name, "content-length");
}

static nghttp2_nv number_field(const char *name, int64_t number, base_arena *arena)
{
    const char *text = base_arena_format(arena, "%" PRId64, number);

    return (nghttp2_nv){(uint8_t *)name, (uint8_t *)text, strlen(name), strlen(text), NGHTTP2_NV_FLAG_NONE};
}

/* The head; `length` -1: without Content-Length. */
static nghttp2_nv *make_head(int status, int64_t length, const hf_field *fields, size_t given, base_arena *arena,
                             size_t *count)
{
    nghttp2_nv *head = base_arena_take(arena, (given + 2) * sizeof *head);

    *count = 0;
    head[(*count)++] = number_field(":status", status, arena);
    for (size_t i = 0; i < given; i++)
        if (!is_of_connection(&fields[i]))
            head[(*count)++] = field_of(&fields[i], arena);
    if (length >= 0)
        head[(*count)++] = number_field("content-length", length, arena);
    return head;
}

/* A head that ends its stream must not be sent before the handler ends the exchange: the stream would be gone. So a
   body that is missing is one without octets, and a whole answer goes out when it is finished. */
static void begin(serve_exchange *x, const serve_response *response, const char *body, size_t length)
{
    stream *s = (stream *)x;
    const http2 *h = x->connection->state;
    bool may_have_length = response->status != 204 && response->status != 304;
    nghttp2_data_provider provider = {{.ptr = s}, read_body};
    base_arena arena = {0};
    nghttp2_nv *head;
    size_t count;

    if (s->begun)
        return;
    s->begun = true;
    s->no_body = serve_has_no_body(&x->request, response->status);
    head = make_head(response->status, may_have_length ? response->length : -1, response->fields, response->count,
                     &arena, &count);
    if (!s->no_body && body != NULL)
        base_buffer_append(&s->out, body, length);
    nghttp2_submit_response(h->session, s->id, head, count, s->no_body && body != NULL ? NULL : &provider);
    base_arena_done(&arena);
    if (body == NULL)
        flush(x->connection);
}

static void interim(serve_exchange *x, int status, const hf_field *fields, size_t given)
{
    const stream *s = (const stream *)x;
    const http2 *h = x->connection->state;
    base_arena arena = {0};
    nghttp2_nv *head;
    size_t count;

    if (s->begun)
        return;
    head = make_head(status, -1, fields, given, &arena, &count);
    nghttp2_submit_headers(h->session, NGHTTP2_FLAG_NONE, s->id, NULL, head, count, NULL);
    base_arena_done(&arena);
    flush(x->connection);
}

static void go_on_sending(stream *s)
{
    const http2 *h = s->x.connection->state;

    if (s->deferred)
        nghttp2_session_resume_data(h->session, s->id);
    s->deferred = false;
    flush(s->x.connection);
}

static size_t write_body(serve_exchange *x, const char *bytes, size_t length)
{
    stream *s = (stream *)x;
    size_t queued;

    if (!s->begun || s->no_body)
        return 0;
    base_buffer_append(&s->out, bytes, length);
    go_on_sending(s);
    queued = waits(s);
    s->over = s->over || queued > IO_QUEUE_HIGH;
    return queued;
}

static void finish(serve_exchange *x)
{
    stream *s = (stream *)x;

    s->ended = true;
    go_on_sending(s);
}

/* A request that was not answered at all may be put again. */
static void abandon(serve_exchange *x)
{
    stream *s = (stream *)x;
    const http2 *h = x->connection->state;

    s->ended = true;
    nghttp2_submit_rst_stream(h->session, NGHTTP2_FLAG_NONE, s->id,
                              s->begun ? NGHTTP2_INTERNAL_ERROR : NGHTTP2_REFUSED_STREAM);
    flush(x->connection);
}

static io_stream *take(serve_exchange *x, const serve_response *response)
{
    (void)x, (void)response;
    return NULL;
}

/* -- What the handler asks ----------------------------------------------------------------------------------------- */

static void attach(serve_exchange *x)
{
    if (x->request.expects && !x->connection->server->options.leaves_continue)
        interim(x, 100, NULL, 0);
}

static void hold(serve_exchange *x, bool held)
{
    stream *s = (stream *)x;
    const http2 *h = x->connection->state;

    s->held = held;
    if (!held && (s->in.length > 0 || s->body_over))
        io_timer_start(h->later, 0);
}

/* What a held handler did not read. */
static void report_kept(const http2 *h, stream *s)
{
    base_buffer in = s->in;

    if (s->held || s->ended || !s->x.attached)
        return;
    if (in.length > 0) {
        base_buffer_init(&s->in, 2 * WINDOW);
        nghttp2_session_consume_stream(h->session, s->id, in.length);
        if (s->x.events.data != NULL)
            s->x.events.data(s->x.events.self, in.data, in.length);
        base_buffer_done(&in);
    }
    if (!s->held)
        report_end(s);
}

static void report_drained(stream *s)
{
    if (!s->over || s->ended || waits(s) > IO_QUEUE_LOW)
        return;
    s->over = false;
    if (s->x.events.drained != NULL)
        s->x.events.drained(s->x.events.self);
}

/* -- The connection ------------------------------------------------------------------------------------------------ */

/* True while the client is to send or to take something. */
static bool waits_for_client(const http2 *h)
{
    for (const stream *s = h->streams; s != NULL; s = s->next)
        if (!s->handed_out || (!s->body_over && !s->held) || waits(s) > 0)
            return true;
    return h->streams == NULL;
}

static void watch(serve_connection *c)
{
    http2 *h = c->state;
    bool waits_now = waits_for_client(h);

    if (!waits_now)
        io_timer_stop(c->visitor.timer);
    else if (h->progress || !h->timed)
        io_timer_start(c->visitor.timer, c->server->options.idle_ms);
    h->timed = waits_now;
    h->progress = false;
}

/* The session has ended: by GOAWAY, or by an error that the client has been told. */
static bool is_done(const http2 *h)
{
    return !nghttp2_session_want_read(h->session) && !nghttp2_session_want_write(h->session);
}

/* As much as the connection takes. Not from inside nghttp2, whose caller does it then. */
static void flush(serve_connection *c)
{
    http2 *h = c->state;
    const uint8_t *bytes;
    ssize_t count = 1;
    size_t queued;

    if (h->inside || c->over)
        return;
    h->inside = true;
    queued = io_stream_queued(c->visitor.stream);
    while (queued <= IO_QUEUE_HIGH && (count = nghttp2_session_mem_send(h->session, &bytes)) > 0)
        queued = io_stream_write(c->visitor.stream, (const char *)bytes, (size_t)count);
    h->inside = false;
    watch(c);
    if (is_done(h))
        io_timer_start(h->later, 0);
}

static void later(void *self)
{
    serve_connection *c = self;
    http2 *h = c->state;

    c->busy++;
    h->inside = true; /* so that no stream goes while they are gone through */
    for (stream *s = h->streams; s != NULL && !c->over; s = s->next) {
        report_kept(h, s);
        report_drained(s);
    }
    h->inside = false;
    flush(c);
    if (!c->over && is_done(h))
        serve_connection_leave(c);
    serve_connection_exit(c);
}

static void on_data(serve_connection *c, const char *bytes, size_t length)
{
    http2 *h = c->state;
    ssize_t count;

    h->inside = true;
    h->progress = h->progress || h->streams == NULL;
    count = nghttp2_session_mem_recv(h->session, (const uint8_t *)bytes, length);
    h->inside = false;
    if (c->over)
        return;
    flush(c);
    if (count < 0)
        serve_connection_leave(c);
}

static void on_end(serve_connection *c)
{
    serve_connection_leave(c);
}

static void on_drained(serve_connection *c)
{
    flush(c);
}

static void on_time_over(serve_connection *c)
{
    http2 *h = c->state;

    nghttp2_session_terminate_session(h->session, NGHTTP2_NO_ERROR);
    flush(c);
    serve_connection_leave(c);
}

/* RFC 9113 6.8: GOAWAY; streams that were begun go on. */
static void stop(serve_connection *c)
{
    http2 *h = c->state;

    nghttp2_submit_goaway(h->session, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(h->session),
                          NGHTTP2_NO_ERROR, NULL, 0);
    flush(c);
    if (h->streams == NULL)
        serve_connection_leave(c);
}

static bool is_idle(const serve_connection *c)
{
    return ((const http2 *)c->state)->streams == NULL;
}

static void on_gone(serve_connection *c)
{
    http2 *h = c->state;

    for (stream *s = h->streams; s != NULL; s = s->next)
        tell_gone(s);
    io_timer_free(h->later);
    h->later = NULL;
}

static void free_state(serve_connection *c)
{
    http2 *h = c->state;

    nghttp2_session_del(h->session);
    while (h->streams != NULL)
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): each takes itself out of the list, through `at` */
        stream_free(h->streams);
    free(h);
}

static void open_session(serve_connection *c, http2 *h)
{
    nghttp2_session_callbacks *callbacks;
    nghttp2_option *options;

    if (nghttp2_session_callbacks_new(&callbacks) != 0 || nghttp2_option_new(&options) != 0)
        base_out_of_memory();
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data_chunk);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
    nghttp2_option_set_no_auto_window_update(options, 1);
    if (nghttp2_session_server_new2(&h->session, callbacks, c, options) != 0)
        base_out_of_memory();
    nghttp2_option_del(options);
    nghttp2_session_callbacks_del(callbacks);
}

void serve_http2_open(serve_connection *c)
{
    const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, STREAMS_MAX},
                                               {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, SERVE_REQUEST_HEAD_MAX}};
    http2 *h = base_allocate(sizeof *h);

    c->state = h;
    h->later = io_timer_new(c->server->loop, later, c);
    open_session(c, h);
    nghttp2_submit_settings(h->session, NGHTTP2_FLAG_NONE, settings, sizeof settings / sizeof *settings);
    flush(c);
}

const serve_protocol serve_http2 = {.data = on_data,
                                    .end = on_end,
                                    .drained = on_drained,
                                    .time_over = on_time_over,
                                    .stop = stop,
                                    .is_idle = is_idle,
                                    .gone = on_gone,
                                    .free = free_state,
                                    .attach = attach,
                                    .hold = hold,
                                    .begin = begin,
                                    .write = write_body,
                                    .finish = finish,
                                    .interim = interim,
                                    .abandon = abandon,
                                    .take = take};
