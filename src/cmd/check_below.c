#include "cmd/check_below.h"

#include "agent/subdomains.h"
#include "base/domain.h"
#include "base/host_port.h"
#include "base/idna.h"
#include "base/lines.h"
#include "base/operand.h"
#include "base/progress.h"
#include "cmd/hosts.h"
#include "dns/axfr.h"

#include <string.h>

#define DNS_PORT 53
#define ZONE_LINE_MAX 65536
#define ZONE_MAX ((uint64_t)64 << 20)

static void add(cmd_below *below, const char *name, facts_source source, facts_subdomain_state state)
{
    const cmd_below_name *last = below->count > 0 ? &below->items[below->count - 1] : NULL;

    /* The records of a name stand together. */
    if (last != NULL && last->source == source && last->state == state && strcmp(last->name, name) == 0)
        return;
    below->items = base_arena_grow(&below->arena, below->items, below->count, &below->capacity, sizeof *below->items);
    below->items[below->count++] = (cmd_below_name){base_arena_string(&below->arena, name), source, state};
}

/* -- Lists of names ------------------------------------------------------------------------------------------------ */

static bool read_name(cmd_below *below, const cmd_host *item, base_error *error)
{
    const char *text = item->text;
    char named[HF_HOST_MAX + 1];
    hf_host host;
    hf_diag diag = {0};
    bool wild = strncmp(text, "*.", 2) == 0;

    if (!wild && strpbrk(text, ":/") != NULL && base_operand_host(text, named))
        text = named;
    if (hf_host_parse(text + 2 * wild, strlen(text + 2 * wild), base_idna(), &host, &diag) != HF_OK) {
        base_error_set(error, "'%s' is not a host name: %s", BASE_CUT(text), diag.text);
        cmd_hosts_place(item, error);
        return false;
    }
    add(below, host.name, FACTS_SOURCE_LIST, wild ? FACTS_SUBDOMAIN_WILDCARD : FACTS_SUBDOMAIN_UNKNOWN);
    return true;
}

static bool read_names(cmd_below *below, const char *path, const char *column, base_error *error)
{
    cmd_hosts hosts = {0};
    bool good = cmd_hosts_read_list(&hosts, path, column, error);

    for (size_t i = 0; good && i < hosts.count; i++)
        good = read_name(below, &hosts.items[i], error);
    cmd_hosts_done(&hosts);
    if (!good)
        base_error_wrap(error, "--names");
    return good;
}

/* -- Zones --------------------------------------------------------------------------------------------------------- */

/* Whose records tell of hosts, and of a zone below. `apex` is that of the zone, which its SOA record brings. */
static bool kind_of(char apex[static DNS_TEXT_MAX], const char *owner, unsigned type, facts_subdomain_state *state)
{
    if (type == DNS_SOA && *apex == '\0')
        memcpy(apex, owner, strlen(owner) + 1);
    *state = type == DNS_NS ? FACTS_SUBDOMAIN_DELEGATED : FACTS_SUBDOMAIN_UNKNOWN;
    return type == DNS_A || type == DNS_AAAA || type == DNS_CNAME || type == DNS_HTTPS ||
           (type == DNS_NS && strcmp(owner, apex) != 0);
}

typedef struct zone {
    cmd_below *below;
    char apex[DNS_TEXT_MAX]; /* "": not known */
} zone;

static void on_record(void *self, const char *owner, unsigned type)
{
    zone *z = self;
    facts_subdomain_state state;

    if (kind_of(z->apex, owner, type, &state))
        add(z->below, owner, FACTS_SOURCE_ZONE, state);
}

/* "ORIGIN=FILE"; the name of a file alone gives false. */
static bool split_origin(const char *text, const char **path, hf_host *origin)
{
    const char *end = strchr(text, '=');

    *path = text;
    if (end == NULL || hf_host_parse(text, (size_t)(end - text), base_idna(), origin, NULL) != HF_OK)
        return false;
    *path = end + 1;
    return true;
}

