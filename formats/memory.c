/* Octets in memory as input and output. */
#include "holdfast/formats.h"

#include <stdlib.h>

static bool copy_out(const char *data, size_t total, uint64_t offset, char *buffer, size_t capacity, size_t *length)
{
    size_t left = offset < total ? total - (size_t)offset : 0;

    *length = left < capacity ? left : capacity;
    if (*length > 0)
        memcpy(buffer, data + offset, *length);
    return true;
}

static bool read_span(void *self, uint64_t offset, char *buffer, size_t capacity, size_t *length)
{
    const hf_span *octets = self;

    return copy_out(octets->data, octets->length, offset, buffer, capacity, length);
}

hf_input hf_input_from(const hf_span *octets)
{
    return (hf_input){read_span, (void *)(uintptr_t)octets, octets->length};
}

static bool read_octets(void *self, uint64_t offset, char *buffer, size_t capacity, size_t *length)
{
    const hf_octets *octets = self;

    return copy_out(octets->data, octets->length, offset, buffer, capacity, length);
}

static bool reserve(hf_octets *octets, size_t length)
{
    size_t capacity = octets->capacity > 0 ? octets->capacity : 256;

    if (length <= octets->capacity)
        return true;
    while (capacity < length) {
        if (capacity > SIZE_MAX / 2)
            return false;
        capacity *= 2;
    }
    char *data = realloc(octets->data, capacity);
    if (data == NULL)
        return false;
    octets->data = data;
    octets->capacity = capacity;
    return true;
}

static bool write_octets(void *self, uint64_t offset, const char *data, size_t length)
{
    hf_octets *octets = self;

    if (offset > octets->length || length > SIZE_MAX - (size_t)offset || !reserve(octets, (size_t)offset + length))
        return false;
    if (length > 0)
        memcpy(octets->data + offset, data, length);
    if (offset + length > octets->length)
        octets->length = (size_t)offset + length;
    return true;
}

static bool truncate_octets(void *self, uint64_t length)
{
    hf_octets *octets = self;

    if (length < octets->length)
        octets->length = (size_t)length;
    return true;
}

hf_output hf_output_to(hf_octets *octets)
{
    return (hf_output){write_octets, read_octets, truncate_octets, octets};
}

void hf_octets_done(hf_octets *octets)
{
    free(octets->data);
    *octets = (hf_octets){0};
}
