/* The writer as the codecs see it: what they were given, and a buffered way out. */
#ifndef FORMATS_WRITER_H
#define FORMATS_WRITER_H

#include "holdfast/formats.h"

#define HF__SINK_SIZE 16384u

struct hf_format_writer {
    const hf_format *format;
    hf_format_options options;
    hf_format_rewrite rewrite; /* `previous` is NULL for a new store */
    hf_output output;
    size_t rows; /* kept and added */
    uint64_t at; /* where the buffer goes */
    size_t used;
    bool failed; /* an octet could not be written; all later ones are dropped */
    void *state; /* the codec's */
    char buffer[HF__SINK_SIZE];
};

/* Appends; failures are kept for hf__writer_flush. */
void hf__writer_put(hf_format_writer *writer, const char *data, size_t length);
void hf__writer_puts(hf_format_writer *writer, const char *text);
/* Appends octets [from, to) of the previous store. */
HF_MUST_USE hf_status hf__writer_copy(hf_format_writer *writer, uint64_t from, uint64_t to);
HF_MUST_USE hf_status hf__writer_flush(hf_format_writer *writer);

/* Does the row of the previous store stay? Counts it if so. */
bool hf__writer_keeps(hf_format_writer *writer, const hf_row *row);

#endif
