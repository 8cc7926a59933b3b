/*
 * cmd/check_below.h: `check` of the names below its hosts: which of them would lose their visitors by
 * includeSubDomains.
 */
#ifndef CMD_CHECK_BELOW_H
#define CMD_CHECK_BELOW_H

#include "agent/verdict.h"

#include "base/claims.h"
#include "base/options.h"

typedef struct cmd_below_options {
    base_texts names, zones, servers;
} cmd_below_options;

/* The options, of settings that have a cmd_below_options named `below`. */
#define CMD_BELOW_OPTIONS(settings)                                                                                    \
    {"names",         0,                                                                                               \
     "FILE",          "check the names in FILE that are below HOST, for includeSubDomains; may be repeated",           \
     base_read_texts, offsetof(settings, below.names)},                                                                \
        {"zone",          0,                                                                                           \
         "FILE",          "the same for the names in the DNS zone file FILE, or ORIGIN=FILE",                          \
         base_read_texts, offsetof(settings, below.zones)},                                                            \
    {                                                                                                                  \
        "axfr", 0, "SERVER", "the same for the zone of HOST, got from SERVER[:PORT] by a zone transfer",               \
            base_read_texts, offsetof(settings, below.servers)                                                         \
    }

/* One name of a list or a zone. */
typedef struct cmd_below_name {
    const char *name;
    facts_source source;
    facts_subdomain_state state;
} cmd_below_name;

typedef struct cmd_below {
    const cmd_below_options *options;
    base_arena arena;
    cmd_below_name *items;
    size_t count, capacity;
} cmd_below;

/* Claims the files that are read. */
bool cmd_below_claim(const cmd_below_options *options, base_claims *claims, base_error *error);

/* False, with the reason, if a server to ask is not HOST[:PORT]. */
bool cmd_below_is_sane(const cmd_below_options *options, base_error *error);

/* Reads the files, of lists as cmd_hosts_read does; relative names of zones without an origin are below the one domain
 * of all `sites`. False, with the reason. Call cmd_below_done in any case. */
bool cmd_below_read(cmd_below *below, const cmd_below_options *options, const char *column, const facts_site *sites,
                    size_t count, base_error *error);
void cmd_below_done(cmd_below *below);

/* Asks the names below each site whose verdict is formed: those that were given, and of a site that is covered already
 * what was seen on the way. */
void cmd_below_look(const cmd_below *below, const http_client *client, const agent_judging *judging, facts_site *sites,
                    size_t count);

#endif
