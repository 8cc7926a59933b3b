/*
 * http/http2_frames.h: how many frames of each kind an HTTP/2 peer may send on one connection. It looks at frame heads
 * alone (RFC 9113 4.1), before anything else reads the bytes, so that a flood of any kind ends at a number that is
 * written down here. A pure function over bytes.
 */
#ifndef HTTP_HTTP2_FRAMES_H
#define HTTP_HTTP2_FRAMES_H

#include <stddef.h>
#include <stdint.h>

/* Kind, its number, how many, its name. A connection here carries a handful of requests, and no server needs as many
 * for them. */
#define HTTP2_FRAME_MAP(X)                                                                                             \
    X(DATA, 0, 8192, "DATA frames")                                                                                    \
    X(HEADERS, 1, 1024, "HEADERS frames")                                                                              \
    X(PRIORITY, 2, 64, "PRIORITY frames")                                                                              \
    X(RST_STREAM, 3, 64, "RST_STREAM frames")                                                                          \
    X(SETTINGS, 4, 16, "SETTINGS frames")                                                                              \
    X(PUSH_PROMISE, 5, 8, "PUSH_PROMISE frames")                                                                       \
    X(PING, 6, 16, "PING frames")                                                                                      \
    X(GOAWAY, 7, 8, "GOAWAY frames")                                                                                   \
    X(WINDOW_UPDATE, 8, 256, "WINDOW_UPDATE frames")                                                                   \
    X(CONTINUATION, 9, 8, "CONTINUATION frames") /* for one head */                                                    \
    X(OTHER, 10, 64, "frames of unknown kinds")                                                                        \
    X(EMPTY_DATA, 11, 32, "empty DATA frames")

#define HTTP2_FRAME_KINDS 12

typedef struct http2_frames {
    unsigned char head[9];
    size_t head_length; /* octets of the head that have come */
    uint32_t left;      /* octets of the payload that have not */
    size_t counts[HTTP2_FRAME_KINDS];
} http2_frames;

/* NULL: all is within bounds; otherwise of what there is too much, and the bound is in *bound. All zero at the start.
 */
const char *http2_frames_count(http2_frames *frames, const char *bytes, size_t length, size_t *bound);

#endif
