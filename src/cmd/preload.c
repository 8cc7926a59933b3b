/*
 * holdfast preload SUBCOMMAND: the lists of hosts that browsers know before the first visit.
 */
#include "cmd/preload.h"

#include "base/closest.h"
#include "base/operand.h"
#include "base/time.h"
#include "cmd/hosts.h"
#include "preload/scan.h"
#include "preload/service.h"

#include <string.h>

/* In the order of the manual. */
#define SUB_MAP(X)                                                                                                     \
    X(lookup)                                                                                                          \
    X(info)                                                                                                            \
    X(dump)                                                                                                            \
    X(export)                                                                                                          \
    X(diff)                                                                                                            \
    X(compile)                                                                                                         \
    X(update)                                                                                                          \
    X(check)                                                                                                           \
    X(removable)                                                                                                       \
    X(status)                                                                                                          \
    X(submit)                                                                                                          \
    X(remove)                                                                                                          \
    X(forecast)

#define SUB_X(name) extern const cmd_preload_sub cmd_preload_##name;
SUB_MAP(SUB_X)
#undef SUB_X

static const cmd_preload_sub *const subs[] = {
#define SUB_X(name) &cmd_preload_##name,
    SUB_MAP(SUB_X)
#undef SUB_X
};
#define SUBS (sizeof subs / sizeof *subs)

int cmd_preload_fail(const char *name, base_error *error, int code)
{
    base_error_wrap(error, "preload %s", name);
    base_error_print(error, stderr);
    return code;
}

bool cmd_preload_is_host(const char *name, const char *text)
{
    char named[HF_HOST_MAX + 1];

    if (base_operand_is_below(text))
        cmd_refuse("preload %s: '%s': a host is expected: write %s", name, BASE_CUT(text), text + 2);
    else if (base_operand_host(text, named))
        cmd_refuse("preload %s: '%s': a host is expected, without scheme, port and path: write %s", name,
                   BASE_CUT(text), named);
    else if (text[0] == '\0')
        cmd_refuse("preload %s: '': a host is expected", name);
    else
        return true;
    return false;
}

int cmd_preload_write(const char *name, base_buffer *out)
{
    base_error error;

    return base_buffer_flush(out, stdout, &error) ? BASE_EXIT_CLEAN
                                                  : cmd_preload_fail(name, &error, BASE_EXIT_UNCHECKED);
}

/* An option that a subcommand does not know is refused, not passed over: it was given for a reason. */
static const char *foreign_option(const cmd_preload_settings *s, const cmd_preload_sub *sub)
{
    const struct {
        const char *name;
        bool given;
    } given[] = {
        {"image", s->image != NULL},
        {"c", s->as_c},
        {"source", s->source != NULL},
        {"date", s->date != HF_TIME_UNKNOWN},
        {"life", s->life != HF_TIME_UNKNOWN},
        {"from", s->from != NULL},
        {"to", s->to != NULL},
        {"list", s->list != NULL},
        {"column", s->column != NULL},
        {"canary", s->canaries.count > 0},
        {"force", s->force},
        {"offline", s->offline},
        {"url", s->url != NULL},
        {"yes", s->yes},
        {"removal", s->removal},
        {"cafile", s->wire.cafile != NULL},
        {"connect-to", s->wire.connect_to.count > 0},
        {"resolve", s->wire.resolve.count > 0},
        {"dns", s->wire.dns_servers != NULL},
        {"proxy", s->wire.proxy != NULL},
        {"user-agent", s->wire.as_browser.user_agent != NULL},
        {"header", s->wire.as_browser.given_count > 0},
        {"private", s->wire.with_private},
        {"no-private", s->wire.no_private},
        {"ipv4", s->wire.ipv4},
        {"ipv6", s->wire.ipv6},
        {"json", s->common.json},
        {"jsonl", s->common.jsonl != NULL},
        {"at", s->common.at != HF_TIME_UNKNOWN},
        {"quiet", s->common.quiet},
    };

    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        const char *const *known = sub->options;

        while (given[i].given && *known != NULL && strcmp(*known, given[i].name) != 0)
            known++;
        if (given[i].given && *known == NULL)
            return given[i].name;
    }
    return NULL;
}

/* With the hosts of the lists in their place. A list may be somebody else's, and lead wherever its author likes. */
static int run_lists(const cmd_preload_settings *s, const cmd_preload_sub *sub, const base_operands *operands)
{
    cmd_preload_settings of_lists = *s;
    cmd_hosts hosts = {0};
    base_operands names;
    base_error error;
    int code;

    if (operands->count == 0)
        return sub->run(s, operands);
    if (!s->wire.with_private && cmd_hosts_are_foreign(operands, &s->wire))
        of_lists.wire.no_private = true;
    if (cmd_hosts_names(&hosts, operands, s->column, &names, &error))
        code = sub->run(&of_lists, &names);
    else
        code = cmd_preload_fail(sub->name, &error, BASE_EXIT_USAGE);
    cmd_hosts_done(&hosts);
    return code;
}

