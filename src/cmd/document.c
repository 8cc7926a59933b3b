#include "cmd/document.h"

#include <stdio.h>

void cmd_document_begin(base_buffer *out, base_json *json, size_t max)
{
    base_buffer_init(out, max);
    base_json_init(json, out, true);
}

bool cmd_document_end(base_buffer *out, base_error *error)
{
    bool written;

    base_buffer_char(out, '\n');
    written = base_buffer_flush(out, stdout, error);
    base_buffer_done(out);
    return written;
}
