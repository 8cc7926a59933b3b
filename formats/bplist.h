/*
 * Writes property lists, binary and XML, in time and memory that grow with the list and no faster. libplist looks for
 * each text among all others by a table of 4,096 places, and for each name in a dictionary likewise. What libplist has
 * read goes in as its nodes.
 */
#ifndef FORMATS_BPLIST_H
#define FORMATS_BPLIST_H

#include "writer.h"

#include <plist/plist.h>

/* -- Binary: objects that name each other by number ---------------------------------------------------------------- */

typedef struct hf__bplist hf__bplist;

/* The number of no object: what is put did not fit into memory, or cannot be written. hf__bplist_send then says so. */
#define HF__BPLIST_NONE UINT32_MAX

hf__bplist *hf__bplist_new(void); /* NULL: out of memory */
void hf__bplist_free(hf__bplist *list);

/* What is the same is written once. Text is UTF-8. */
uint32_t hf__bplist_text(hf__bplist *list, hf_span text);
uint32_t hf__bplist_real(hf__bplist *list, double value);
uint32_t hf__bplist_uint(hf__bplist *list, uint64_t value);
uint32_t hf__bplist_bool(hf__bplist *list, bool value);
/* Any node, with all below it. */
uint32_t hf__bplist_node(hf__bplist *list, plist_t node);

/* The members of a dictionary that is being made, or of an array, which has values alone. All zero to begin with. */
typedef struct hf__bplist_members {
    uint32_t *refs; /* key, value, key, value ... */
    size_t count, room;
} hf__bplist_members;

void hf__bplist_add(hf__bplist *list, hf__bplist_members *members, uint32_t key, uint32_t value);
/* Frees the members. */
uint32_t hf__bplist_dict(hf__bplist *list, hf__bplist_members *members);

/* Writes the list whose root is this object. */
HF_MUST_USE hf_status hf__bplist_send(hf__bplist *list, uint32_t root, hf_format_writer *writer);

/* -- XML: written as it comes -------------------------------------------------------------------------------------- */

void hf__xplist_begin(hf_format_writer *writer);
void hf__xplist_end(hf_format_writer *writer);
void hf__xplist_open(hf_format_writer *writer, unsigned depth);  /* <dict> */
void hf__xplist_close(hf_format_writer *writer, unsigned depth); /* </dict> */
void hf__xplist_key(hf_format_writer *writer, unsigned depth, const char *name);
void hf__xplist_real(hf_format_writer *writer, unsigned depth, double value);
void hf__xplist_bool(hf_format_writer *writer, unsigned depth, bool value);
void hf__xplist_node(hf_format_writer *writer, unsigned depth, plist_t node);

#endif