static int run_sub(const cmd_preload_settings *s, const cmd_preload_sub *sub, const base_operands *operands)
{
    const char *foreign = foreign_option(s, sub);

    if (foreign != NULL)
        return cmd_refuse("preload %s: it has no option --%s (holdfast help preload)", sub->name, foreign);
    if (operands->count < sub->least)
        return cmd_refuse("preload %s: something is missing: holdfast preload %s %s", sub->name, sub->name,
                          sub->operands);
    if (operands->count > sub->most)
        return cmd_refuse("preload %s: '%s' is one too many", sub->name, BASE_CUT(operands->items[sub->most]));
    return sub->lists ? run_lists(s, sub, operands) : sub->run(s, operands);
}

static int refuse_unknown(const char *name)
{
    base_closest closest = {.word = name};

    for (size_t i = 0; i < SUBS; i++)
        base_closest_offer(&closest, subs[i]->name);
    if (closest.found != NULL)
        return cmd_refuse("preload: unknown subcommand '%s': did you mean %s?", BASE_CUT(name), closest.found);
    return cmd_refuse(
        "preload: unknown subcommand '%s': lookup, info, dump, export, diff, compile, update, check, removable, "
        "status, submit, remove or forecast",
        BASE_CUT(name));
}

static int run(void *storage, const base_operands *operands)
{
    const cmd_preload_settings *s = storage;
    base_operands rest = {operands->items + 1, operands->count - 1};

    if (operands->count == 0)
        return cmd_refuse("preload: a subcommand is missing: lookup, info, dump, export, diff, compile, update, check, "
                          "removable, status, submit, remove or forecast");
    for (size_t i = 0; i < SUBS; i++) {
        if (strcmp(subs[i]->name, operands->items[0]) == 0)
            return run_sub(s, subs[i], &rest);
    }
    return refuse_unknown(operands->items[0]);
}

static bool read_life(const char *text, void *target, base_error *error)
{
    if (strcmp(text, "never") != 0)
        return base_read_duration(text, target, error);
    *(int64_t *)target = HF_TIME_NEVER;
    return true;
}

static const base_option options[] = {
    {"image", 0, "FILE", "lookup, update: this image instead of the installed one", base_read_text,
     offsetof(cmd_preload_settings, image)},
    {"c", 0, NULL, "compile: write a C source that holds the image", NULL, offsetof(cmd_preload_settings, as_c)},
    {"source", 0, "TEXT", "compile, update: what list this is, for people", base_read_text,
     offsetof(cmd_preload_settings, source)},
    {"date", 0, "TIME", "compile, update: when the list was made; a day will do", base_read_time,
     offsetof(cmd_preload_settings, date)},
    {"life", 0, "DURATION",
     "compile, update: how long after that it may enforce; or never: without end; export: how long from now", read_life,
     offsetof(cmd_preload_settings, life)},
    {"from", 0, "URL",
     "update: URL, FILE or debian; else chromium.googlesource.com, raw.githubusercontent.com or Debian's archive",
     base_read_text, offsetof(cmd_preload_settings, from)},
    {"to", 0, "KIND:PATH", "export: the store that gets the names", base_read_text, offsetof(cmd_preload_settings, to)},
    {"list", 0, "NAME", "update: which list, chromium (the default) or firefox", base_read_text,
     offsetof(cmd_preload_settings, list)},
    {"column", 0, "NAME", "the column of CSV lists that has the hosts; else the first, or one headed host",
     base_read_text, offsetof(cmd_preload_settings, column)},
    {"canary", 0, "NAME",
     "update: a name that the list must have, in place of the usual ones; or none; may be repeated", base_read_texts,
     offsetof(cmd_preload_settings, canaries)},
    {"force", 0, NULL, "update: take a list that lost a third of its names or a canary, or is older", NULL,
     offsetof(cmd_preload_settings, force)},
    {"offline", 0, NULL,
     "update: do not ask the network; take a file, or what Debian's package mediawiki has installed", NULL,
     offsetof(cmd_preload_settings, offline)},
    {"url", 0, "URL", "status, submit, remove: the service to use, instead of " PRELOAD_SERVICE_URL, base_read_text,
     offsetof(cmd_preload_settings, url)},
    {"yes", 0, NULL, "submit, remove: do it without confirmation", NULL, offsetof(cmd_preload_settings, yes)},
    {"removal", 0, NULL, "forecast: a removal instead of a submission", NULL, offsetof(cmd_preload_settings, removal)},
    HTTP_TRANSPORT_OPTIONS(cmd_preload_settings),
    {0},
};

static const cmd_preload_settings defaults = {
    .date = HF_TIME_UNKNOWN, .life = HF_TIME_UNKNOWN, .wire = {.timeout = PRELOAD_SCAN_TIMEOUT}};

const cmd_command cmd_preload = {
    .name = "preload",
    .summary = "the lists that browsers know before the first visit: look up, update, check sites for them",
    .usage = "lookup|info|dump|export|diff|compile|update|check|removable|status|submit|remove|forecast [options] "
             "[arguments]",
    .common = CMD_JSON | CMD_JSONL | CMD_AT | CMD_QUIET,
    .options = options,
    .settings_size = sizeof(cmd_preload_settings),
    .defaults = &defaults,
    .run = run,
};
