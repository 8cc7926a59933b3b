/* Chromium's list as its source viewer hands it out with ?format=TEXT: in base64. */
#include "preload/reader.h"

#include <string.h>

#define LOOK 64 /* octets; no other kind is made of so many letters and digits */

static int value_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c != '\0' ? strchr(digits, c) : NULL;

    return found != NULL ? (int)(found - digits) : -1;
}

static bool recognises(const char *text, size_t length)
{
    if (length < LOOK)
        return false;
    for (size_t i = 0; i < LOOK; i++) {
        if (value_of(text[i]) < 0)
            return false;
    }
    return true;
}

static bool decode(const char *text, size_t length, base_buffer *out, base_error *error)
{
    uint32_t bits = 0;
    unsigned held = 0;
    size_t i = 0;

    for (; i < length && text[i] != '='; i++) {
        int value = value_of(text[i]);

        if (text[i] == '\n' || text[i] == '\r')
            continue;
        if (value < 0) {
            base_error_set(error, "offset %zu: no character of base64", i);
            return false;
        }
        bits = (bits << 6 | (uint32_t)value) & 0xffffff;
        held += 6;
        if (held >= 8) {
            held -= 8;
            base_buffer_char(out, (char)(bits >> held & 0xff));
        }
    }
    return true;
}

static bool read(const char *text, size_t length, preload_names *names, base_error *error)
{
    base_buffer plain;
    bool is_read = false;

    base_buffer_init(&plain, PRELOAD_TEXT_MAX);
    if (decode(text, length, &plain, error)) {
        if (plain.failed)
            base_error_set(error, "what the base64 stands for is too long");
        else if (!preload_reader_chromium.recognises(base_buffer_string(&plain), plain.length))
            base_error_set(error, "what the base64 stands for is not Chromium's list");
        else
            is_read = preload_reader_chromium.read(base_buffer_string(&plain), plain.length, names, error);
    }
    base_buffer_done(&plain);
    return is_read;
}

const preload_reader preload_reader_base64 = {"base64", recognises, read};
