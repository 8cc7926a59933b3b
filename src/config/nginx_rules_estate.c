/* Configurations of several servers together: one passes requests on to another, and both send the HSTS header. */
#include "base/ascii.h"
#include "config/nginx_rules.h"

#include <stdlib.h>
#include <string.h>

/* -- What is looked for -------------------------------------------------------------------------------------------- */

/* A name of a server or of an upstream { }, or a listener that answers for names that no server has. */
typedef struct entry {
    hf_span name;
    size_t order; /* in the configuration */
    const config_node *upstream;
    const nginx_server *server;
    const nginx_listen *listen; /* NULL: it is a name */
} entry;

typedef struct entries {
    entry *items;
    size_t count, capacity;
} entries;

/* One of the configurations, and what is in it in the order of names and of ports. */
typedef struct origin {
    const nginx_judging *judging;
    entries names, defaults, upstreams;
} origin;

static int compare_names(hf_span a, hf_span b)
{
    const size_t length = a.length < b.length ? a.length : b.length;

    for (size_t i = 0; i < length; i++) {
        const int difference = (unsigned char)base_ascii_lower(a.data[i]) - (unsigned char)base_ascii_lower(b.data[i]);

        if (difference != 0)
            return difference;
    }
    return a.length < b.length ? -1 : a.length > b.length;
}

static int compare_keys(const entry *a, const entry *b)
{
    if (a->listen != NULL && b->listen != NULL)
        return a->listen->port - b->listen->port;
    return compare_names(a->name, b->name);
}

static int compare(const void *one, const void *other)
{
    const entry *a = one, *b = other;
    const int keys = compare_keys(a, b);

    return keys != 0 ? keys : a->order < b->order ? -1 : a->order > b->order;
}

static void add_entry(base_arena *arena, entries *list, entry item)
{
    list->items = base_arena_grow(arena, list->items, list->count, &list->capacity, sizeof *list->items);
    item.order = list->count;
    list->items[list->count++] = item;
}

static void add_server(origin *o, const nginx_server *server)
{
    base_arena *arena = o->judging->arena;

    for (size_t i = 0; i < server->name_count; i++)
        add_entry(arena, &o->names,
                  (entry){.name = {server->names[i]->text, server->names[i]->length}, .server = server});
    for (size_t i = 0; i < server->listen_count; i++)
        if (server->listens[i].is_default)
            add_entry(arena, &o->defaults, (entry){.server = server, .listen = &server->listens[i]});
}

static void sort(entries *list)
{
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, compare);
}

static void add_upstreams(origin *o, const config_node *http)
{
    for (size_t i = 0; i < http->child_count; i++) {
        const config_word *name = config_node_word(http->children[i], 1);

        if (name != NULL && http->children[i]->said->has_block && config_node_is(http->children[i], "upstream"))
            add_entry(o->judging->arena, &o->upstreams,
                      (entry){.name = {name->text, name->length}, .upstream = http->children[i]});
    }
}

static void make_origin(origin *o, const nginx_judging *judging)
{
    const nginx_level *http = judging->model->http;

    o->judging = judging;
    if (http != NULL && http->node != NULL)
        add_upstreams(o, http->node);
    for (size_t i = 0; i < judging->model->server_count; i++)
        add_server(o, judging->model->servers[i]);
    sort(&o->names);
    sort(&o->defaults);
    sort(&o->upstreams);
}

