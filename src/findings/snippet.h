/*
 * findings/snippet.h: the configuration that mends a finding, for the server that the site named in its responses.
 * Pure.
 */
#ifndef FINDINGS_SNIPPET_H
#define FINDINGS_SNIPPET_H

#include "facts/site.h"
#include "findings/judgement.h"

typedef struct finding_snippet {
    finding_server server;
    const char *text; /* lines to paste, without a line feed at the end */
    const char *trap; /* what goes wrong with them; NULL: nothing known */
} finding_snippet;

/* "nginx", "Apache". */
const char *finding_server_name(finding_server server);
const char *finding_server_title(finding_server server);

/* By its Server header; FINDING_SERVERS: none of those whose configuration can be shown. */
finding_server finding_server_of(const facts_response *response);

/* The lines and the trap of a rule's block, for this host and policy (NULL: that of the catalogue). False: it has none
 * for this server. */
bool finding_block_of(const rule_entry *rule, finding_server server, const char *host, const char *policy,
                      base_arena *arena, finding_snippet *snippet);

/*
 * The snippet for a finding about the site. False: the finding has none, or the server at its place is not known. The
 * policy in it is the one that the site sends, so that pasting it changes nothing else; where it sends none, the one
 * that the catalogue names. What the snippet points to lies in the arena or is constant.
 */
bool finding_snippet_of(const finding *item, const facts_site *site, const finding_judgement *judgement,
                        base_arena *arena, finding_snippet *snippet);

#endif
