#include "http/pool_state.h"

#include <stdlib.h>
#include <string.h>

#define IDLE_MAX 64
#define IDLE_HOST_MAX 8
#define IDLE_MS 60000

/* -- Lists --------------------------------------------------------------------------------------------------------- */

static void enter(http_pooled *c, http_pooled **first)
{
    c->next = *first;
    c->at = first;
    if (c->next != NULL)
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): each takes itself out of the list, through `at` */
        c->next->at = &c->next;
    *first = c;
}

static void leave(http_pooled *c)
{
    *c->at = c->next;
    if (c->next != NULL)
        c->next->at = c->at;
    if (c->x == NULL)
        c->pool->idle_count--;
}

/* -- The end of a connection --------------------------------------------------------------------------------------- */

io_stream *http_pooled_release(http_pooled *c)
{
    io_stream *stream = c->stream;

    leave(c);
    if (c->connecting != NULL)
        http_connect_cancel(c->connecting);
    io_timer_free(c->timer);
    base_arena_done(&c->arena);
    free(c);
    return stream;
}

void http_pooled_close(http_pooled *c)
{
    io_stream_close(http_pooled_release(c));
}

/* -- Idle connections ---------------------------------------------------------------------------------------------- */

/* Whatever a server says unasked is no answer to what will be asked. */
static void on_idle_data(void *self, const char *bytes, size_t length)
{
    (void)bytes, (void)length;
    http_pooled_close(self);
}

static void on_idle_end(void *self, const facts_failure *failure)
{
    (void)failure;
    http_pooled_close(self);
}

static void on_idle_over(void *self)
{
    http_pooled_close(self);
}

static bool is_same_address(const io_address *a, const io_address *b)
{
    char text[IO_ADDRESS_TEXT], other[IO_ADDRESS_TEXT];

    if (a == NULL || b == NULL)
        return a == b;
    io_address_format(a, text);
    io_address_format(b, other);
    return strcmp(text, other) == 0;
}

static bool leads_to(const http_pooled *c, const http_request *to)
{
    return strcmp(c->to.host, to->host) == 0 && c->to.port == to->port && c->to.secure == to->secure &&
           c->to.no_sni == to->no_sni && c->to.strict == to->strict && is_same_address(c->to.address, to->address);
}

/* The oldest of those that lead to one place, or of all. */
static void drop_oldest(http_pool *pool, const http_request *to)
{
    http_pooled *oldest = NULL;

    for (http_pooled *c = pool->idle; c != NULL; c = c->next)
        if (to == NULL || leads_to(c, to))
            oldest = c;
    if (oldest != NULL)
        http_pooled_close(oldest);
}

static size_t count_idle(const http_pool *pool, const http_request *to)
{
    size_t count = 0;

    for (const http_pooled *c = pool->idle; c != NULL; c = c->next)
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): each takes itself out of the list, through `at` */
        count += leads_to(c, to);
    return count;
}

void http_pooled_keep(http_pooled *c)
{
    http_pool *pool = c->pool;

    if (pool->idle_count == pool->options.idle_max)
        drop_oldest(pool, NULL);
    if (count_idle(pool, &c->to) == pool->options.idle_host_max)
        drop_oldest(pool, &c->to);
    leave(c);
    c->x = NULL;
    c->reused = true;
    enter(c, &pool->idle);
    pool->idle_count++;
    if (c->timer == NULL)
        c->timer = io_timer_new(pool->client->loop, on_idle_over, c);
    io_timer_start(c->timer, pool->options.idle_ms);
    c->stream->sink = (io_sink){.data = on_idle_data, .end = on_idle_end, .self = c};
    io_stream_resume(c->stream);
}

/* -- New connections ----------------------------------------------------------------------------------------------- */

static void on_connected(void *self)
{
    http_pooled *c = self;
    http_exchange *x = c->x;

    c->connecting = NULL;
    if (c->exchange.failure != NULL)
        http_exchange_unconnected(x, c->exchange.failure);
    else
        http_exchange_connected(x);
}

static void copy_request(http_pooled *c, const http_request *to)
{
    c->to = *to;
    c->to.host = base_arena_string(&c->arena, to->host);
    c->to.target = NULL;
    c->to.offer = TLS_OFFER_HTTP1;
    c->to.content_max = 0;
    if (to->address == NULL)
        return;
    c->address = *to->address;
    c->to.address = &c->address;
}

static void connect_anew(http_exchange *x, const http_request *to)
{
    http_pooled *c = base_allocate(sizeof *c);

    c->pool = x->pool;
    c->x = x;
    x->c = c;
    enter(c, &x->pool->busy);
    copy_request(c, to);
    c->connecting = http_connect(x->pool->client, &c->to, &c->arena, &c->exchange, &c->stream, on_connected, c);
}

void http_pooled_find(http_exchange *x, const http_request *to, bool new_one)
{
    http_pooled *c = x->pool->idle;

    while (c != NULL && !leads_to(c, to))
        c = c->next;
    if (c == NULL || new_one) {
        connect_anew(x, to);
        return;
    }
    leave(c);
    c->x = x;
    x->c = c;
    enter(c, &x->pool->busy);
    io_timer_stop(c->timer);
    http_exchange_connected(x);
}

/* -- The pool ------------------------------------------------------------------------------------------------------ */

http_pool *http_pool_new(const http_client *client, const http_pool_options *options)
{
    http_pool *pool = base_allocate(sizeof *pool);

    pool->client = client;
    pool->options = *options;
    if (options->idle_max == 0)
        pool->options.idle_max = IDLE_MAX;
    if (options->idle_host_max == 0)
        pool->options.idle_host_max = IDLE_HOST_MAX;
    if (options->idle_ms == 0)
        pool->options.idle_ms = IDLE_MS;
    pool->head = base_allocate(sizeof *pool->head);
    return pool;
}

void http_pool_free(http_pool *pool)
{
    if (pool == NULL)
        return;
    while (pool->busy != NULL)
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): each takes itself out of the list, through `at` */
        http_exchange_drop(pool->busy->x);
    while (pool->idle != NULL)
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): each takes itself out of the list, through `at` */
        http_pooled_close(pool->idle);
    free(pool->head);
    free(pool);
}

size_t http_pool_idle(const http_pool *pool)
{
    return pool->idle_count;
}
