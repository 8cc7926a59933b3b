#include "http/http2.h"

#include "http/body.h"
#include "http/head.h"
#include "http/http2_fields.h"
#include "http/http2_frames.h"
#include "http/single.h"

#include "base/buffer.h"
#include "holdfast/host.h"

#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTPUT_MAX (2 * HTTP_HEAD_MAX) /* octets that wait to be sent */
#define PSEUDO_FIELDS 4
#define LIST_MAX 65536 /* octets of a head that are announced as welcome; more is read, up to HTTP_HEAD_MAX */

/* Where a field lies in the text of its head, which moves while it grows. */
typedef struct place {
    size_t name, name_length, value, value_length;
} place;

typedef struct question {
    http2_session *owner;
    http_answer *answer;
    int32_t stream;
    http2_head fields;                /* of the head under way */
    facts_code refused[HTTP_READERS]; /* by that browser, for this head or one before it */
    base_buffer head, places;
    size_t held; /* of the budget, for the head under way */
    size_t interim;
    facts_response *response;
    char *content; /* content_max octets in the arena, from the first that came on */
    bool over;     /* nothing more is wanted */
} question;

struct http2_session {
    http2_config order;
    nghttp2_session *session;
    http2_frames frames;
    base_buffer out; /* what is to be sent, and what of it was handed out last */
    bool handed_out;
    question *questions;
    size_t open;
    bool begun;            /* something came */
    const char *breach;    /* what the peer did against the protocol last, in nghttp2's words; NULL: nothing */
    facts_failure failure; /* of the connection, once code is set */
};

/* -- Failures ------------------------------------------------------------------------------------------------------ */

static void fail(http2_session *h, facts_code code, const char *detail)
{
    if (h->failure.code == FACTS_FAILURE_NONE)
        h->failure = facts_failure_make(FACTS_PHASE_RESPONSE, code, detail);
}

static void drop_head(question *q)
{
    http_budget_release(q->owner->order.budget, q->held);
    q->held = 0;
    base_buffer_done(&q->head);
    base_buffer_done(&q->places);
}

static void finish(question *q)
{
    if (q->over)
        return;
    q->over = true;
    q->owner->open--;
    drop_head(q);
}

static void fail_question(question *q, const facts_failure *failure, facts_content_end end)
{
    if (q->over)
        return;
    if (q->response != NULL) {
        q->response->content.end = end;
    } else {
        q->answer->failure = facts_failure_keep(failure, q->owner->order.arena);
    }
    finish(q);
}

/* -- Heads --------------------------------------------------------------------------------------------------------- */

static question *question_of(nghttp2_session *session, int32_t stream)
{
    return nghttp2_session_get_stream_user_data(session, stream);
}

static int on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *self)
{
    question *q = question_of(session, frame->hd.stream_id);

    (void)self;
    if (q == NULL || q->over || q->response != NULL)
        return 0;
    drop_head(q);
    q->fields = (http2_head){0};
    return 0;
}

static int status_of(const question *q)
{
    return q->fields
        .status[q->refused[HTTP_READER_CHROMIUM] == FACTS_FAILURE_NONE ? HTTP_READER_CHROMIUM : HTTP_READER_FIREFOX];
}

static void begin_text(question *q)
{
    if (q->head.length == 0)
        base_buffer_appendf(&q->head, "HTTP/2 %d\r\n", status_of(q));
}

static void keep_field(question *q, hf_span name, hf_span value)
{
    size_t length = name.length + value.length + sizeof(place);
    http2_session *h = q->owner;
    place p;

    /* What is received becomes as much in the facts again. */
    if (!http_budget_has_room(h->order.budget, 2 * length, FACTS_PHASE_RESPONSE, &h->failure))
        return;
    http_budget_hold(h->order.budget, length);
    q->held += length;
    begin_text(q);
    p = (place){q->head.length, name.length, q->head.length + name.length + 2, value.length};
    base_buffer_append(&q->head, name.data, name.length);
    base_buffer_text(&q->head, ": ");
    base_buffer_append(&q->head, value.data, value.length);
    base_buffer_text(&q->head, "\r\n");
    base_buffer_append(&q->places, (const char *)&p, sizeof p);
    if (q->head.failed)
        fail(q->owner, FACTS_FAILURE_RESPONSE_TOO_LONG, NULL);
    else if (q->places.failed)
        fail(q->owner, FACTS_FAILURE_RESPONSE_TOO_MANY_FIELDS, NULL);
}

