#include "base/punycode.h"

enum { BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700, INITIAL_BIAS = 72, INITIAL_N = 128 };

typedef struct encoder {
    char *out;
    size_t capacity;
    size_t length;
} encoder;

static bool put(encoder *e, uint32_t digit)
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";

    if (e->length == e->capacity)
        return false;
    e->out[e->length++] = digits[digit];
    return true;
}

static uint32_t adapt(uint32_t delta, uint32_t count, bool first)
{
    uint32_t k = 0;

    delta = first ? delta / DAMP : delta / 2;
    delta += delta / count;
    for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
        delta /= BASE - T_MIN;
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

/* A generalised variable-length integer, RFC 3492 3.3. */
static bool put_delta(encoder *e, uint32_t delta, uint32_t bias)
{
    uint32_t k, t;

    for (k = BASE;; k += BASE) {
        t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
        if (delta < t)
            return put(e, delta);
        if (!put(e, t + (delta - t) % (BASE - t)))
            return false;
        delta = (delta - t) / (BASE - t);
    }
}

/* The ASCII ones come first, as they are, with a hyphen behind. */
static bool put_basic(encoder *e, const uint32_t *points, size_t count, uint32_t *basic)
{
    size_t i;

    *basic = 0;
    for (i = 0; i < count; i++) {
        if (points[i] >= INITIAL_N)
            continue;
        if (e->length == e->capacity)
            return false;
        e->out[e->length++] = (char)points[i];
        (*basic)++;
    }
    if (*basic == 0)
        return true;
    if (e->length == e->capacity)
        return false;
    e->out[e->length++] = '-';
    return true;
}

static uint32_t least_from(const uint32_t *points, size_t count, uint32_t n)
{
    uint32_t least = UINT32_MAX;
    size_t i;

    for (i = 0; i < count; i++) {
        if (points[i] >= n && points[i] < least)
            least = points[i];
    }
    return least;
}

bool base_punycode_encode(const uint32_t *points, size_t count, char *out, size_t capacity, size_t *out_length)
{
    encoder e = {out, capacity, 0};
    uint32_t n = INITIAL_N, delta = 0, bias = INITIAL_BIAS, basic, handled;
    size_t i;

    /* With so few code points, delta stays far below 32 bits. */
    if (count > BASE_PUNYCODE_MAX || !put_basic(&e, points, count, &basic))
        return false;
    for (handled = basic; handled < count; delta++, n++) {
        uint32_t next = least_from(points, count, n);
        delta += (next - n) * (handled + 1);
        n = next;
        for (i = 0; i < count; i++) {
            if (points[i] < n)
                delta++;
            if (points[i] != n)
                continue;
            if (!put_delta(&e, delta, bias))
                return false;
            bias = adapt(delta, handled + 1, handled == basic);
            delta = 0;
            handled++;
        }
    }
    *out_length = e.length;
    return true;
}
