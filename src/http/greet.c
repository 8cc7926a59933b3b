#include "http/greet.h"

#include <stdlib.h>

#define PIECE_PAUSE 20 /* milliseconds: the kernel has sent the first piece alone by then */

typedef struct greet {
    const http_client *client;
    http_request request;
    base_arena *arena;
    http_greeting *greeting;
    io_stream *stream;
    io_timer *timer;
    base_buffer hello, received;
    size_t sent;
    bool over;
    void (*done)(void *self);
    void *self;
} greet;

/* Delivered from the timer: whoever is on the stack still uses `g`. */
static void conclude(greet *g)
{
    if (g->over)
        return;
    g->over = true;
    io_timer_start(g->timer, 0);
}

static void fail(greet *g, facts_code code)
{
    facts_failure failure = facts_failure_make(FACTS_PHASE_TLS, code, NULL);

    g->greeting->failure = facts_failure_keep(&failure, g->arena);
    conclude(g);
}

static void deliver(greet *g)
{
    void (*done)(void *self) = g->done;
    void *self = g->self;

    io_stream_close(g->stream);
    io_timer_free(g->timer);
    base_buffer_done(&g->hello);
    base_buffer_done(&g->received);
    free(g);
    done(self);
}

static void wait_for_answer(greet *g)
{
    int64_t now = io_loop_now(g->client->loop), limit = g->greeting->limit;

    if (g->request.deadline != 0 && g->request.deadline - now < limit)
        limit = g->request.deadline > now ? g->request.deadline - now : 0;
    io_timer_start(g->timer, limit);
}

static void on_timer(void *self)
{
    greet *g = self;

    if (g->over) {
        deliver(g);
    } else if (g->sent < g->hello.length) {
        io_stream_write(g->stream, g->hello.data + g->sent, g->hello.length - g->sent);
        g->sent = g->hello.length;
        wait_for_answer(g);
    } else {
        fail(g, FACTS_FAILURE_TLS_TIMEOUT);
    }
}

static void on_data(void *self, const char *bytes, size_t length)
{
    greet *g = self;
    http_greeting *greeting = g->greeting;

    if (g->over)
        return;
    base_buffer_append(&g->received, bytes, length);
    if (g->received.failed) {
        fail(g, FACTS_FAILURE_TLS_TOO_LONG);
        return;
    }
    greeting->state = tls_reply_read(g->received.data, g->received.length, greeting->exchange_of, &greeting->reply);
    if (greeting->state != TLS_REPLY_MORE)
        conclude(g);
}

static void on_end(void *self, const facts_failure *failure)
{
    greet *g = self;

    if (g->over)
        return;
    if (failure != NULL) {
        g->greeting->failure = facts_failure_keep(failure, g->arena);
        conclude(g);
    } else {
        fail(g, FACTS_FAILURE_TLS_CLOSED);
    }
}

static void on_connected(void *self)
{
    greet *g = self;
    size_t piece = g->greeting->first_piece;

    if (g->greeting->exchange.failure != NULL) {
        deliver(g);
        return;
    }
    g->sent = piece > 0 && piece < g->hello.length ? piece : g->hello.length;
    g->stream->sink = (io_sink){.data = on_data, .end = on_end, .self = g};
    io_stream_write(g->stream, g->hello.data, g->sent);
    if (g->sent < g->hello.length)
        io_timer_start(g->timer, PIECE_PAUSE);
    else
        wait_for_answer(g);
    io_stream_resume(g->stream);
}

void http_greet(const http_client *client, const http_request *request, base_arena *arena, http_greeting *greeting,
                void (*done)(void *self), void *self)
{
    greet *g = base_allocate(sizeof *g);

    g->client = client;
    g->request = *request;
    g->request.secure = true;
    g->request.way_alone = true;
    g->arena = arena;
    g->greeting = greeting;
    g->done = done;
    g->self = self;
    g->timer = io_timer_new(client->loop, on_timer, g);
    base_buffer_init(&g->hello, TLS_HELLO_MAX);
    base_buffer_init(&g->received, TLS_REPLY_MAX);
    tls_hello_write(greeting->hello, &g->hello);
    if (g->hello.failed)
        base_out_of_memory();
    greeting->octets = g->hello.length;
    greeting->state = TLS_REPLY_MORE;
    greeting->failure = NULL;
    http_connect(client, &g->request, arena, &greeting->exchange, &g->stream, on_connected, g);
}
