/* config/nginx_rules.h: the rules about nginx, a file a family; nginx.c asks them in this order. */
#ifndef CONFIG_NGINX_RULES_H
#define CONFIG_NGINX_RULES_H

#include "config/lint.h"
#include "config/nginx_model.h"

typedef struct nginx_judging {
    const nginx_model *model;
    config_lint *lint;
    base_arena *arena; /* of the estate */
} nginx_judging;

/* -- What several families ask ------------------------------------------------------------------------------------- */

/* True unless nothing comes of it. */
bool nginx_is_sent(const nginx_judging *judging, const nginx_level *level, const nginx_emitter *emitter, bool tls);
/* The line in force at a level that sends the HSTS header, or is meant to; NULL: none. */
const nginx_emitter *nginx_policy(const nginx_judging *judging, const nginx_level *level, bool tls);
/* True if the level or one around it has an include that could not be read: what it lacks may be there. */
bool nginx_is_unread(const nginx_level *level);
/* True if nothing answers there: return 444 or 421, or the handshake is rejected. */
bool nginx_is_mute(const nginx_level *level);
/* True if nginx cuts the HSTS value of a line at its first ';', and reads the rest as directives. *always: the word
 * stands behind the rest. */
bool nginx_is_cut(const config_node *node, bool *always);
/* True if visitors do not reach it: it is a Unix socket, or of this machine alone. */
bool nginx_is_local(const nginx_listen *listen);
/* True if visitors reach none of its listeners: each is a Unix socket or of this machine alone. */
bool nginx_is_inside(const nginx_server *server);

/* Edits of the finding that was added last: the directive goes, with its line if nothing else is on it; another one is
 * put in front of it. */
void nginx_mend_delete(const nginx_judging *judging, const config_node *node);
void nginx_mend_insert(const nginx_judging *judging, const config_node *before, const char *text);
/* True if a directive is in the file of its block: an edit of one from an include would be in force elsewhere too. */
bool nginx_is_of_block(const config_node *node);
/* What stands between a directive and one that is put behind it: a new line, if it begins one. */
const char *nginx_break(const nginx_judging *judging, const config_node *node);
/* A listener gets `ssl`. */
void nginx_mend_listen(const nginx_judging *judging, const nginx_listen *listen);
/* The same: a line in front of the one that passes requests on removes the application's HSTS header. */
void nginx_mend_hide(const nginx_judging *judging, const nginx_level *level);
/* A directive as its file writes it. */
const char *nginx_source(const nginx_judging *judging, const config_node *node);

/* -- The families -------------------------------------------------------------------------------------------------- */

/* What could not be read: files, syntax; and HSTS lines in comments. */
void nginx_judge_files(const nginx_judging *judging);
/* Single directives, wherever they stand: those that the version does not know, that are in the wrong place. */
void nginx_judge_lines(const nginx_judging *judging);
/* Header lines: name, value, maps, `always`, over HTTP, twice. */
void nginx_judge_emitters(const nginx_judging *judging);
/* Which levels lose the header of the level above. */
void nginx_judge_levels(const nginx_judging *judging);
/* Redirects: where they lead to, and plain HTTP without one. */
void nginx_judge_redirects(const nginx_judging *judging);
/* Servers: what they listen on, answer for; certificates. */
void nginx_judge_servers(const nginx_judging *judging);
/* Configurations of several servers, of which one passes requests on to another: `judgings` are those of all. */
void nginx_judge_estate(const nginx_judging *judgings, size_t count);

#endif
