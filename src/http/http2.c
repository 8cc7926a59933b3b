#include "http/http2.h"

#include "http/body.h"
#include "http/head.h"
#include "http/http2_frames.h"

#include "base/buffer.h"
#include "holdfast/host.h"

#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTPUT_MAX (2 * HTTP_HEAD_MAX) /* octets that wait to be sent */
#define LIST_MAX 65536 /* octets of a head that are announced as welcome; more is read, up to HTTP_HEAD_MAX */

/* Where a field lies in the text of its head, which moves while it grows. */
typedef struct place {
    size_t name, name_length, value, value_length;
} place;

typedef struct question {
    http2_session *owner;
    http_answer *answer;
    int32_t stream;
    int status; /* of the head under way */
    base_buffer head, places;
    size_t held; /* of the budget, for the head under way */
    size_t skipped, interim;
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
    char agent[64];
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
    q->skipped = 0;
    q->status = 0;
    return 0;
}

static bool is_status(nghttp2_vec name)
{
    return name.len == 7 && memcmp(name.base, ":status", 7) == 0;
}

static void keep_field(question *q, nghttp2_vec name, nghttp2_vec value)
{
    place p = {q->head.length, name.len, q->head.length + name.len + 2, value.len};
    size_t length = name.len + value.len + sizeof p;
    http2_session *h = q->owner;

    /* What is received becomes as much in the facts again. */
    if (!http_budget_has_room(h->order.budget, 2 * length, FACTS_PHASE_RESPONSE, &h->failure))
        return;
    http_budget_hold(h->order.budget, length);
    q->held += length;
    base_buffer_append(&q->head, (const char *)name.base, name.len);
    base_buffer_text(&q->head, ": ");
    base_buffer_append(&q->head, (const char *)value.base, value.len);
    base_buffer_text(&q->head, "\r\n");
    base_buffer_append(&q->places, (const char *)&p, sizeof p);
    if (q->head.failed)
        fail(q->owner, FACTS_FAILURE_RESPONSE_TOO_LONG, NULL);
    else if (q->places.failed)
        fail(q->owner, FACTS_FAILURE_RESPONSE_TOO_MANY_FIELDS, NULL);
}

static nghttp2_vec vec_of(nghttp2_rcbuf *buffer)
{
    return nghttp2_rcbuf_get_buf(buffer);
}

/* nghttp2 has seen to it that :status comes first, once, and is three digits. */
static int on_header(nghttp2_session *session, const nghttp2_frame *frame, nghttp2_rcbuf *name, nghttp2_rcbuf *value,
                     uint8_t flags, void *self)
{
    http2_session *h = self;
    question *q = question_of(session, frame->hd.stream_id);
    nghttp2_vec n = vec_of(name), v = vec_of(value);

    (void)flags;
    if (q == NULL || q->over || q->response != NULL)
        return 0;
    if (is_status(n)) {
        q->status = (v.base[0] - '0') * 100 + (v.base[1] - '0') * 10 + (v.base[2] - '0');
        base_buffer_appendf(&q->head, "HTTP/2 %d\r\n", q->status);
    } else {
        keep_field(q, n, v);
    }
    return h->failure.code == FACTS_FAILURE_NONE ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE;
}

/* A field that RFC 9113 8.2 forbids; it is left out, and the rest is read. */
static int on_invalid_header(nghttp2_session *session, const nghttp2_frame *frame, nghttp2_rcbuf *name,
                             nghttp2_rcbuf *value, uint8_t flags, void *self)
{
    question *q = question_of(session, frame->hd.stream_id);

    (void)name;
    (void)value;
    (void)flags;
    (void)self;
    if (q != NULL)
        q->skipped++;
    return 0;
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
                         .status = q->status,
                         .reason = {text, 0},
                         .raw = {text, q->head.length},
                         .interim = q->interim,
                         .skipped = q->skipped,
                         .fields = fields,
                         .count = count,
                         .content = {.framing = FACTS_FRAMING_FRAMES, .declared = http_body_declared(fields, count)}};
    http_response_date(response, q->owner->order.clock);
    return response;
}

static void accept_head(question *q)
{
    http2_session *h = q->owner;

    base_buffer_text(&q->head, "\r\n");
    if (q->head.failed) {
        fail(h, FACTS_FAILURE_RESPONSE_TOO_LONG, NULL);
        return;
    }
    if (!http_budget_has_room(h->order.budget, q->head.length + q->places.length, FACTS_PHASE_RESPONSE, &h->failure))
        return;
    q->response = make_response(q);
    q->answer->response = q->response;
    drop_head(q);
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
    facts_content *content;
    size_t room;

    (void)flags;
    nghttp2_session_consume_connection(session, length);
    if (q == NULL || q->over || q->response == NULL)
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

static void accept_headers(question *q, bool last)
{
    if (q->response == NULL && q->status < 200) {
        if (++q->interim > HTTP_HEAD_INTERIM_MAX)
            fail(q->owner, FACTS_FAILURE_RESPONSE_TOO_MANY_HEADS, NULL);
        return;
    }
    if (q->response == NULL)
        accept_head(q);
    if (q->response != NULL && !last && q->owner->order.content_max == 0)
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
    nghttp2_session_callbacks_set_on_invalid_header_callback2(callbacks, on_invalid_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, on_invalid_frame);
    nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, on_frame_unsent);
    nghttp2_option_set_max_send_header_block_length(options, HTTP_HEAD_MAX);
    /* What is not given back stays taken: no stream can send more than the 65535 octets of its first window. */
    nghttp2_option_set_no_auto_window_update(options, 1);
    /* Blanks around a value are left for whoever reads it, as they are in HTTP/1.1. */
    nghttp2_option_set_no_rfc9113_leading_and_trailing_ws_validation(options, 1);
    if (nghttp2_session_client_new2(&h->session, callbacks, h, options) != 0)
        base_out_of_memory();
    nghttp2_option_del(options);
    nghttp2_session_callbacks_del(callbacks);
}

static nghttp2_nv pair(const char *name, const char *value)
{
    return (nghttp2_nv){(uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value), NGHTTP2_NV_FLAG_NONE};
}

/* RFC 9113 8.3.1: "All HTTP/2 requests MUST include exactly one valid value for the ":method", ":scheme", and ":path"".
 */
static void put_question(http2_session *h, size_t i)
{
    const http_request_line *ask = &h->order.asks[i];
    question *q = &h->questions[i];
    const nghttp2_nv head[] = {pair(":method", facts_method_name(ask->method)),
                               pair(":authority", h->order.authority),
                               pair(":scheme", "https"),
                               pair(":path", ask->target),
                               pair("user-agent", h->agent),
                               pair("accept", "*/*"),
                               pair("cookie", h->order.cookies != NULL ? h->order.cookies : "")};
    size_t count = sizeof head / sizeof *head - (h->order.cookies == NULL);

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
    snprintf(h->agent, sizeof h->agent, "holdfast/%s", hf_version());
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
