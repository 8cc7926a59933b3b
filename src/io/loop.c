#include "io/loop.h"

#include "io/socket.h"

#include "base/memory.h"

#include <signal.h>
#include <stdlib.h>

struct io_timer {
    uv_timer_t handle;
    void (*fire)(void *self);
    void *self;
};

io_loop *io_loop_new(void)
{
    io_loop *loop = base_allocate(sizeof *loop);

    if (uv_loop_init(&loop->uv) != 0)
        base_out_of_memory();
    /* A peer that closes while we write is a failure of that connection, not of the process. */
    signal(SIGPIPE, SIG_IGN);
    return loop;
}

void io_loop_free(io_loop *loop)
{
    io_socket_close_left(loop);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    uv_loop_close(&loop->uv);
    free(loop);
}

void io_loop_run(io_loop *loop)
{
    loop->running = true;
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    loop->running = false;
}

void io_loop_stop(io_loop *loop)
{
    if (loop->running)
        uv_stop(&loop->uv);
}

static void stop_on_signal(uv_signal_t *handle, int number)
{
    (void)number;
    uv_stop(handle->loop);
}

void io_loop_run_until_signal(io_loop *loop)
{
    for (size_t i = 0; i < 2; i++) {
        uv_signal_init(&loop->uv, &loop->signals[i]);
        uv_signal_start(&loop->signals[i], stop_on_signal, i == 0 ? SIGINT : SIGTERM);
    }
    io_loop_run(loop);
    for (size_t i = 0; i < 2; i++)
        uv_close((uv_handle_t *)&loop->signals[i], NULL);
}

int64_t io_loop_now(io_loop *loop)
{
    uv_update_time(&loop->uv);
    return (int64_t)uv_now(&loop->uv);
}

io_timer *io_timer_new(io_loop *loop, void (*fire)(void *self), void *self)
{
    io_timer *timer = base_allocate(sizeof *timer);

    uv_timer_init(&loop->uv, &timer->handle);
    timer->handle.data = timer;
    timer->fire = fire;
    timer->self = self;
    return timer;
}

static void on_timer(uv_timer_t *handle)
{
    io_timer *timer = handle->data;

    timer->fire(timer->self);
}

void io_timer_start(io_timer *timer, int64_t milliseconds)
{
    uv_update_time(timer->handle.loop);
    uv_timer_start(&timer->handle, on_timer, milliseconds > 0 ? (uint64_t)milliseconds : 0, 0);
}

void io_timer_stop(io_timer *timer)
{
    uv_timer_stop(&timer->handle);
}

void io_timer_background(io_timer *timer)
{
    uv_unref((uv_handle_t *)&timer->handle);
}

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void io_timer_free(io_timer *timer)
{
    if (timer != NULL)
        uv_close((uv_handle_t *)&timer->handle, on_timer_closed);
}

facts_code io_code_of_uv(int error)
{
    switch (error) {
    case UV_ECONNREFUSED:
        return FACTS_FAILURE_CONNECTION_REFUSED;
    case UV_ETIMEDOUT:
        return FACTS_FAILURE_CONNECT_TIMEOUT;
    case UV_ECONNRESET:
    case UV_EPIPE:
        return FACTS_FAILURE_CONNECTION_RESET;
    case UV_ENETUNREACH:
    case UV_EHOSTUNREACH:
    case UV_ENETDOWN:
    case UV_EADDRNOTAVAIL:
    case UV_EAFNOSUPPORT:
    case UV_EACCES:
    case UV_EPERM:
        return FACTS_FAILURE_NO_ROUTE;
    case UV_EMFILE:
    case UV_ENFILE:
    case UV_ENOMEM:
    case UV_ENOBUFS:
        return FACTS_FAILURE_LOCAL;
    default:
        return FACTS_FAILURE_CONNECTION_FAILED;
    }
}
