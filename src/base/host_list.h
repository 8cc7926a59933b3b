/*
 * base/host_list.h: lists of hosts as people keep them, one way in every command: a host or a URL a line, with
 * comments; a JSON string or object a line; or CSV, whose first column has the hosts, or the one that a heading names.
 * Thread rule: pure; call from any thread.
 */
#ifndef BASE_HOST_LIST_H
#define BASE_HOST_LIST_H

#include "base/error.h"
#include "holdfast/status.h"

#include <stdbool.h>
#include <stddef.h>

/* All zero at the beginning of each file, but for `heading`. */
typedef struct base_host_list {
    const char *heading; /* of the column that has the hosts; NULL: the one with a usual heading, or the first */
    bool begun;          /* a line that is no comment came */
    size_t column;       /* that has the hosts, from 0 */
} base_host_list;

typedef enum base_listed {
    BASE_LISTED_ONE,     /* `text`: a host, a URL, or a JSON value, without the blanks around it */
    BASE_LISTED_NOTHING, /* an empty line, a comment or the heading */
    BASE_LISTED_WRONG,   /* the list has no such column; `error` says so, and no line of it can be read */
} base_listed;

/* What a line names; *text points into the line. */
base_listed base_host_list_line(base_host_list *list, hf_span line, hf_span *text, base_error *error);

#endif
