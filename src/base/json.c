#include "base/json.h"

#include "base/base64.h"
#include "base/escape.h"
#include "base/secret.h"
#include "base/time.h"
#include "base/utf8.h"
#include "holdfast/status.h"

#include <stdio.h>
#include <string.h>

void base_json_init(base_json *json, base_buffer *out, bool pretty)
{
    *json = (base_json){.out = out, .pretty = pretty, .first = true, .octets_left = SIZE_MAX, .base64_left = SIZE_MAX};
}

static void new_line(base_json *json)
{
    unsigned i;

    if (!json->pretty)
        return;
    base_buffer_char(json->out, '\n');
    for (i = 0; i < json->depth; i++)
        base_buffer_append(json->out, "  ", 2);
}

/* What stands in front of a key or an item. */
static void separate(base_json *json)
{
    if (json->depth == 0)
        return;
    if (!json->first)
        base_buffer_char(json->out, ',');
    new_line(json);
}

static void before_value(base_json *json)
{
    if (!json->after_key)
        separate(json);
    json->after_key = false;
    json->first = false;
}

static void begin(base_json *json, char bracket)
{
    before_value(json);
    base_buffer_char(json->out, bracket);
    json->depth++;
    json->first = true;
}

static void end(base_json *json, char bracket)
{
    json->depth--;
    if (!json->first)
        new_line(json);
    base_buffer_char(json->out, bracket);
    json->first = false;
}

void base_json_object_begin(base_json *json)
{
    begin(json, '{');
}

void base_json_object_end(base_json *json)
{
    end(json, '}');
}

void base_json_array_begin(base_json *json)
{
    begin(json, '[');
}

void base_json_array_end(base_json *json)
{
    end(json, ']');
}

