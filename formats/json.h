/*
 * JSON (RFC 8259) read forward from a cursor, value by value: a store of a million hosts is never held whole. What is
 * wrong ends the reading, with a reason and a place; nothing read before is taken back.
 */
#ifndef FORMATS_JSON_H
#define FORMATS_JSON_H

#include "cursor.h"

#define HF__JSON_DEPTH 100 /* Chromium's parser gives up at 200 */

typedef struct hf__json {
    hf__cursor cursor;
    const char *problem; /* NULL as long as all is well */
    uint64_t problem_offset;
    unsigned depth;
} hf__json;

/* The first octet of the next value, blanks skipped: '{', '[', '"', 't', 'f', 'n', '-' or a digit; -1 if there is none.
 */
int hf__json_next(hf__json *json);

/* Walks the members of an object or the elements of an array. *first is true before the first call; false: no more, or
 * a problem. */
bool hf__json_open(hf__json *json, char bracket);
bool hf__json_more(hf__json *json, char closing, bool *first);

/* A string, decoded. What is beyond `capacity` octets is dropped, and *length counts it. */
bool hf__json_string(hf__json *json, char *out, size_t capacity, size_t *length);
/* The name of a member, and its colon. */
bool hf__json_name(hf__json *json, char *out, size_t capacity, size_t *length);
bool hf__json_bool(hf__json *json, bool *value);
/* A number as it is spelled, at most `capacity` octets of it. */
bool hf__json_number(hf__json *json, char *out, size_t capacity, size_t *length);
bool hf__json_skip(hf__json *json);

/* True if nothing but blanks follows. */
bool hf__json_ends(hf__json *json);

#endif
