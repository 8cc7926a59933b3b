/* Requests over HTTP/2: what a host says in the form of HTTP/1.1 is sent in frames. */
#include "serve/http_state.h"

#include "http/head.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MAX 1024
#define FIELDS_MAX 64
#define STREAMS_MAX 16 /* requests of a visitor at once */

typedef struct request request;
struct request {
    request *next, **at; /* in the list of its visitor */
    char method[WORD_MAX], target[WORD_MAX], host[WORD_MAX];
    const char *body; /* what is still to be sent of it */
};

static void request_free(request *r)
{
    if (r == NULL)
        return;
    *r->at = r->next;
    if (r->next != NULL)
        r->next->at = r->at;
    free(r);
}

static request *request_new(serve_connection *v)
{
    request **first = (request **)&v->requests;
    request *r = base_allocate(sizeof *r);

    r->next = *first;
    r->at = first;
    if (r->next != NULL)
        r->next->at = &r->next;
    *first = r;
    return r;
}

static void keep_word(char to[static WORD_MAX], const uint8_t *value, size_t length)
{
    size_t kept = length < WORD_MAX - 1 ? length : WORD_MAX - 1;

    memcpy(to, value, kept);
    to[kept] = '\0';
}

static int on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *self)
{
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
        nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, request_new(self));
    return 0;
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_length,
                     const uint8_t *value, size_t value_length, uint8_t flags, void *self)
{
    request *r = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);

    (void)flags;
    (void)self;
    if (r == NULL)
        return 0;
    if (name_length == 7 && memcmp(name, ":method", 7) == 0)
        keep_word(r->method, value, value_length);
    if (name_length == 5 && memcmp(name, ":path", 5) == 0)
        keep_word(r->target, value, value_length);
    if (name_length == 10 && memcmp(name, ":authority", 10) == 0)
        keep_word(r->host, value, value_length);
    return 0;
}

static ssize_t read_body(nghttp2_session *session, int32_t stream, uint8_t *buffer, size_t length, uint32_t *flags,
                         nghttp2_data_source *source, void *self)
{
    request *r = source->ptr;
    size_t left = strlen(r->body), count = left < length ? left : length;

    (void)session;
    (void)stream;
    (void)self;
    memcpy(buffer, r->body, count);
    r->body += count;
    if (count == left)
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)count;
}

/* RFC 9113 8.2: field names are in small letters; 8.2.2: fields about the connection must not be sent. */
static nghttp2_nv field_of(const hf_field *field, base_arena *arena)
{
    char *name = base_arena_copy(arena, field->name.data, field->name.length);

    for (size_t i = 0; i < field->name.length; i++)
        name[i] = (char)tolower((unsigned char)name[i]);
    return (nghttp2_nv){(uint8_t *)name, (uint8_t *)field->value.data, field->name.length, field->value.length,
                        NGHTTP2_NV_FLAG_NONE};
}

static bool is_about_connection(nghttp2_nv nv)
{
    return nv.namelen == 10 && memcmp(nv.name, "connection", 10) == 0;
}

static void submit(nghttp2_session *session, int32_t stream, request *r, const char *response)
{
    http_head_progress progress = {0};
    http_head *head = base_allocate(sizeof *head);
    nghttp2_data_provider body = {{.ptr = r}, read_body};
    nghttp2_nv fields[FIELDS_MAX];
    base_arena arena = {0};
    char status[16];
    size_t count = 1;

    if (http_head_parse(response, strlen(response), &progress, head) == HTTP_HEAD_DONE) {
        snprintf(status, sizeof status, "%d", head->status);
        fields[0] = (nghttp2_nv){(uint8_t *)":status", (uint8_t *)status, 7, 3, NGHTTP2_NV_FLAG_NONE};
        for (size_t i = 0; i < head->count && count < FIELDS_MAX; i++) {
            fields[count] = field_of(&head->fields[i], &arena);
            count += !is_about_connection(fields[count]);
        }
        r->body = head->raw.data + head->raw.length;
        nghttp2_submit_response(session, stream, fields, count, strcmp(r->method, "HEAD") == 0 ? NULL : &body);
    } else {
        nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, stream, NGHTTP2_INTERNAL_ERROR);
    }
    base_arena_done(&arena);
    free(head);
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *self)
{
    serve_connection *v = self;
    request *r = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    const char *response;

    if (frame->hd.type != NGHTTP2_HEADERS || r == NULL)
        return 0;
    response = serve_vhost_answer(serve_http_host(v->server, r->host, strcspn(r->host, ":")), v, r->method, r->target);
    if (response != NULL)
        submit(session, frame->hd.stream_id, r, response);
    else
        nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_REFUSED_STREAM);
    return 0;
}

static int on_stream_close(nghttp2_session *session, int32_t stream, uint32_t code, void *self)
{
    (void)code;
    (void)self;
    request_free(nghttp2_session_get_stream_user_data(session, stream));
    return 0;
}

/* -- The session -------------------------------------------------------------------------------------------------------------- */

static void flush(serve_connection *v)
{
    const uint8_t *bytes;
    ssize_t count;

    while ((count = nghttp2_session_mem_send(v->http2, &bytes)) > 0)
        io_stream_write(v->stream, (const char *)bytes, (size_t)count);
}

void serve_http2_begin(serve_connection *v)
{
    const nghttp2_settings_entry streams = {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, STREAMS_MAX};
    nghttp2_session_callbacks *callbacks;

    if (nghttp2_session_callbacks_new(&callbacks) != 0)
        base_out_of_memory();
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
    if (nghttp2_session_server_new(&v->http2, callbacks, v) != 0)
        base_out_of_memory();
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_submit_settings(v->http2, NGHTTP2_FLAG_NONE, &streams, 1);
    flush(v);
}

void serve_http2_data(serve_connection *v, const char *bytes, size_t length)
{
    if (nghttp2_session_mem_recv(v->http2, (const uint8_t *)bytes, length) < 0) {
        serve_connection_close(v);
        return;
    }
    flush(v);
    if (!nghttp2_session_want_read(v->http2) && !nghttp2_session_want_write(v->http2))
        serve_connection_finish(v);
}

void serve_http2_end(serve_connection *v)
{
    nghttp2_session_del(v->http2);
    while (v->requests != NULL)
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): each takes itself out of the list, through `at` */
        request_free(v->requests);
}