void base_json_key(base_json *json, const char *key)
{
    separate(json);
    base_buffer_char(json->out, '"');
    base_buffer_text(json->out, key);
    base_buffer_text(json->out, json->pretty ? "\": " : "\":");
    json->first = false;
    json->after_key = true;
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

#define UNIT 6 /* octets of one */

static void write_unit(base_buffer *out, uint32_t unit)
{
    static const char digits[] = "0123456789abcdef";
    char text[UNIT] = {
        '\\', 'u', digits[unit >> 12 & 0xf], digits[unit >> 8 & 0xf], digits[unit >> 4 & 0xf], digits[unit & 0xf]};

    base_buffer_append(out, text, sizeof text);
}

static void write_escaped(base_buffer *out, uint32_t point)
{
    static const char letters[] = "btn\0fr"; /* of U+0008 to U+000D; U+000B has none */

    if (point == '"' || point == '\\') {
        char text[2] = {'\\', (char)point};
        base_buffer_append(out, text, 2);
    } else if (point >= 0x08 && point <= 0x0d && point != 0x0b) {
        char text[2] = {'\\', letters[point - 0x08]};
        base_buffer_append(out, text, 2);
    } else if (point > 0xffff) {
        write_unit(out, 0xd7c0 + (point >> 10));
        write_unit(out, 0xdc00 + (point & 0x3ff));
    } else {
        write_unit(out, point);
    }
}

/* The plain run at the front of `text`, appended; returns its length. Most values are one such run. */
static size_t write_run(base_buffer *out, const char *text, size_t length)
{
    size_t run = 0;

    while (run < length && is_plain((unsigned char)text[run]))
        run++;
    if (run > 0)
        base_buffer_append(out, text, run);
    return run;
}

static void write_text(base_json *json, const char *text, size_t length)
{
    size_t at = 0;

    while ((at += write_run(json->out, text + at, length - at)) < length) {
        uint32_t point;
        size_t taken = base_utf8_decode(text + at, length - at, &point);
        if (taken == 0)
            base_buffer_text(json->out, "\xef\xbf\xbd"); /* U+FFFD */
        else if (taken == 1 || base_escape_is_hostile(point))
            write_escaped(json->out, point);
        else
            base_buffer_append(json->out, text + at, taken);
        at += taken > 0 ? taken : 1;
    }
}

static void write_octets(base_json *json, const char *octets, size_t length)
{
    size_t at = 0;

    /* Without octets there may be no address to count from. */
    while (at < length && (at += write_run(json->out, octets + at, length - at)) < length)
        write_escaped(json->out, (unsigned char)octets[at++]);
}

/* A string, without what must not be printed. */
static void write_string(base_json *json, const char *text, size_t length, base_secrets kinds,
                         void write(base_json *json, const char *text, size_t length))
{
    base_secret secret;
    size_t at = 0;

    before_value(json);
    base_buffer_char(json->out, '"');
    while (base_secret_find(text, length, at, kinds, &secret)) {
        write(json, text + at, secret.at - at);
        base_buffer_text(json->out, BASE_SECRET_MASK);
        at = secret.at + secret.length;
    }
    if (at < length)
        write(json, text + at, length - at);
    base_buffer_char(json->out, '"');
}

void base_json_text(base_json *json, const char *text, size_t length)
{
    write_string(json, text, length, BASE_SECRETS_OF_URLS, write_text);
}

void base_json_input(base_json *json, const char *text, size_t length)
{
    write_string(json, text, length, BASE_SECRETS_OF_INPUT, write_text);
}

void base_json_exact(base_json *json, const char *text, size_t length)
{
    before_value(json);
    base_buffer_char(json->out, '"');
    write_text(json, text, length);
    base_buffer_char(json->out, '"');
}

void base_json_string(base_json *json, const char *text)
{
    if (text == NULL)
        base_json_null(json);
    else
        base_json_text(json, text, strlen(text));
}

void base_json_octets(base_json *json, const char *octets, size_t length)
{
    write_string(json, octets, length, BASE_SECRETS_OF_URLS, write_octets);
}

void base_json_int(base_json *json, int64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    before_value(json);
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        base_buffer_char(json->out, '-');
    base_buffer_append(json->out, digits + at, sizeof digits - at);
}

static void write_word(base_json *json, const char *word)
{
    before_value(json);
    base_buffer_text(json->out, word);
}

void base_json_number(base_json *json, const char *digits)
{
    write_word(json, digits);
}

void base_json_bool(base_json *json, bool value)
{
    write_word(json, value ? "true" : "false");
}

void base_json_null(base_json *json)
{
    write_word(json, "null");
}

void base_json_time(base_json *json, int64_t time)
{
    char text[BASE_TIME_MAX];

    if (time == HF_TIME_UNKNOWN) {
        base_json_null(json);
        return;
    }
    base_time_format(time, text);
    base_json_text(json, text, strlen(text));
}

void base_json_key_string(base_json *json, const char *key, const char *text)
{
    base_json_key(json, key);
    base_json_string(json, text);
}

void base_json_key_strings(base_json *json, const char *key, const char *const *texts, size_t count)
{
    base_json_key(json, key);
    base_json_array_begin(json);
    for (size_t i = 0; i < count; i++)
        base_json_string(json, texts[i]);
    base_json_array_end(json);
}

void base_json_key_octets(base_json *json, const char *key, const char *octets, size_t length)
{
    base_json_key(json, key);
    base_json_octets(json, octets, length);
}

static void key_cut(base_json *json, const char *key, size_t count)
{
    char name[64];

    snprintf(name, sizeof name, "%s_cut", key);
    base_json_key_int(json, name, (int64_t)count);
}

#define SHORT 128 /* octets that are not worth a cut */

static size_t size_of(unsigned char octet)
{
    if (is_plain(octet))
        return 1;
    return octet == '"' || octet == '\\' || (octet >= 0x08 && octet <= 0x0d && octet != 0x0b) ? 2 : UNIT;
}

size_t base_json_octets_size(const char *octets, size_t length)
{
    size_t size = 0;

    for (size_t i = 0; i < length; i++)
        size += size_of((unsigned char)octets[i]);
    return size;
}

void base_json_key_cut(base_json *json, const char *key, const char *octets, size_t length, size_t reserved)
{
    size_t room = json->octets_left > reserved ? json->octets_left - reserved : 0, used = 0, count = 0;

    if (length <= SHORT) {
        used = base_json_octets_size(octets, length);
        count = length;
    }
    while (count < length && size_of((unsigned char)octets[count]) <= room - used)
        used += size_of((unsigned char)octets[count++]);
    base_json_key_octets(json, key, octets, count);
    if (count < length)
        key_cut(json, key, length - count);
    json->octets_left -= used < json->octets_left ? used : json->octets_left;
}

void base_json_key_base64(base_json *json, const char *key, const void *octets, size_t length)
{
    base_json_key(json, key);
    if (octets == NULL || length > json->base64_left) {
        base_json_null(json);
        if (octets != NULL)
            key_cut(json, key, length);
        return;
    }
    json->base64_left -= length;
    before_value(json);
    base_buffer_char(json->out, '"');
    base_base64_write(octets, length, json->out);
    base_buffer_char(json->out, '"');
}

void base_json_key_int(base_json *json, const char *key, int64_t value)
{
    base_json_key(json, key);
    base_json_int(json, value);
}

void base_json_key_bool(base_json *json, const char *key, bool value)
{
    base_json_key(json, key);
    base_json_bool(json, value);
}

void base_json_key_time(base_json *json, const char *key, int64_t time)
{
    base_json_key(json, key);
    base_json_time(json, time);
}
