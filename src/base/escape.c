#include "base/escape.h"

#include "base/secret.h"
#include "base/utf8.h"

#include <string.h>

typedef struct range {
    uint32_t first, last;
} range;

bool base_escape_is_hostile(uint32_t point)
{
    static const range hostile[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},     {0x61c, 0x61c},
        {0x115f, 0x1160}, {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},
        {0x2060, 0x206f}, {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
        {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
    };
    size_t i;

    if (point >= 0x20 && point < 0x7f)
        return false;
    for (i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        if (point >= hostile[i].first && point <= hostile[i].last)
            return true;
    }
    return false;
}

size_t base_escape_octet(unsigned char octet, char out[BASE_ESCAPED_MAX])
{
    static const char digits[] = "0123456789abcdef";

    if (octet >= 0x20 && octet < 0x7f) {
        out[0] = (char)octet;
        out[1] = '\0';
        return 1;
    }
    out[0] = '\\';
    out[1] = 'x';
    out[2] = digits[octet >> 4];
    out[3] = digits[octet & 0xf];
    out[4] = '\0';
    return 4;
}

size_t base_escape_next(const char *text, size_t length, char out[BASE_ESCAPED_MAX])
{
    uint32_t point;
    size_t taken = base_utf8_decode(text, length, &point);

    if (taken <= 1) {
        base_escape_octet((unsigned char)text[0], out);
        return 1;
    }
    if (base_escape_is_hostile(point)) {
        snprintf(out, BASE_ESCAPED_MAX, "\\u{%x}", (unsigned)point);
        return taken;
    }
    memcpy(out, text, taken);
    out[taken] = '\0';
    return taken;
}

/* What has no secret in it. */
static void put(const char *text, size_t length, base_buffer *out, FILE *file)
{
    size_t at = 0;

    while (at < length) {
        char visible[BASE_ESCAPED_MAX];

        at += base_escape_next(text + at, length - at, visible);
        if (file != NULL)
            fputs(visible, file);
        else
            base_buffer_text(out, visible);
    }
}

static void put_masked(const char *text, size_t length, base_secrets kinds, base_buffer *out, FILE *file)
{
    base_secret secret;
    size_t at = 0;

    while (base_secret_find(text, length, at, kinds, &secret)) {
        put(text + at, secret.at - at, out, file);
        put(BASE_SECRET_MASK, sizeof BASE_SECRET_MASK - 1, out, file);
        at = secret.at + secret.length;
    }
    put(text + at, length - at, out, file);
}

void base_escape(const char *text, size_t length, base_buffer *out)
{
    put_masked(text, length, BASE_SECRETS_OF_URLS, out, NULL);
}

void base_escape_print(const char *text, size_t length, FILE *out)
{
    put_masked(text, length, BASE_SECRETS_OF_URLS, NULL, out);
}

void base_escape_input(const char *text, size_t length, FILE *out)
{
    put_masked(text, length, BASE_SECRETS_OF_INPUT, NULL, out);
}