/* The domain that all sites are in; false: they are in several. */
static bool common_domain(const facts_site *sites, size_t count, hf_host *domain)
{
    hf_host other;

    base_domain_of(&sites[0].host, domain);
    for (size_t i = 1; i < count; i++) {
        base_domain_of(&sites[i].host, &other);
        if (strcmp(domain->name, other.name) != 0)
            return false;
    }
    return true;
}

static bool read_zone(cmd_below *below, const char *text, const hf_host *domain, base_error *error)
{
    zone z = {.below = below};
    base_line got = BASE_LINE_GOOD;
    dns_master master;
    base_lines lines;
    bool good = true;
    const char *path;
    hf_host origin;
    hf_span line;

    if (split_origin(text, &path, &origin))
        domain = &origin;
    if (!base_lines_open(&lines, path, ZONE_LINE_MAX, error)) {
        base_error_wrap(error, "--zone");
        return false;
    }
    lines.octets_max = ZONE_MAX;
    dns_master_begin(&master, domain != NULL ? domain->name : NULL);
    while (good && (got = base_lines_next(&lines, &line, error)) == BASE_LINE_GOOD) {
        good = dns_master_line(&master, line, on_record, &z, error);
        if (!good)
            base_error_wrap(error, "%s: line %llu", lines.name, (unsigned long long)lines.number);
    }
    if (good && got == BASE_LINE_END)
        good = dns_master_end(&master, error);
    base_lines_close(&lines);
    if (good && (got == BASE_LINE_END))
        return true;
    base_error_wrap(error, "--zone");
    return false;
}

/* -- Transfers ----------------------------------------------------------------------------------------------------- */

static bool read_server(const char *text, hf_host *server, int *port, base_error *error)
{
    hf_diag diag;

    *port = 0;
    if (!base_host_port(text, strlen(text), server, port, &diag)) {
        base_error_set(error, "--axfr: '%s': %s, at octet %zu", BASE_CUT(text), diag.text, diag.offset);
        return false;
    }
    if (*port == 0)
        *port = DNS_PORT;
    return true;
}

/* The records of one transfer, for one site. */
typedef struct transfer {
    facts_site *site;
    char apex[DNS_TEXT_MAX], last[DNS_TEXT_MAX];
} transfer;

static void on_transferred(void *self, const char *owner, unsigned type)
{
    transfer *t = self;
    facts_subdomain_state state;

    if (!kind_of(t->apex, owner, type, &state) || (state == FACTS_SUBDOMAIN_UNKNOWN && strcmp(owner, t->last) == 0))
        return;
    memcpy(t->last, owner, strlen(owner) + 1);
    facts_subdomains_add(&t->site->subdomains, &t->site->host, owner, FACTS_SOURCE_TRANSFER, state, &t->site->arena);
}

/* The zone is the host's own, or one above it, up to the registrable domain: who does not have the one may have the
 * next. */
static void ask_server(const http_client *client, const char *text, facts_site *site)
{
    const char *name = site->host.name, *top = base_domain_registrable(name);
    transfer t = {.site = site};
    dns_axfr_end end;
    base_error error;
    hf_host server;
    int port;

    if (!read_server(text, &server, &port, &error))
        return; /* it was read before */
    while ((end = dns_axfr_run(&(dns_axfr){.loop = client->loop,
                                           .resolver = client->resolver,
                                           .family = client->family,
                                           .server = server.name,
                                           .port = port,
                                           .patience = client->limits.total},
                               name, on_transferred, &t, &error)) == DNS_AXFR_REFUSED &&
           top != NULL && name < top)
        name += strcspn(name, ".") + 1;
    if (end != DNS_AXFR_WHOLE)
        facts_subdomains_fail(&site->subdomains, FACTS_SOURCE_TRANSFER, text, error.text, &site->arena);
}

/* -- Both ---------------------------------------------------------------------------------------------------------- */

