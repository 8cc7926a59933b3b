#include "http/http2_frames.h"

enum {
#define HTTP2_X(kind, number, bound, name) KIND_##kind = (number),
    HTTP2_FRAME_MAP(HTTP2_X)
#undef HTTP2_X
};

static const struct {
    size_t bound;
    const char *name;
} kinds[HTTP2_FRAME_KINDS] = {
#define HTTP2_X(kind, number, bound, name) {bound, name},
    HTTP2_FRAME_MAP(HTTP2_X)
#undef HTTP2_X
};

/* A head is complete: which kind has grown beyond its bound? HTTP2_FRAME_KINDS: none. */
static size_t count_head(http2_frames *frames)
{
    size_t kind = frames->head[3] < KIND_OTHER ? frames->head[3] : KIND_OTHER;

    frames->left = (uint32_t)frames->head[0] << 16 | (uint32_t)frames->head[1] << 8 | frames->head[2];
    if (kind == KIND_HEADERS || kind == KIND_PUSH_PROMISE)
        frames->counts[KIND_CONTINUATION] = 0;
    if (kind == KIND_DATA && frames->left == 0 && ++frames->counts[KIND_EMPTY_DATA] > kinds[KIND_EMPTY_DATA].bound)
        return KIND_EMPTY_DATA;
    return ++frames->counts[kind] > kinds[kind].bound ? kind : HTTP2_FRAME_KINDS;
}

const char *http2_frames_count(http2_frames *frames, const char *bytes, size_t length, size_t *bound)
{
    for (size_t at = 0; at < length;) {
        size_t kind;

        if (frames->left > 0) {
            size_t step = length - at < frames->left ? length - at : frames->left;

            frames->left -= (uint32_t)step;
            at += step;
            continue;
        }
        frames->head[frames->head_length++] = (unsigned char)bytes[at++];
        if (frames->head_length < sizeof frames->head)
            continue;
        frames->head_length = 0;
        kind = count_head(frames);
        if (kind < HTTP2_FRAME_KINDS) {
            *bound = kinds[kind].bound;
            return kinds[kind].name;
        }
    }
    return NULL;
}
