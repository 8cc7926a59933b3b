/*
 * http/head_lines.h: the lines of a head as each reader of http/head.h takes them, for head.c alone.
 */
#ifndef HTTP_HEAD_LINES_H
#define HTTP_HEAD_LINES_H

#include "http/head.h"

/* Where the status line begins, of the first head or of one behind an interim response; SIZE_MAX: nowhere. `sure` is
 * set where more octets cannot change that. */
size_t http_head_start(http_reader reader, bool first, const char *bytes, size_t length, bool *sure);

/* Takes the status line and the fields of one head, whole or cut short, apart. Sets all of *head but `raw`. */
http_head_result http_head_read(http_reader reader, const char *bytes, size_t length, http_head *head);

#endif
