/* Configurations of several servers together: one passes requests on to another, and both send the HSTS header. */
#include "base/ascii.h"
#include "config/nginx_rules.h"

#include <stdlib.h>
#include <string.h>

/* A level of one configuration that passes requests on. */
typedef struct passing {
    const nginx_judging *edge;
    const nginx_level *level;
    const nginx_emitter *emitter; /* the header line that adds to what comes back */
    hf_span host;                 /* where to: the name or address, and the port */
    int port;
    const char *uri; /* with which the request arrives there */
} passing;

static bool is(const config_word *word, const char *text)
{
    return word != NULL && strcmp(word->text, text) == 0;
}

/* -- The edge ------------------------------------------------------------------------------------------------------ */

/* The line of the edge that is surely sent, and does not replace the application's; NULL: none. */
static const nginx_emitter *added_line(const nginx_judging *edge, const nginx_level *level)
{
    const nginx_emitter *line = nginx_policy(edge, level, true);
    const config_node *hides;

    if (line == NULL || line->more || !line->sts || nginx_hides(level, HF_HEADER_NAME, &hides))
        return NULL;
    return nginx_evaluate(edge->model, level, line->text, line->value, true).known ? line : NULL;
}

/* "name:8080" or "name", up to `end`. */
static void read_authority(passing *p, const char *text, const char *end, int port)
{
    const char *colon = end;

    while (colon > text && *colon != ':' && *colon != ']')
        colon--;
    p->port = port;
    p->host = (hf_span){.data = text, .length = (size_t)(end - text)};
    if (colon == text || *colon != ':')
        return;
    p->port = (int)strtol(colon + 1, NULL, 10);
    p->host.length = (size_t)(colon - text);
}

/* The first server of an upstream { } of that name; NULL: there is none. */
static const config_word *upstream_server(const passing *p)
{
    const config_node *http = p->edge->model->http->node;

    for (size_t i = 0; http != NULL && i < http->child_count && nginx_step(p->edge->model, 1); i++) {
        const config_node *block = http->children[i];
        const config_word *name = config_node_word(block, 1);

        if (!config_node_is(block, "upstream") || name == NULL ||
            !base_ascii_is(p->host.data, p->host.length, name->text))
            continue;
        for (size_t j = 0; j < block->child_count; j++)
            if (config_node_is(block->children[j], "server"))
                return config_node_word(block->children[j], 1);
    }
    return NULL;
}

/* The beginning of what the location matches; NULL: it is an expression. A named one takes any request. */
static const char *location_uri(const nginx_level *level)
{
    const config_word *first, *second;

    while (level->kind != NGINX_LOCATION && level->parent != NULL)
        level = level->parent;
    first = config_node_word(level->node, 1);
    second = config_node_word(level->node, 2);
    if (first == NULL || first->text[0] == '~')
        return NULL;
    first = second != NULL ? second : first;
    return first->text[0] == '/' ? first->text : "/";
}

static bool read_target(passing *p)
{
    const config_word *word = config_node_word(p->level->pass, 1), *server;
    const bool tls = word != NULL && strncmp(word->text, "https://", 8) == 0;
    const char *text, *end;

    if (word == NULL || strchr(word->text, '$') != NULL || (!tls && strncmp(word->text, "http://", 7) != 0))
        return false;
    text = word->text + (tls ? 8 : 7);
    end = text + strcspn(text, "/");
    p->uri = *end == '/' ? end : location_uri(p->level);
    read_authority(p, text, end, tls ? 443 : 80);
    server = upstream_server(p);
    if (server != NULL)
        read_authority(p, server->text, server->text + server->length, 80);
    return p->host.length > 0 && p->uri != NULL;
}

/* -- The origin ---------------------------------------------------------------------------------------------------- */

static const nginx_listen *listen_on(const nginx_server *server, int port)
{
    for (size_t i = 0; i < server->listen_count; i++)
        if (server->listens[i].port == port)
            return &server->listens[i];
    return NULL;
}

static bool has_name(const nginx_server *server, const char *name, size_t length)
{
    for (size_t i = 0; i < server->name_count; i++)
        if (length > 0 && base_ascii_is(name, length, server->names[i]->text))
            return true;
    return false;
}

/* The value of proxy_set_header Host in force; NULL: nginx's own, the name of the target. */
static const config_word *host_header(const passing *p)
{
    const config_node *const *lines = NULL;
    const nginx_level *level = p->level;
    size_t count = 0;

    for (; level != NULL && count == 0; level = level->parent)
        lines = nginx_own_lines(level, "proxy_set_header", &count);
    for (size_t i = 0; i < count; i++)
        if (is(config_node_word(lines[i], 1), "Host"))
            return config_node_word(lines[i], 2);
    return NULL;
}

