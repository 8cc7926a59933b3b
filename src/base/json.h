/*
 * base/json.h: JSON written to a buffer.
 *
 * The writer puts in commas, and in pretty mode line feeds and two blanks a level; the caller keeps begin and end in
 * pairs and gives every member of an object its key. Controls and the characters of base_escape_is_hostile leave as
 * \uXXXX, so that the output is safe on a terminal too. Failure is the buffer's flag.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buffer.h"

#include <stdint.h>

typedef struct base_json {
    base_buffer *out;
    bool pretty;
    bool first;     /* nothing stands yet in the innermost object or array */
    bool after_key; /* the next value follows its key */
    unsigned depth;
    /* What may still be written of what a server sent: of octets, as they are written, and of what is in base64. */
    size_t octets_left, base64_left;
} base_json;

/* Without limits for what a server sent: to set them is the caller's business, a host at a time. */
void base_json_init(base_json *json, base_buffer *out, bool pretty);

void base_json_object_begin(base_json *json);
void base_json_object_end(base_json *json);
void base_json_array_begin(base_json *json);
void base_json_array_end(base_json *json);

void base_json_key(base_json *json, const char *key); /* plain ASCII without quotes or backslashes */

/* Text in UTF-8. What is not UTF-8 becomes U+FFFD, octet by octet: for what should be text. */
void base_json_text(base_json *json, const char *text, size_t length);
void base_json_string(base_json *json, const char *text); /* the same, NUL-terminated; NULL gives null */

/* The same of what somebody gave us and we refuse: without BASE_SECRETS_OF_INPUT (base/secret.h). */
void base_json_input(base_json *json, const char *text, size_t length);

/* The same with its secrets (base/secret.h): for a URL that a program is to request. */
void base_json_exact(base_json *json, const char *text, size_t length);

/* Octets from a server, losslessly but for the passwords of URLs, which every string leaves out: each becomes the code
 * point U+0000 to U+00FF of its number. */
void base_json_octets(base_json *json, const char *octets, size_t length);

void base_json_int(base_json *json, int64_t value);
void base_json_number(base_json *json, const char *digits); /* a number of JSON's grammar, exactly as it stands */
void base_json_bool(base_json *json, bool value);
void base_json_null(base_json *json);
void base_json_time(base_json *json, int64_t time); /* RFC 3339; null for HF_TIME_UNKNOWN */

/* A member: its key and its value. */
void base_json_key_string(base_json *json, const char *key, const char *text);
void base_json_key_strings(base_json *json, const char *key, const char *const *texts, size_t count);
void base_json_key_octets(base_json *json, const char *key, const char *octets, size_t length);
/* As many of the octets as octets_left allows and `reserved` leaves. A second member, KEY_cut, says how many are left
 * out; none: it is not there. */
void base_json_key_cut(base_json *json, const char *key, const char *octets, size_t length, size_t reserved);
/* What base_json_octets would write, quotes not counted. */
size_t base_json_octets_size(const char *octets, size_t length);
/* In base64, for what is no text; null when `octets` is NULL, and when base64_left is less: then KEY_cut says of how
 * many octets. */
void base_json_key_base64(base_json *json, const char *key, const void *octets, size_t length);
void base_json_key_int(base_json *json, const char *key, int64_t value);
void base_json_key_bool(base_json *json, const char *key, bool value);
void base_json_key_time(base_json *json, const char *key, int64_t time);

#endif
