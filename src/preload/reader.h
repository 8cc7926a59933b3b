/*
 * preload/reader.h: the kinds of files that lists come in. One file a kind, one table.
 *
 * What they read may come from anybody: every reader goes over the text once, keeps nothing but the names, and never
 * recurses.
 */
#ifndef PRELOAD_READER_H
#define PRELOAD_READER_H

#include "preload/names.h"

#define PRELOAD_TEXT_MAX ((size_t)256 << 20) /* octets of a list as it is published; Chromium's has over 20 MB */

typedef struct preload_reader {
    const char *name; /* "chromium" */
    /* True if the text looks like this kind. The first in the table that says so reads it. */
    bool (*recognises)(const char *text, size_t length);
    /* Appends the names. False with the reason, which gives the line where the text has lines. */
    bool (*read)(const char *text, size_t length, preload_names *names, base_error *error);
} preload_reader;

extern const preload_reader preload_reader_image, preload_reader_base64, preload_reader_chromium,
    preload_reader_firefox, preload_reader_mediawiki, preload_reader_plain;

/* Reads a list of whatever kind into `names`, which are initialised, and sorts them. A list without names is refused.
 */
bool preload_read(const char *text, size_t length, preload_names *names, base_error *error);

/* "line N: " and the reason; returns false. `at` is where in the text. */
bool preload_refuse_at(const char *text, const char *at, base_error *error);

/* True if `word` occurs in the first octets of the text, where a kind shows itself. */
bool preload_begins_with(const char *text, size_t length, const char *word);

#endif
