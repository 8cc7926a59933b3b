#include "net/loop.h"

#include "net/uv.h"

#include "base/memory.h"

#include <signal.h>
#include <stdlib.h>

struct net_timer {
    uv_timer_t handle;
    void (*fire)(void *self);
    void *self;
};

net_loop *net_loop_new(void)
{
    net_loop *loop = base_allocate(sizeof *loop);

    if (uv_loop_init(&loop->uv) != 0)
        base_out_of_memory();
    /* A peer that closes while we write is a failure of that connection, not of the process. */
    signal(SIGPIPE, SIG_IGN);
    return loop;
}

void net_loop_free(net_loop *loop)
{
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    uv_loop_close(&loop->uv);
    free(loop);
}

void net_loop_run(net_loop *loop)
{
    uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void net_loop_stop(net_loop *loop)
{
    uv_stop(&loop->uv);
}

static void stop_on_signal(uv_signal_t *handle, int number)
{
    (void)number;
    uv_stop(handle->loop);
}

void net_loop_run_until_signal(net_loop *loop)
{
    for (size_t i = 0; i < 2; i++) {
        uv_signal_init(&loop->uv, &loop->signals[i]);
        uv_signal_start(&loop->signals[i], stop_on_signal, i == 0 ? SIGINT : SIGTERM);
    }
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    for (size_t i = 0; i < 2; i++)
        uv_close((uv_handle_t *)&loop->signals[i], NULL);
}

int64_t net_loop_now(net_loop *loop)
{
    uv_update_time(&loop->uv);
    return (int64_t)uv_now(&loop->uv);
}

net_timer *net_timer_new(net_loop *loop, void (*fire)(void *self), void *self)
{
    net_timer *timer = base_allocate(sizeof *timer);

    uv_timer_init(&loop->uv, &timer->handle);
    timer->handle.data = timer;
    timer->fire = fire;
    timer->self = self;
    return timer;
}

static void on_timer(uv_timer_t *handle)
{
    net_timer *timer = handle->data;

    timer->fire(timer->self);
}

void net_timer_start(net_timer *timer, int64_t milliseconds)
{
    uv_update_time(timer->handle.loop);
    uv_timer_start(&timer->handle, on_timer, milliseconds > 0 ? (uint64_t)milliseconds : 0, 0);
}

void net_timer_stop(net_timer *timer)
{
    uv_timer_stop(&timer->handle);
}

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void net_timer_free(net_timer *timer)
{
    if (timer != NULL)
        uv_close((uv_handle_t *)&timer->handle, on_timer_closed);
}

net_code net_code_of_uv(int error)
{
    switch (error) {
    case UV_ECONNREFUSED:
        return NET_CONNECTION_REFUSED;
    case UV_ETIMEDOUT:
        return NET_CONNECT_TIMEOUT;
    case UV_ECONNRESET:
    case UV_EPIPE:
        return NET_CONNECTION_RESET;
    case UV_ENETUNREACH:
    case UV_EHOSTUNREACH:
    case UV_ENETDOWN:
    case UV_EADDRNOTAVAIL:
    case UV_EAFNOSUPPORT:
    case UV_EACCES:
    case UV_EPERM:
        return NET_NO_ROUTE;
    case UV_EMFILE:
    case UV_ENFILE:
    case UV_ENOMEM:
    case UV_ENOBUFS:
        return NET_LOCAL;
    default:
        return NET_CONNECTION_FAILED;
    }
}