static hf_span span_of(nghttp2_rcbuf *buffer)
{
    nghttp2_vec vec = nghttp2_rcbuf_get_buf(buffer);

    return (hf_span){(const char *)vec.base, vec.len};
}

/* nghttp2 is stricter than browsers: it looks at frames here, and http/http2_fields.h at what is in them. */
static int on_header(nghttp2_session *session, const nghttp2_frame *frame, nghttp2_rcbuf *name, nghttp2_rcbuf *value,
                     uint8_t flags, void *self)
{
    http2_session *h = self;
    question *q = question_of(session, frame->hd.stream_id);

    (void)flags;
    if (q == NULL || q->over || q->response != NULL)
        return 0;
    if (http2_head_field(&q->fields, span_of(name), span_of(value)))
        keep_field(q, span_of(name), span_of(value));
    return h->failure.code == FACTS_FAILURE_NONE ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE;
}

static facts_response *make_response(const question *q)
{
    base_arena *arena = q->owner->order.arena;
    facts_response *response = base_arena_take(arena, sizeof *response);
    size_t count = q->places.length / sizeof(place);
    hf_field *fields = base_arena_take(arena, count * sizeof *fields);
    const char *text = base_arena_copy(arena, q->head.data, q->head.length);
    place p;

    for (size_t i = 0; i < count; i++) {
        memcpy(&p, q->places.data + i * sizeof p, sizeof p);
        fields[i] = (hf_field){{text + p.name, p.name_length}, {text + p.value, p.value_length}};
    }
    *response =
        (facts_response){.version = FACTS_HTTP_2,
                         .status = status_of(q),
                         .reason = {text, 0},
                         .raw = {text, q->head.length},
                         .interim = q->interim,
                         .fields = fields,
                         .count = count,
                         .content = {.framing = FACTS_FRAMING_FRAMES, .declared = http_body_declared(fields, count)}};
    http_response_date(response, q->owner->order.clock);
    return response;
}

/* -- What each browser makes of it --------------------------------------------------------------------------------- */

static facts_code refusal(question *q, http_reader reader, const facts_response *response)
{
    http_head_result result;

    if (q->refused[reader] != FACTS_FAILURE_NONE)
        return q->refused[reader];
    result = http_single_check(reader, HTTP_SINGLE_FRAMED, response->fields, response->count);
    if (result == HTTP_HEAD_DONE)
        return reader == HTTP_READER_CHROMIUM && response->status == 407 ? FACTS_FAILURE_RESPONSE_PROXY_AUTH
                                                                         : FACTS_FAILURE_NONE;
    if (reader == HTTP_READER_CHROMIUM)
        q->answer->refused = response;
    return http_head_failure(result);
}

static const facts_failure *failure_of(question *q, facts_code code)
{
    facts_failure failure = facts_failure_make(FACTS_PHASE_RESPONSE, code, NULL);

    return code != FACTS_FAILURE_NONE ? facts_failure_keep(&failure, q->owner->order.arena) : NULL;
}

/* Nothing more is wanted of a response that Chromium refuses. */
static void give_up(question *q)
{
    finish(q);
    nghttp2_submit_rst_stream(q->owner->session, NGHTTP2_FLAG_NONE, q->stream, NGHTTP2_PROTOCOL_ERROR);
}

static void settle(question *q, facts_response *response)
{
    facts_code chromium = refusal(q, HTTP_READER_CHROMIUM, response);
    facts_code firefox = refusal(q, HTTP_READER_FIREFOX, response);
    facts_reading *reading = base_arena_take(q->owner->order.arena, sizeof *reading);

    *reading = (facts_reading){failure_of(q, firefox), firefox == FACTS_FAILURE_NONE ? response : NULL};
    if (chromium != firefox)
        q->answer->firefox = reading;
    if (chromium == FACTS_FAILURE_NONE) {
        q->response = response;
        q->answer->response = response;
        drop_head(q);
    } else {
        q->answer->failure = failure_of(q, chromium);
        give_up(q);
    }
}

