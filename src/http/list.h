/*
 * http/list.h: fields whose values are lists separated by commas (RFC 9110 5.6.1), and those that stand several times.
 */
#ifndef HTTP_LIST_H
#define HTTP_LIST_H

#include "holdfast/header.h"

#include <stdbool.h>

bool http_field_is(const hf_field *field, const char *name);

/* The next element that is not empty; *list moves behind it. False: there is none left. */
bool http_list_take(hf_span *list, hf_span *element);

/* True if one of the fields of that name lists `wanted`, in either case. */
bool http_list_has(const hf_field *fields, size_t count, const char *name, const char *wanted);

/* The first field of that name; NULL without one. */
const hf_field *http_field_find(const hf_field *fields, size_t count, const char *name);

#endif
