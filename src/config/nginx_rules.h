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

/* What could not be read: files, syntax; and HSTS lines in comments. */
void nginx_judge_files(const nginx_judging *judging);
/* Single directives, wherever they stand: those that the version does not know, that are in the wrong place. */
void nginx_judge_lines(const nginx_judging *judging);
/* Header lines: name, value, maps, `always`, over HTTP, twice. */
void nginx_judge_emitters(const nginx_judging *judging);
/* Which levels lose the header of the level above. */
void nginx_judge_levels(const nginx_judging *judging);
/* Servers: what they listen on, redirect to, answer for; certificates. */
void nginx_judge_servers(const nginx_judging *judging);

#endif
