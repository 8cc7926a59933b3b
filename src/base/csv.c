#include "base/csv.h"

#include "base/escape.h"

#include <string.h>

static void separate(base_buffer *out)
{
    if (out->length > 0 && out->data[out->length - 1] != '\n')
        base_buffer_char(out, ',');
}

void base_csv_cell(base_buffer *out, const char *text, size_t length)
{
    char piece[BASE_ESCAPED_MAX];
    size_t at = 0;

    separate(out);
    base_buffer_char(out, '"');
    if (length > 0 && strchr("=+-@", text[0]) != NULL && text[0] != '\0')
        base_buffer_char(out, '\'');
    while (at < length) {
        at += base_escape_next(text + at, length - at, piece);
        base_buffer_text(out, strcmp(piece, "\"") == 0 ? "\"\"" : piece);
    }
    base_buffer_char(out, '"');
}

void base_csv_string(base_buffer *out, const char *text)
{
    base_csv_cell(out, text != NULL ? text : "", text != NULL ? strlen(text) : 0);
}

void base_csv_end(base_buffer *out)
{
    base_buffer_text(out, "\r\n");
}
