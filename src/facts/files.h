/*
 * facts/files.h: a file of certificates that is to be served, with its key: what a handshake with it would show, and
 * what browsers would make of that.
 */
#ifndef FACTS_FILES_H
#define FACTS_FILES_H

#include "facts/site.h"

#define FACTS_FILE_NAMES_MAX 64

/* What one browser makes of it. */
typedef struct facts_taking {
    bool known;
    bool accepts;
    facts_page page; /* of one that does not */
} facts_taking;

/* A name for which the file is to be served. */
typedef struct facts_file_name {
    const char *name; /* canonical, "*.a.test" too; NULL: none was given, and names were not compared */
    facts_hop hop;    /* what would be shown to who asks for it */
    facts_taking takings[FACTS_ENGINES]; /* but of FACTS_ENGINE_ANY */
} facts_file_name;

typedef struct facts_key_file {
    const char *path;
    const char *type;
    int bits;
    int fits;      /* the certificate of the file that it belongs to, from 0 on; -1: none */
    unsigned mode; /* permissions; 0: not those of a file */
    bool is_open;  /* users who are neither the owner nor in the group can read it, or write to it */
} facts_key_file;

typedef struct facts_files {
    const char *path;
    const facts_key_file *key; /* NULL: none was given */
    facts_file_name *names;    /* one at least */
    size_t name_count;
    facts_site site; /* what rules know: its first hop is that of the first name. The arena of it all */
} facts_files;

const facts_tls *facts_files_tls(const facts_files *files);

/* True if every browser of which it is known accepts it for every name. */
bool facts_files_are_accepted(const facts_files *files);

/* docs/schema/check-files.schema.json: the members of an item but its findings. */
void facts_files_json(const facts_files *files, base_json *json);

#endif