bool cmd_below_claim(const cmd_below_options *options, base_claims *claims, base_error *error)
{
    hf_host origin;
    const char *path;
    bool good = true;

    for (size_t i = 0; good && i < options->names.count; i++)
        good = base_claims_add_path(claims, options->names.items[i], "--names", false, error);
    for (size_t i = 0; good && i < options->zones.count; i++) {
        split_origin(options->zones.items[i], &path, &origin);
        good = base_claims_add_path(claims, path, "--zone", false, error);
    }
    return good;
}

bool cmd_below_is_sane(const cmd_below_options *options, base_error *error)
{
    hf_host server;
    int port;

    for (size_t i = 0; i < options->servers.count; i++)
        if (!read_server(options->servers.items[i], &server, &port, error))
            return false;
    return true;
}

/* Names that are all elsewhere would give a clean answer about nothing. */
static bool has_names_below(const cmd_below *below, const facts_site *sites, size_t count, base_error *error)
{
    for (size_t i = 0; i < below->count; i++)
        for (size_t k = 0; k < count; k++)
            if (base_domain_is_within(below->items[i].name, sites[k].host.name))
                return true;
    base_error_set(error, "--names, --zone: none of the %zu names is below %s: they are written in full, as in www.%s",
                   below->count, count == 1 ? sites->host.name : "a host that is checked", sites->host.name);
    return false;
}

bool cmd_below_read(cmd_below *below, const cmd_below_options *options, const char *column, const facts_site *sites,
                    size_t count, base_error *error)
{
    hf_host domain;
    const hf_host *origin = common_domain(sites, count, &domain) ? &domain : NULL;

    *below = (cmd_below){.options = options};
    for (size_t i = 0; i < options->names.count; i++)
        if (!read_names(below, options->names.items[i], column, error))
            return false;
    for (size_t i = 0; i < options->zones.count; i++)
        if (!read_zone(below, options->zones.items[i], origin, error))
            return false;
    return options->names.count + options->zones.count == 0 || has_names_below(below, sites, count, error);
}

void cmd_below_done(cmd_below *below)
{
    base_arena_done(&below->arena);
}

/* -- Looking ------------------------------------------------------------------------------------------------------- */

static void tell(void *self, size_t done, size_t all)
{
    base_progress_tell(self, done, all, done);
}

static bool is_asked_for(const cmd_below *below)
{
    const cmd_below_options *options = below->options;

    return options->names.count + options->zones.count + options->servers.count > 0;
}

static void collect(const cmd_below *below, const http_client *client, facts_site *site)
{
    facts_subdomains *subdomains = &site->subdomains;

    for (size_t i = 0; i < below->count; i++)
        facts_subdomains_add(subdomains, &site->host, below->items[i].name, below->items[i].source,
                             below->items[i].state, &site->arena);
    for (size_t i = 0; i < below->options->servers.count; i++)
        ask_server(client, below->options->servers.items[i], site);
    agent_subdomains_seen(site);
    facts_subdomains_sort(subdomains);
}

static void look_below(const cmd_below *below, const http_client *client, const agent_judging *judging,
                       facts_site *site)
{
    facts_cover cover = agent_cover_of(site);
    base_progress progress;
    const agent_below asking = {.client = client, .judging = judging, .tell = tell, .self = &progress};

    if (site->host.kind != HF_HOST_NAME || !site->verdict.possible ||
        (!is_asked_for(below) && (cover == FACTS_COVER_WOULD || site->depth != FACTS_DEPTH_FULL)))
        return;
    site->subdomains.cover = cover;
    collect(below, client, site);
    base_progress_begin(&progress, "asking");
    progress.unit = "names";
    agent_look_below(&asking, site);
    base_progress_end(&progress);
    site->verdict.complete = site->verdict.complete && !facts_subdomains_is_partial(&site->subdomains);
}

void cmd_below_look(const cmd_below *below, const http_client *client, const agent_judging *judging, facts_site *sites,
                    size_t count)
{
    for (size_t i = 0; i < count; i++)
        look_below(below, client, judging, &sites[i]);
}