static void accept_head(question *q)
{
    http2_session *h = q->owner;

    begin_text(q);
    base_buffer_text(&q->head, "\r\n");
    if (q->head.failed)
        fail(h, FACTS_FAILURE_RESPONSE_TOO_LONG, NULL);
    else if (http_budget_has_room(h->order.budget, q->head.length + q->places.length, FACTS_PHASE_RESPONSE,
                                  &h->failure))
        settle(q, make_response(q));
}

/* -- Bodies -------------------------------------------------------------------------------------------------------- */

/* What is not wanted is called off, and the connection's window is not used up by it. */
static void call_off(question *q, facts_content_end end)
{
    q->response->content.end = end;
    finish(q);
    nghttp2_submit_rst_stream(q->owner->session, NGHTTP2_FLAG_NONE, q->stream, NGHTTP2_CANCEL);
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t stream, const uint8_t *bytes, size_t length,
                   void *self)
{
    http2_session *h = self;
    question *q = question_of(session, stream);
    facts_failure early =
        facts_failure_make(FACTS_PHASE_RESPONSE, FACTS_FAILURE_HTTP2_BROKEN, "content comes before the head");
    facts_content *content;
    size_t room;

    (void)flags;
    nghttp2_session_consume_connection(session, length);
    if (q != NULL && q->response == NULL)
        fail_question(q, &early, FACTS_CONTENT_BROKEN);
    if (q == NULL || q->over)
        return 0;
    content = &q->response->content;
    content->received += length;
    room = h->order.content_max - content->prefix.length;
    if (q->content == NULL)
        q->content = base_arena_take(h->order.arena, h->order.content_max);
    memcpy(q->content + content->prefix.length, bytes, length < room ? length : room);
    content->prefix = (hf_span){q->content, content->prefix.length + (length < room ? length : room)};
    if (length >= room)
        call_off(q, FACTS_CONTENT_CUT);
    return 0;
}

/* -- Frames -------------------------------------------------------------------------------------------------------- */

/* What one of the browsers refuses stays refused, whatever follows. */
static void end_head(question *q)
{
    http2_head_end(&q->fields);
    for (http_reader reader = 0; reader < HTTP_READERS; reader++)
        if (q->refused[reader] == FACTS_FAILURE_NONE)
            q->refused[reader] = q->fields.refused[reader];
}

static bool is_refused(const question *q)
{
    return q->refused[HTTP_READER_CHROMIUM] != FACTS_FAILURE_NONE &&
           q->refused[HTTP_READER_FIREFOX] != FACTS_FAILURE_NONE;
}

/* What comes behind a head is its trailers, of which nobody wants to know. */
static void accept_headers(question *q, bool last)
{
    if (q->response == NULL) {
        end_head(q);
        if (!is_refused(q) && status_of(q) >= 100 && status_of(q) < 200) {
            if (++q->interim > HTTP_HEAD_INTERIM_MAX)
                fail(q->owner, FACTS_FAILURE_RESPONSE_TOO_MANY_HEADS, NULL);
            return;
        }
        accept_head(q);
    }
    if (q->response != NULL && !q->over && !last && q->owner->order.content_max == 0)
        call_off(q, FACTS_CONTENT_UNREAD);
}

/* RFC 9113 6.8: streams beyond the last that the peer names will not be answered. */
static void accept_goaway(http2_session *h, const nghttp2_goaway *goaway)
{
    facts_failure failure = facts_failure_make(FACTS_PHASE_RESPONSE, FACTS_FAILURE_HTTP2_GOAWAY,
                                               nghttp2_http2_strerror(goaway->error_code));

    for (size_t i = 0; i < h->order.count; i++)
        if (goaway->error_code != NGHTTP2_NO_ERROR || h->questions[i].stream > goaway->last_stream_id)
            fail_question(&h->questions[i], &failure, FACTS_CONTENT_BROKEN);
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *self)
{
    http2_session *h = self;
    question *q = question_of(session, frame->hd.stream_id);
    bool last = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;

    if (frame->hd.type == NGHTTP2_GOAWAY)
        accept_goaway(h, &frame->goaway);
    if (frame->hd.type == NGHTTP2_HEADERS && q != NULL && !q->over)
        accept_headers(q, last);
    return h->failure.code == FACTS_FAILURE_NONE ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE;
}

