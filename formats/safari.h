/* Safari's list as its reader and its writer see it. */
#ifndef FORMATS_SAFARI_H
#define FORMATS_SAFARI_H

#include "row.h"
#include "writer.h"

#include <locale.h>
#include <plist/plist.h>

#define HF__SAFARI_SESSION "com.apple.CFNetwork.defaultStorageSession"
#define HF__SAFARI_SCHEMA "HSTS Store Schema Version"
#define HF__SAFARI_OCTETS_MAX (32u << 20)

typedef struct hf__safari_tree {
    char *octets;
    plist_t root;
    bool binary;
} hf__safari_tree;

HF_MUST_USE hf_status hf__safari_read(const hf_input *input, hf__safari_tree *tree);
void hf__safari_done(hf__safari_tree *tree);

/* libplist reads numbers in the program's locale, and ours are printed in it: between these two it is C's. */
locale_t hf__safari_enter(locale_t *before);
void hf__safari_leave(locale_t entered, locale_t before);

/* Seconds since 2001. */
hf_moment hf__safari_moment(double since_2001);
double hf__safari_double(hf_moment moment);

/* Reads the member `name` of a session as a row; the reason why it is none, or NULL. The spans point to *host and
 * `raw`. */
#define HF__SAFARI_RAW_MAX 1024
const char *hf__safari_row(const char *session, const char *name, plist_t node, const hf_format_options *options,
                           hf_row *row, hf_host *host, char raw[HF__SAFARI_RAW_MAX]);

/* Calls `member` for each member of each session, and `other` (may be NULL) for the root's other members, until one
 * returns false. */
typedef struct hf__safari_walk {
    bool (*session)(void *self, const char *session); /* may be NULL; before its members */
    bool (*member)(void *self, const char *session, const char *name, plist_t node);
    bool (*other)(void *self, const char *name, plist_t node);
    void *self;
} hf__safari_walk;

void hf__safari_walk_tree(const hf__safari_walk *walk, plist_t root);

/* -- safari_write.c */
hf_status hf__safari_begin(hf_format_writer *writer);
hf_status hf__safari_add(hf_format_writer *writer, const hf_row *row, hf_losses *losses);
hf_status hf__safari_finish(hf_format_writer *writer);
void hf__safari_discard(hf_format_writer *writer);

#endif
