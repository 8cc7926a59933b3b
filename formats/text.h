/* Stores that are lines of text: what curl, wget, wget2 and the old Firefox have in common. */
#ifndef FORMATS_TEXT_H
#define FORMATS_TEXT_H

#include "cursor.h"
#include "row.h"
#include "writer.h"

typedef enum hf__line_kind {
    HF__LINE_ROW,
    HF__LINE_OTHER, /* a comment, or nothing */
    HF__LINE_DAMAGED,
} hf__line_kind;

typedef struct hf__text {
    const char *header; /* the first lines of a new store */
    const char *mark;   /* how a store begins, if it can be told by that; a prefix of the header */
    bool only_by_mark;  /* the rows look like those of another format */
    /* `line` has no line end. A row's host is in *host. *reason for damage. */
    hf__line_kind (*parse)(hf_span line, const hf_format_options *options, hf_row *row, hf_host *host,
                           const char **reason);
    /* Writes the row with its LF into HF__LINE_MAX + 1 octets and returns the length; 0 if it is left out (and why in
     * *losses). */
    size_t (*print)(const hf_row *row, const hf_format_options *options, char *out, hf_losses *losses);
} hf__text;

/* The functions of such a format; its `detail` is an hf__text. */
hf_status hf__text_read(const hf_format *format, const hf_input *input, const hf_format_options *options,
                        const hf_row_visitor *visitor);
hf_status hf__text_begin(hf_format_writer *writer);
hf_status hf__text_add(hf_format_writer *writer, const hf_row *row, hf_losses *losses);
hf_status hf__text_finish(hf_format_writer *writer);
void hf__text_discard(hf_format_writer *writer);
/* By the mark, or by the first line that is no comment. */
bool hf__text_detect(const hf_format *format, hf_span head, uint64_t length);

#define HF__TEXT_FUNCTIONS(text)                                                                                       \
    .detect = hf__text_detect, .read = hf__text_read, .begin = hf__text_begin, .add = hf__text_add,                    \
    .finish = hf__text_finish, .discard = hf__text_discard, .detail = (text)

/* The next word of `line` from *at on, parted by blanks; empty at the end. */
hf_span hf__word(hf_span line, size_t *at);

/* The next field of `line` from *at on, up to `separator` or the end. False when the line was over before. */
bool hf__field(hf_span line, char separator, size_t *at, hf_span *field);

#endif