static int on_stream_close(nghttp2_session *session, int32_t stream, uint32_t code, void *self)
{
    question *q = question_of(session, stream);
    facts_failure failure =
        facts_failure_make(FACTS_PHASE_RESPONSE, FACTS_FAILURE_HTTP2_RESET, nghttp2_http2_strerror(code));

    (void)self;
    if (q == NULL || q->over)
        return 0;
    fail_question(q, &failure, code == NGHTTP2_NO_ERROR ? FACTS_CONTENT_WHOLE : FACTS_CONTENT_BROKEN);
    return 0;
}

/* What nghttp2 finds against the protocol ends the stream or the connection; the reason is worth keeping. */
static int on_invalid_frame(nghttp2_session *session, const nghttp2_frame *frame, int error, void *self)
{
    http2_session *h = self;
    question *q = question_of(session, frame->hd.stream_id);
    facts_failure failure =
        facts_failure_make(FACTS_PHASE_RESPONSE, FACTS_FAILURE_HTTP2_BROKEN, nghttp2_strerror(error));

    h->breach = nghttp2_strerror(error);
    if (q != NULL)
        fail_question(q, &failure, FACTS_CONTENT_MALFORMED);
    return 0;
}

/* A question that cannot be put: its target is too long for a frame of HTTP/2. */
static int on_frame_unsent(nghttp2_session *session, const nghttp2_frame *frame, int error, void *self)
{
    http2_session *h = self;
    facts_failure failure = facts_failure_make(FACTS_PHASE_RESPONSE, FACTS_FAILURE_LOCAL, nghttp2_strerror(error));

    (void)session;
    for (size_t i = 0; frame->hd.type == NGHTTP2_HEADERS && i < h->order.count; i++)
        if (h->questions[i].stream == frame->hd.stream_id)
            fail_question(&h->questions[i], &failure, FACTS_CONTENT_BROKEN);
    return 0;
}

/* -- The session --------------------------------------------------------------------------------------------------- */

static void open_session(http2_session *h)
{
    nghttp2_session_callbacks *callbacks;
    nghttp2_option *options;

    if (nghttp2_session_callbacks_new(&callbacks) != 0 || nghttp2_option_new(&options) != 0)
        base_out_of_memory();
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback2(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, on_invalid_frame);
    nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, on_frame_unsent);
    nghttp2_option_set_max_send_header_block_length(options, HTTP_HEAD_MAX);
    /* What is not given back stays taken: no stream can send more than the 65535 octets of its first window. */
    nghttp2_option_set_no_auto_window_update(options, 1);
    nghttp2_option_set_no_http_messaging(options, 1);
    if (nghttp2_session_client_new2(&h->session, callbacks, h, options) != 0)
        base_out_of_memory();
    nghttp2_option_del(options);
    nghttp2_session_callbacks_del(callbacks);
}

static nghttp2_nv pair(const char *name, const char *value)
{
    return (nghttp2_nv){(uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value), NGHTTP2_NV_FLAG_NONE};
}

/* The library makes small letters of the name (RFC 9113 8.2). */
static nghttp2_nv pair_of(const hf_field *field)
{
    return (nghttp2_nv){(uint8_t *)field->name.data, (uint8_t *)field->value.data, field->name.length,
                        field->value.length, NGHTTP2_NV_FLAG_NONE};
}

/* RFC 9113 8.3.1: "All HTTP/2 requests MUST include exactly one valid value for the ":method", ":scheme", and ":path"".
 */
static void put_question(http2_session *h, size_t i)
{
    const http_request_line *ask = &h->order.asks[i];
    question *q = &h->questions[i];
    nghttp2_nv head[PSEUDO_FIELDS + HTTP_FIELDS_MAX] = {pair(":method", facts_method_name(ask->method)),
                                                        pair(":authority", h->order.authority),
                                                        pair(":scheme", "https"), pair(":path", ask->target)};
    size_t count = PSEUDO_FIELDS;

    for (size_t k = 0; k < h->order.field_count; k++)
        head[count++] = pair_of(&h->order.fields[k]);
    q->owner = h;
    q->answer = &h->order.answers[i];
    base_buffer_init(&q->head, HTTP_HEAD_MAX);
    base_buffer_init(&q->places, HTTP_HEAD_FIELDS_MAX * sizeof(place));
    q->stream = nghttp2_submit_request(h->session, NULL, head, count, NULL, q);
    if (q->stream < 0)
        base_out_of_memory();
}

