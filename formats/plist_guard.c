#include "plist_guard.h"

#define DEPTH_MAX 32 /* a store needs 4 */
#define TRAILER 32
/* Of a store of Safari's about a quarter; each is a node of a hundred octets and more in libplist. */
#define OCTETS_FOR_EACH_VISIT 2
#define VISITS_MIN 1000 /* in a small list the same few objects may stand often */

typedef struct binary {
    const unsigned char *data;
    size_t length; /* without the trailer */
    size_t offset_size, ref_size;
    uint64_t objects, table;
    uint64_t visits; /* left */
} binary;

static uint64_t number_at(const unsigned char *at, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++)
        value = value << 8 | at[i];
    return value;
}

/* The elements of the container at *at, which moves on to its references. False if the octets end before. */
static bool count_at(const binary *b, uint64_t *at, uint64_t *count)
{
    unsigned char marker = b->data[*at];

    *count = marker & 15;
    ++*at;
    if (*count < 15)
        return true;
    if (*at >= b->length || (b->data[*at] & 0xf0) != 0x10)
        return false;
    size_t size = (size_t)1 << (b->data[*at] & 15);
    if (size > 8 || b->length - *at - 1 < size)
        return false;
    *count = number_at(b->data + *at + 1, size);
    *at += 1 + size;
    return true;
}

/*
 * A text as libplist can take it: without a NUL, for which it ends the program, and ASCII if it calls itself so, for
 * else it would come out as another text. `size` is that of a unit: 1 for ASCII, 2 for UTF-16.
 */
static bool is_text(const binary *b, uint64_t at, size_t size)
{
    uint64_t count;

    if (!count_at(b, &at, &count) || at > b->length || count > (b->length - at) / size)
        return false;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t unit = number_at(b->data + at + i * size, size);
        if (unit == 0 || (size == 1 && unit >= 0x80))
            return false;
    }
    return true;
}

static bool walk(binary *b, uint64_t object, unsigned depth)
{
    uint64_t count;

    if (depth > DEPTH_MAX || b->visits == 0 || object >= b->objects)
        return false;
    b->visits--;
    uint64_t at = number_at(b->data + b->table + object * b->offset_size, b->offset_size);
    if (at >= b->length)
        return false;
    unsigned kind = b->data[at] >> 4;
    if (kind == 5 || kind == 6)
        return is_text(b, at, kind == 5 ? 1 : 2);
    if (kind < 0xa)
        return true;
    if (!count_at(b, &at, &count) || count > b->length)
        return false;
    count *= kind == 0xd ? 2 : 1;
    if (at > b->length || count > (b->length - at) / b->ref_size)
        return false;
    for (uint64_t i = 0; i < count; i++) {
        if (!walk(b, number_at(b->data + at + i * b->ref_size, b->ref_size), depth + 1))
            return false;
    }
    return true;
}

static bool binary_is_tame(hf_span octets)
{
    binary b = {.data = (const unsigned char *)octets.data, .length = octets.length - TRAILER};
    const unsigned char *trailer = b.data + b.length;

    b.offset_size = trailer[6];
    b.ref_size = trailer[7];
    b.objects = number_at(trailer + 8, 8);
    b.table = number_at(trailer + 24, 8);
    b.visits = (uint64_t)octets.length / OCTETS_FOR_EACH_VISIT + VISITS_MIN;
    if (b.offset_size < 1 || b.offset_size > 8 || b.ref_size < 1 || b.ref_size > 8 || b.table > b.length)
        return false;
    if (b.objects > (b.length - b.table) / b.offset_size)
        return false;
    return walk(&b, number_at(trailer + 16, 8), 0);
}

static const char *find(const char *from, const char *end, const char *text)
{
    size_t length = strlen(text);

    for (; (size_t)(end - from) >= length; from++) {
        if (memcmp(from, text, length) == 0)
            return from;
    }
    return end;
}

static bool begins(const char *at, const char *end, const char *text)
{
    return (size_t)(end - at) >= strlen(text) && memcmp(at, text, strlen(text)) == 0;
}

/*
 * How deep the elements of XML stand in each other, comments and CDATA left out. A character by number may be a NUL,
 * and no name of a host needs one.
 */
static bool xml_is_tame(hf_span octets)
{
    const char *end = octets.data + octets.length, *close = octets.data;
    unsigned depth = 0;

    if (octets.length > 0 && (memchr(octets.data, '\0', octets.length) != NULL || find(octets.data, end, "&#") != end))
        return false;

    for (const char *at = find(octets.data, end, "<"); at < end; at = find(at + 1, end, "<")) {
        if (begins(at, end, "<!--")) {
            at = find(at + 4, end, "-->");
        } else if (begins(at, end, "<![CDATA[")) {
            at = find(at + 9, end, "]]>");
        } else if (begins(at, end, "</")) {
            depth -= depth > 0;
        } else if (!begins(at, end, "<!") && !begins(at, end, "<?")) {
            if (close <= at) /* else it closes this one too: no octet is passed over twice */
                close = find(at, end, ">");
            depth += close[-1] != '/';
        }
        if (depth > DEPTH_MAX)
            return false;
        if (at == end)
            break;
    }
    return true;
}

bool hf__plist_is_tame(hf_span octets)
{
    if (octets.length >= 8 && memcmp(octets.data, "bplist", 6) == 0)
        return octets.length >= 8 + TRAILER && binary_is_tame(octets);
    return xml_is_tame(octets);
}
