/* Columns and JSON strings of vector files. */
#include "runner.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

size_t split_columns(char *line, char **columns, size_t capacity)
{
    size_t count = 0;

    for (char *at = line; at != NULL && count < capacity; count++) {
        columns[count] = at;
        at = strchr(at, '\t');
        if (at != NULL)
            *at++ = '\0';
    }
    return count;
}

char *octets_of(const char *utf8, size_t length, size_t *out_length)
{
    char *out = malloc(length + 1);
    size_t count = 0;

    for (size_t i = 0; out != NULL && i < length; i++) {
        unsigned char c = (unsigned char)utf8[i];
        if (c >= 0x80) {
            /* Only U+0080..U+00FF are octets: C2 xx and C3 xx. */
            if ((c != 0xc2 && c != 0xc3) || i + 1 == length) {
                free(out);
                return NULL;
            }
            c = (unsigned char)((c & 3) << 6 | ((unsigned char)utf8[++i] & 0x3f));
        }
        out[count++] = (char)c;
    }
    if (out != NULL)
        out[count] = '\0';
    *out_length = count;
    return out;
}

char *json_column_text(const char *column, size_t *length)
{
    json_t *value = json_loads(column, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    char *text = NULL;

    if (json_is_string(value)) {
        *length = json_string_length(value);
        text = malloc(*length + 1);
        if (text != NULL)
            memcpy(text, json_string_value(value), *length + 1);
    }
    json_decref(value);
    return text;
}

char *json_column_octets(const char *column, size_t *length)
{
    size_t utf8_length;
    char *octets = NULL, *utf8 = json_column_text(column, &utf8_length);

    if (utf8 != NULL)
        octets = octets_of(utf8, utf8_length, length);
    free(utf8);
    return octets;
}