/* True if requests that arrive bear a name of this server. */
static bool is_called(const passing *p, const nginx_server *server)
{
    const config_word *said = host_header(p);
    const nginx_server *edge = p->level->server;

    if (said == NULL)
        return has_name(server, p->host.data, p->host.length);
    if (said->text[0] != '$')
        return has_name(server, said->text, strcspn(said->text, ":"));
    for (size_t i = 0; i < edge->name_count; i++)
        if (has_name(server, edge->names[i]->text, edge->names[i]->length))
            return true;
    return false;
}

static bool is_this_machine(hf_span host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (base_ascii_is(host.data, host.length, names[i]))
            return true;
    return false;
}

/* The one that answers for names that no server has, on an address that leads nowhere else. */
static bool answers_there(const passing *p, const nginx_listen *listen)
{
    const char *socket = listen->socket;

    if (!listen->is_default)
        return false;
    return is_this_machine(p->host) ||
           (strncmp(socket, p->host.data, p->host.length) == 0 && socket[p->host.length] == ':');
}

static const nginx_server *find_server(const passing *p, const nginx_model *origin, const nginx_listen **listen)
{
    const nginx_server *by_address = NULL;
    const nginx_listen *there = NULL;

    for (size_t i = 0; i < origin->server_count; i++) {
        const nginx_server *server = origin->servers[i];
        const nginx_listen *on = listen_on(server, p->port);

        if (on == NULL || !nginx_step(p->edge->model, server->name_count + server->listen_count))
            continue;
        if (is_called(p, server)) {
            *listen = on;
            return server;
        }
        if (by_address == NULL && answers_there(p, on)) {
            by_address = server;
            there = on;
        }
    }
    *listen = there;
    return by_address;
}

/* -- Both ---------------------------------------------------------------------------------------------------------- */

static bool judge_origin(const passing *p, const nginx_judging *origin)
{
    const nginx_listen *listen;
    const nginx_server *server = find_server(p, origin->model, &listen);
    const nginx_level *level;
    const nginx_emitter *line;
    bool sure;

    if (server == NULL)
        return false;
    level = nginx_find_location(server, p->uri, &sure);
    level = level != NULL ? level : server->level;
    line = sure && !nginx_is_mute(level) ? nginx_policy(origin, level, listen->tls) : NULL;
    if (line == NULL || !nginx_evaluate(origin->model, level, line->text, line->value, listen->tls).known)
        return true;
    if (!config_lint_word(p->edge->lint, p->emitter->node, NULL, RULE_DUPLICATE_HEADER,
                          "%s:%zu passes requests on to the server of %s:%zu, which sends one too",
                          BASE_CUT(p->level->pass->said->file->name),
                          config_line_at(p->level->pass->said->file, p->level->pass->said->words[0].offset),
                          BASE_CUT(line->node->said->file->name),
                          config_line_at(line->node->said->file, line->node->said->words[0].offset)))
        return true;
    config_lint_say(p->edge->lint, "Hide the application's header, or let one of the two servers send it.");
    nginx_mend_hide(p->edge, p->level);
    return true;
}

/* The first configuration that has a server for the target is taken. */
static void judge_passing(const nginx_judging *judgings, size_t count, size_t edge, const nginx_level *level)
{
    passing p = {.edge = &judgings[edge], .level = level, .emitter = added_line(&judgings[edge], level)};

    if (p.emitter == NULL || !read_target(&p))
        return;
    for (size_t i = 0; i < count; i++)
        if (i != edge && judge_origin(&p, &judgings[i]))
            return;
}

static void judge_level(const nginx_judging *judgings, size_t count, size_t edge, const nginx_level *level)
{
    const char *prefix = nginx_pass_prefix(level);

    if (prefix != NULL && strcmp(prefix, "proxy") == 0 && level->server->tls && !nginx_is_mute(level))
        judge_passing(judgings, count, edge, level);
    for (size_t i = 0; i < level->child_count; i++)
        judge_level(judgings, count, edge, level->children[i]);
}

void nginx_judge_estate(const nginx_judging *judgings, size_t count)
{
    for (size_t i = 0; i < count && count > 1; i++)
        if (judgings[i].model->http != NULL)
            judge_level(judgings, count, i, judgings[i].model->http);
}
