/*
 * config/nginx_syntax.h: nginx's configuration language: words, blocks, comments, Lua; and its includes. Pure but for
 * reading the files that are included.
 */
#ifndef CONFIG_NGINX_SYNTAX_H
#define CONFIG_NGINX_SYNTAX_H

#include "config/tree.h"

#define NGINX_DEPTH_MAX 100        /* blocks in blocks */
#define NGINX_INCLUDE_DEPTH_MAX 50 /* includes in includes */
#define NGINX_NODES_MAX (1 << 20)  /* directives, each counted as often as it is included */

/* What one file says. */
typedef struct nginx_file {
    config_directive top; /* without words; its children are what stands in the file */
    const char *fault;    /* why the rest of the file was not read; NULL: all was */
    size_t fault_at, fault_length;
} nginx_file;

/* Parses a file, once. Of one with a fault what stands before the fault is there. */
const nginx_file *nginx_parse(config_estate *estate, config_file *file);

/* Something that could not be read whole. */
typedef struct nginx_gap {
    const config_node *include; /* NULL: the file that was given */
    const config_via *via;      /* of the file with the fault */
    config_file *file;          /* with the fault; NULL: the include leads to no file */
    const char *reason;
    size_t offset, length;
    bool stock; /* a file that comes with nginx or a package, of which it is known that it sends no header */
} nginx_gap;

typedef struct nginx_tree {
    config_node *top;
    nginx_gap *gaps;
    size_t gap_count, gap_capacity;
    size_t nodes;
} nginx_tree;

/* The tree of a file with all that it includes, taken from the arena of the estate. False, with the reason, only when
 * the bounds are exceeded: what the tree lacks otherwise is in its gaps. */
bool nginx_tree_make(config_estate *estate, config_file *file, nginx_tree *tree, base_error *error);

#endif
