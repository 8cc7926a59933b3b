/*
 * base/lines.h: the lines of a file or pipe, as large as they come but no larger than stated.
 *
 * A line ends in LF or CR LF, which are not part of it; the last one needs neither. Thread rule: one reader, one
 * thread.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include "base/error.h"
#include "holdfast/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct base_lines {
    const char *name; /* for messages: the path, or "standard input" */
    int fd;
    char *data;
    size_t capacity;
    size_t start, end; /* what was read and not yet given out */
    size_t scanned;    /* from start to here there is no LF */
    size_t max;
    uint64_t number; /* of the line given last, from 1 */
    uint64_t passed; /* octets in front of data[0] */
    bool at_end;
    uint64_t thrown_away; /* octets of the line at `start`, which is overlong and has lost its beginning */
    uint64_t octets_max;  /* more than this altogether is refused; 0, as it is opened: any number of lines */
} base_lines;

typedef enum base_line {
    BASE_LINE_GOOD,
    BASE_LINE_TOO_LONG, /* it was passed over, and the next one may be asked for; `error` says how long is too long */
    BASE_LINE_END,
    BASE_LINE_FAILED, /* reading failed, or a line or the whole has no end; `error` says why, with name and line */
} base_line;

/* Opens `path`, or standard input for "-"; `path` must outlive the reader. `max` is octets a line. */
bool base_lines_open(base_lines *lines, const char *path, size_t max, base_error *error);
void base_lines_close(base_lines *lines);

/* The next line, without the byte order mark that the first may begin with; *line points into the reader and lives
 * until the next call. */
base_line base_lines_next(base_lines *lines, hf_span *line, base_error *error);

/* Where in the file the line begins that was given last. */
uint64_t base_lines_offset(const base_lines *lines, hf_span line);

/* False if the next line must be waited for: then is the time to flush the output, for the other end may wait for an
 * answer. */
bool base_lines_ready(base_lines *lines);

/* Reads once what there is, for who waits for several things at a time; until base_lines_ready. False: reading failed.
 */
bool base_lines_feed(base_lines *lines, base_error *error);

#endif