http2_session *http2_new(const http2_config *order)
{
    const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
                                               {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, LIST_MAX}};
    http2_session *h = base_allocate(sizeof *h);

    h->order = *order;
    h->questions = base_allocate(order->count * sizeof *h->questions);
    h->open = order->count;
    base_buffer_init(&h->out, OUTPUT_MAX);
    open_session(h);
    nghttp2_submit_settings(h->session, NGHTTP2_FLAG_NONE, settings, sizeof settings / sizeof *settings);
    for (size_t i = 0; i < order->count; i++)
        put_question(h, i);
    return h;
}

void http2_free(http2_session *http2)
{
    if (http2 == NULL)
        return;
    for (size_t i = 0; i < http2->order.count; i++) {
        base_buffer_done(&http2->questions[i].head);
        base_buffer_done(&http2->questions[i].places);
    }
    base_buffer_done(&http2->out);
    nghttp2_session_del(http2->session);
    free(http2->questions);
    free(http2);
}

/* That a breach of the protocol ends the session shows only once the peer has been told. */
static void collect_output(http2_session *h)
{
    const uint8_t *bytes;
    ssize_t count;

    if (h->handed_out)
        base_buffer_clear(&h->out);
    h->handed_out = false;
    while ((count = nghttp2_session_mem_send(h->session, &bytes)) > 0)
        base_buffer_append(&h->out, (const char *)bytes, (size_t)count);
    if (h->out.failed)
        fail(h, FACTS_FAILURE_LOCAL, "more to be sent than there is room for");
}

const char *http2_output(http2_session *http2, size_t *length)
{
    collect_output(http2);
    http2->handed_out = true;
    *length = http2->out.length;
    return http2->out.data;
}

static void count_frames(http2_session *h, const char *bytes, size_t length)
{
    char detail[96];
    size_t bound;
    const char *flood = http2_frames_count(&h->frames, bytes, length, &bound);

    if (flood == NULL)
        return;
    snprintf(detail, sizeof detail, "more than %zu %s", bound, flood);
    fail(h, FACTS_FAILURE_HTTP2_FLOOD, detail);
}

static void receive(http2_session *h, const char *bytes, size_t length)
{
    ssize_t count = nghttp2_session_mem_recv(h->session, (const uint8_t *)bytes, length);

    collect_output(h);
    if (count < 0)
        fail(h, FACTS_FAILURE_HTTP2_BROKEN, nghttp2_strerror((int)count));
    else if (h->open > 0 && !nghttp2_session_want_read(h->session))
        fail(h, FACTS_FAILURE_HTTP2_BROKEN, h->breach != NULL ? h->breach : "it breaks the protocol");
}

bool http2_input(http2_session *http2, const char *bytes, size_t length, facts_failure *failure)
{
    if (!http2->begun && length >= 5 && memcmp(bytes, "HTTP/", 5) == 0)
        fail(http2, FACTS_FAILURE_HTTP2_BROKEN, "it answers in HTTP/1.x");
    http2->begun = true;
    if (http2->failure.code == FACTS_FAILURE_NONE)
        count_frames(http2, bytes, length);
    if (http2->failure.code == FACTS_FAILURE_NONE)
        receive(http2, bytes, length);
    *failure = http2->failure;
    return http2->failure.code == FACTS_FAILURE_NONE;
}

bool http2_is_done(const http2_session *http2)
{
    return http2->open == 0;
}

void http2_end(http2_session *http2, const facts_failure *failure, facts_content_end end)
{
    for (size_t i = 0; i < http2->order.count; i++)
        fail_question(&http2->questions[i], failure, end);
    nghttp2_session_terminate_session(http2->session, NGHTTP2_NO_ERROR);
}