/* The first of those with the key of `wanted`, or behind them. */
static size_t first_of(const entries *list, const entry *wanted)
{
    size_t low = 0, high = list->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (compare_keys(&list->items[middle], wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A level of one configuration that passes requests on. */
typedef struct passing {
    const origin *edge;
    const nginx_level *level;
    const nginx_emitter *emitter; /* the header line that adds to what comes back */
    hf_span host;                 /* where to: the name or address, and the port */
    int port;
    const char *uri; /* with which the request arrives there */
} passing;

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
    const entries *all = &p->edge->upstreams;
    const entry wanted = {.name = p->host};
    const size_t at = first_of(all, &wanted);
    const config_node *block = at < all->count ? all->items[at].upstream : NULL;

    if (block == NULL || compare_keys(&all->items[at], &wanted) != 0)
        return NULL;
    for (size_t i = 0; i < block->child_count && nginx_step(p->edge->judging->model, 1); i++)
        if (config_node_is(block->children[i], "server"))
            return config_node_word(block->children[i], 1);
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

/* -- Who answers --------------------------------------------------------------------------------------------------- */

static const nginx_listen *listen_on(const nginx_server *server, int port)
{
    for (size_t i = 0; i < server->listen_count; i++)
        if (server->listens[i].port == port)
            return &server->listens[i];
    return NULL;
}

/* A server of that name on the port. */
static bool find_name(const passing *p, const origin *o, hf_span name, entry *found)
{
    const entry wanted = {.name = name};

    for (size_t i = first_of(&o->names, &wanted); name.length > 0 && i < o->names.count; i++) {
        const entry *item = &o->names.items[i];

        if (compare_keys(item, &wanted) != 0 || !nginx_step(p->edge->judging->model, item->server->listen_count + 1))
            return false;
        *found = *item;
        found->listen = listen_on(item->server, p->port);
        if (found->listen != NULL)
            return true;
    }
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
        if (config_word_is(config_node_word(lines[i], 1), "Host"))
            return config_node_word(lines[i], 2);
    return NULL;
}

/* The server whose name the requests that arrive bear. */
static bool find_called(const passing *p, const origin *o, entry *found)
{
    const config_word *said = host_header(p);
    const nginx_server *edge = p->level->server;

    if (said == NULL)
        return find_name(p, o, p->host, found);
    if (said->text[0] != '$')
        return find_name(p, o, (hf_span){said->text, strcspn(said->text, ":")}, found);
    for (size_t i = 0; i < edge->name_count && nginx_step(p->edge->judging->model, 1); i++)
        if (find_name(p, o, (hf_span){edge->names[i]->text, edge->names[i]->length}, found))
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

/* True if the address leads to this listener, and nowhere else. */
static bool leads_to(const passing *p, const nginx_listen *listen)
{
    const char *socket = listen->socket;

    return is_this_machine(p->host) ||
           (strncmp(socket, p->host.data, p->host.length) == 0 && socket[p->host.length] == ':');
}

/* The one that answers for names that no server has. */
static bool find_default(const passing *p, const origin *o, entry *found)
{
    const nginx_listen listen = {.port = p->port};
    const entry wanted = {.listen = &listen};

    for (size_t i = first_of(&o->defaults, &wanted); i < o->defaults.count; i++) {
        *found = o->defaults.items[i];
        if (found->listen->port != p->port || !nginx_step(p->edge->judging->model, 1))
            return false;
        if (leads_to(p, found->listen))
            return true;
    }
    return false;
}

/* -- Both ---------------------------------------------------------------------------------------------------------- */

static bool judge_origin(const passing *p, const origin *o)
{
    const nginx_level *level;
    const nginx_emitter *line;
    entry found;
    bool sure;

    if (!find_called(p, o, &found) && !find_default(p, o, &found))
        return false;
    level = nginx_find_location(found.server, p->uri, &sure);
    level = level != NULL ? level : found.server->level;
    line = sure && !nginx_is_mute(level) ? nginx_policy(o->judging, level, found.listen->tls) : NULL;
    if (line == NULL || !nginx_evaluate(o->judging->model, level, line->text, line->value, found.listen->tls).known)
        return true;
    if (!config_lint_word(p->edge->judging->lint, p->emitter->node, NULL, RULE_DUPLICATE_HEADER,
                          "%s:%zu passes requests on to the server of %s:%zu, which sends one too",
                          BASE_CUT(p->level->pass->said->file->name),
                          config_line_at(p->level->pass->said->file, p->level->pass->said->words[0].offset),
                          BASE_CUT(line->node->said->file->name),
                          config_line_at(line->node->said->file, line->node->said->words[0].offset)))
        return true;
    config_lint_say(p->edge->judging->lint, "Hide the application's header, or let one of the two servers send it.");
    nginx_mend_hide(p->edge->judging, p->level);
    return true;
}

/* The first configuration that has a server for the target is taken. */
static void judge_passing(const origin *all, size_t count, size_t edge, const nginx_level *level)
{
    passing p = {.edge = &all[edge], .level = level, .emitter = added_line(all[edge].judging, level)};

    if (p.emitter == NULL || !read_target(&p))
        return;
    for (size_t i = 0; i < count; i++)
        if (i != edge && nginx_step(p.edge->judging->model, 1) && judge_origin(&p, &all[i]))
            return;
}

static void judge_level(const origin *all, size_t count, size_t edge, const nginx_level *level)
{
    const char *prefix = nginx_pass_prefix(level);

    if (prefix != NULL && strcmp(prefix, "proxy") == 0 && level->server->tls && !nginx_is_mute(level))
        judge_passing(all, count, edge, level);
    for (size_t i = 0; i < level->child_count; i++)
        judge_level(all, count, edge, level->children[i]);
}

void nginx_judge_estate(const nginx_judging *judgings, size_t count)
{
    origin *all;

    if (count < 2)
        return;
    all = base_arena_take(judgings[0].arena, count * sizeof *all);
    for (size_t i = 0; i < count; i++)
        make_origin(&all[i], &judgings[i]);
    for (size_t i = 0; i < count; i++)
        if (judgings[i].model->http != NULL)
            judge_level(all, count, i, judgings[i].model->http);
}
