/* A window over the octets of an input, moving forward: what lets a store of any length be read in constant memory. */
#ifndef FORMATS_CURSOR_H
#define FORMATS_CURSOR_H

#include "holdfast/formats.h"

#define HF__WINDOW 65536u
#define HF__MARK_MAX (HF__WINDOW / 2)
#define HF__LINE_MAX 4095u /* curl's, and more than any of the others writes */

typedef struct hf__cursor {
    const hf_input *input;
    char *window;
    size_t at, end; /* in the window */
    uint64_t base;  /* where the window stands in the input */
    size_t mark;    /* in the window; SIZE_MAX: none, or lost because too far back */
    bool exhausted; /* nothing follows the window */
    bool failed;    /* the input could not be read */
} hf__cursor;

/* HF_E_MEMORY. */
HF_MUST_USE hf_status hf__cursor_init(hf__cursor *cursor, const hf_input *input);
void hf__cursor_done(hf__cursor *cursor);

/* Reads on, keeping what is between the mark and the end. False at the end of the input, or when it failed. */
bool hf__cursor_fill(hf__cursor *cursor);

/* The next octet, or -1 at the end. */
static inline int hf__cursor_peek(hf__cursor *cursor)
{
    if (cursor->at == cursor->end && !hf__cursor_fill(cursor))
        return -1;
    return (unsigned char)cursor->window[cursor->at];
}

static inline uint64_t hf__cursor_offset(const hf__cursor *cursor)
{
    return cursor->base + cursor->at;
}

/* From here to where the cursor will stand is a row; hf__cursor_marked gives it, empty if it is too long. */
static inline void hf__cursor_mark(hf__cursor *cursor)
{
    cursor->mark = cursor->at;
}

hf_span hf__cursor_marked(const hf__cursor *cursor);

/* One line without its LF; false at the end. One longer than HF__LINE_MAX is `overlong`, and its span is empty. */
typedef struct hf__line {
    hf_span text;
    uint64_t offset;
    uint64_t end; /* behind the LF */
    bool overlong;
} hf__line;

bool hf__cursor_line(hf__cursor *cursor, hf__line *line);

#endif
