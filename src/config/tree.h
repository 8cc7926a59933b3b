/*
 * config/tree.h: a configuration as a tree of directives: NAME ARGUMENT... with a block or without.
 *
 * What a file says is parsed once (config_directive). What a server reads is those files with every include in its
 * place (config_node): a file that is included twice stands there twice, each time with the way it came in.
 */
#ifndef CONFIG_TREE_H
#define CONFIG_TREE_H

#include "config/source.h"
#include "findings/place.h"

/* One word, name or argument: as the server understands it, and where it stands with its quotes. */
typedef struct config_word {
    const char *text; /* with a NUL behind; escapes are resolved */
    size_t length;
    size_t offset, end; /* in the file */
    bool quoted;
    bool exact;    /* no escape was resolved: octet i of the text stands at offset + quoted + i */
    bool template; /* a mark of a template engine is in it, so what the server will read is not known */
} config_word;

typedef struct config_directive {
    config_file *file;
    config_word *words; /* the name, then its arguments */
    size_t word_count;
    size_t end; /* behind its ';', or behind the '{' of its block */
    bool has_block;
    size_t close; /* of its block: where its '}' stands, or the end of the file */
    struct config_directive *children;
    size_t child_count, child_capacity;
    size_t raw_length; /* the block is code of another language, of so many octets behind `end`; 0: it is not */
} config_directive;

/* The include through which a directive came; NULL: it stands in the file that was given. */
typedef struct config_via {
    const config_directive *include;
    const struct config_via *outer;
    size_t depth;
} config_via;

typedef struct config_node {
    const config_directive *said;
    const config_via *via;
    struct config_node *parent; /* NULL: at the top */
    struct config_node **children;
    size_t child_count, child_capacity;
    size_t number; /* its place among the children of its parent */
} config_node;

/* True if the name is `name`. */
bool config_node_is(const config_node *node, const char *name);
/* True if there is such a word, and it is `text`. */
bool config_word_is(const config_word *word, const char *text);
/* An argument, from 1 on; NULL: it has not so many. */
const config_word *config_node_word(const config_node *node, size_t number);

/* The place of a word, or of a part of it: `length` octets of its text from `from` on. */
finding_place config_place_word(const config_node *node, const config_word *word, base_arena *arena);
finding_place config_place_part(const config_node *node, const config_word *word, size_t from, size_t length,
                                base_arena *arena);
/* Octets of a file, which came in through `via`; NULL: it was given. */
finding_place config_place_at(const config_file *file, const config_via *via, size_t begin, size_t end,
                              base_arena *arena);
/* From the name of a directive to its ';' or '{'. */
finding_place config_place_node(const config_node *node, base_arena *arena);

#endif
