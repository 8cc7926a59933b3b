/*
 * config/lint.h: the findings of a configuration, each with the edits that mend it, and the marks of its author that
 * keep findings back:
 *
 *     # holdfast: ignore RULE reason
 *
 * behind a directive, or alone on the line above it. Whatever the platform, its rules add findings here.
 */
#ifndef CONFIG_LINT_H
#define CONFIG_LINT_H

#include "config/tree.h"
#include "config/value.h"
#include "config/version.h"
#include "findings/finding.h"

#define CONFIG_FINDINGS_MAX ((size_t)20000)

/* `length` octets of a file from `offset` on, and what shall stand there. */
typedef struct config_edit {
    config_file *file;
    size_t offset, length;
    const char *text;
} config_edit;

/* What mends a finding; without edits nothing is sure to. */
typedef struct config_fix {
    config_edit *edits;
    size_t count, capacity;
} config_fix;

/* The files of a certificate and its key, which a caller with OpenSSL at hand can judge. */
typedef struct config_pair {
    const config_node *chain_node, *key_node; /* key_node NULL: no key is named */
    const config_word *chain, *key;
    bool staples;         /* stapling is on */
    config_edit stapling; /* what turns it on; text NULL: nothing is sure to */
} config_pair;

typedef struct config_lint {
    config_estate *estate;
    config_version version; /* of the server program; all zero: not said */
    finding_list findings;  /* in the order of files and lines, once finished */
    config_fix *fixes;      /* fixes[i] mends findings.items[i] */
    size_t fix_capacity;
    config_pair *pairs;
    size_t pair_count, pair_capacity;
    size_t ignored;  /* findings that a mark keeps back */
    size_t left_out; /* findings beyond CONFIG_FINDINGS_MAX */
    struct config_lint_seen *seen;
    bool last_kept; /* whether the last finding was taken */
} config_lint;

void config_lint_init(config_lint *lint, config_estate *estate, config_version version);
void config_lint_done(config_lint *lint);

/*
 * Adds a finding about a word, or with `word` NULL about the whole directive. The same rule is told once of one line:
 * false where it was told, or is ignored; what is edited then goes nowhere.
 */
bool config_lint_word(config_lint *lint, const config_node *node, const config_word *word, rule_id rule,
                      const char *proof, ...) BASE_PRINTF(5, 6);
/* The same about octets of the word's text. */
bool config_lint_part(config_lint *lint, const config_node *node, const config_word *word, size_t from, size_t length,
                      rule_id rule, const char *proof, ...) BASE_PRINTF(7, 8);
/* The same about octets of a file. `via` NULL: it is a file that was given. */
bool config_lint_at(config_lint *lint, config_file *file, const config_via *via, size_t offset, size_t length,
                    rule_id rule, const char *proof, ...) BASE_PRINTF(7, 8);

/* About the finding that was added last: the fix in words, in place of the catalogue's; the arena of the estate or a
 * constant. */
void config_lint_say(config_lint *lint, const char *fix);
/* About the same: an edit that mends it. */
void config_lint_edit(config_lint *lint, config_file *file, size_t offset, size_t length, const char *text);

/*
 * The faults of an HSTS value that stands in `word` of `node`: `from` octets behind the beginning of its text. `quote`
 * is put around a mended value where the word has no quotes.
 */
void config_lint_value(config_lint *lint, const config_node *node, const config_word *word, size_t from, size_t length);

void config_lint_pair(config_lint *lint, const config_pair *pair);

/* Once, after the last finding: tells marks that kept nothing back, and brings the findings into order. */
void config_lint_finish(config_lint *lint);

#endif
