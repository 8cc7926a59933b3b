#include "base/buffer.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 256

void base_buffer_init(base_buffer *buffer, size_t max)
{
    *buffer = (base_buffer){.max = max};
}

void base_buffer_done(base_buffer *buffer)
{
    free(buffer->data);
    *buffer = (base_buffer){.max = buffer->max};
}

void base_buffer_clear(base_buffer *buffer)
{
    buffer->length = 0;
    buffer->failed = false;
    if (buffer->data != NULL)
        buffer->data[0] = '\0';
}

void base_buffer_drop(base_buffer *buffer, size_t count)
{
    if (count == 0)
        return;
    buffer->length -= count;
    memmove(buffer->data, buffer->data + count, buffer->length);
    buffer->data[buffer->length] = '\0';
}

/* Makes `needed` octets and a NUL fit. */
static bool grow(base_buffer *buffer, size_t needed)
{
    size_t capacity = buffer->capacity > 0 ? buffer->capacity : FIRST_CAPACITY;
    char *data;

    while (capacity <= needed)
        capacity = capacity > SIZE_MAX / 2 ? SIZE_MAX : capacity * 2;
    data = realloc(buffer->data, capacity);
    if (data == NULL)
        return false;
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

char *base_buffer_reserve(base_buffer *buffer, size_t length)
{
    if (buffer->failed)
        return NULL;
    if (length > buffer->max - buffer->length ||
        (buffer->length + length >= buffer->capacity && !grow(buffer, buffer->length + length))) {
        buffer->failed = true;
        return NULL;
    }
    return buffer->data + buffer->length;
}

void base_buffer_commit(base_buffer *buffer, size_t length)
{
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void base_buffer_append(base_buffer *buffer, const char *data, size_t length)
{
    char *room = base_buffer_reserve(buffer, length);

    if (room == NULL)
        return;
    if (length > 0)
        memcpy(room, data, length);
    base_buffer_commit(buffer, length);
}

void base_buffer_text(base_buffer *buffer, const char *text)
{
    base_buffer_append(buffer, text, strlen(text));
}

void base_buffer_char(base_buffer *buffer, char c)
{
    base_buffer_append(buffer, &c, 1);
}

void base_buffer_vappendf(base_buffer *buffer, const char *format, va_list arguments)
{
    va_list again;
    char *room;
    int length;

    va_copy(again, arguments);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0) {
        buffer->failed = true;
        return;
    }
    room = base_buffer_reserve(buffer, (size_t)length);
    if (room == NULL)
        return;
    vsnprintf(room, (size_t)length + 1, format, arguments);
    base_buffer_commit(buffer, (size_t)length);
}

void base_buffer_appendf(base_buffer *buffer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    base_buffer_vappendf(buffer, format, arguments);
    va_end(arguments);
}

const char *base_buffer_string(const base_buffer *buffer)
{
    return buffer->data != NULL ? buffer->data : "";
}

bool base_buffer_flush(base_buffer *buffer, FILE *out, base_error *error)
{
    bool failed = buffer->failed;

    if (failed)
        base_error_set(error, "the output is longer than %zu octets, or memory ran out", buffer->max);
    else if (fwrite(base_buffer_string(buffer), 1, buffer->length, out) != buffer->length || fflush(out) != 0) {
        base_error_set(error, "cannot write the output: %s", strerror(errno));
        failed = true;
    }
    base_buffer_clear(buffer);
    return !failed;
}
