/* net/uv.h: inside of the loop, for the files of net alone. */
#ifndef NET_UV_H
#define NET_UV_H

#include "net/failure.h"
#include "net/loop.h"

#include <uv.h>

struct net_loop {
    uv_loop_t uv;
    /* What was read is used up before the next read, so all connections share one buffer, and an idle one costs none. */
    char read_buffer[65536];
    uv_signal_t signals[2];
};

/* What a system error of a connection means. */
net_code net_code_of_uv(int error);

#endif
