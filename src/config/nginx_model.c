#include "config/nginx_model.h"

#include "base/ascii.h"
#include "base/sort.h"
#include "config/value.h"
#include "holdfast/header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const passes[] = {"proxy", "fastcgi", "uwsgi", "scgi", "grpc"};

typedef struct builder {
    nginx_model *model;
    base_arena *arena;
    config_node *http, *server; /* what stands in http { }, and in a server { } that is not shown */
    size_t levels, headers;     /* how many there are, to be held against the bounds */
    bool exceeded;
} builder;

static hf_span span_of(const config_word *word)
{
    return (hf_span){.data = word->text, .length = word->length};
}

/* -- Header lines -------------------------------------------------------------------------------------------------- */

static void add_emitter(builder *b, nginx_emitters *list, const nginx_emitter *emitter)
{
    list->items = base_arena_grow(b->arena, (void *)list->items, list->count, &list->capacity, sizeof(nginx_emitter *));
    list->items[list->count++] = emitter;
}

static void add_all(builder *b, nginx_emitters *list, const nginx_emitters *added)
{
    b->headers += added->count;
    b->exceeded = b->exceeded || b->headers > NGINX_HEADERS_MAX;
    for (size_t i = 0; i < added->count && !b->exceeded; i++)
        add_emitter(b, list, added->items[i]);
}

static void judge_field(const builder *b, nginx_emitter *emitter)
{
    config_value_faults faults = {0};

    emitter->sts = hf_header_is_sts(emitter->field.data, emitter->field.length);
    emitter->meant = config_name_judge(emitter->field, emitter->more, b->arena, &faults);
}

static void take_add_header(builder *b, nginx_level *level, const config_node *node)
{
    nginx_emitter *emitter;

    if (node->said->word_count < 3)
        return;
    emitter = base_arena_take(b->arena, sizeof *emitter);
    emitter->node = node;
    emitter->name = config_node_word(node, 1);
    emitter->value = config_node_word(node, 2);
    emitter->field = span_of(emitter->name);
    emitter->text = span_of(emitter->value);
    judge_field(b, emitter);
    emitter->always = config_word_is(config_node_word(node, 3), "always");
    add_emitter(b, &level->own, emitter);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* "Name: value" of headers-more; "Name" and "Name:" clear it. */
static void split_more(const builder *b, nginx_emitter *emitter, const config_word *word, bool clears)
{
    const char *colon = memchr(word->text, ':', word->length);
    size_t length = colon != NULL ? (size_t)(colon - word->text) : word->length;
    const char *value = colon != NULL ? colon + 1 : word->text + word->length;

    while (length > 0 && is_blank(word->text[length - 1]))
        length--;
    while (is_blank(*value))
        value++;
    emitter->name = emitter->value = word;
    emitter->field = (hf_span){.data = word->text, .length = length};
    emitter->text = (hf_span){.data = value, .length = (size_t)(word->text + word->length - value)};
    emitter->clears = clears || emitter->text.length == 0;
    judge_field(b, emitter);
}

static void take_more(builder *b, nginx_level *level, const config_node *node, bool clears)
{
    const size_t before = level->own_more.count;
    const char *only = NULL;

    for (size_t i = 1; i < node->said->word_count; i++) {
        const config_word *word = config_node_word(node, i);
        nginx_emitter *emitter;

        if (config_word_is(word, "-s") || config_word_is(word, "-t")) {
            const config_word *list = config_node_word(node, ++i);

            if (config_word_is(word, "-s") && list != NULL)
                only = list->text;
            continue;
        }
        if (word->text[0] == '-')
            continue;
        emitter = base_arena_take(b->arena, sizeof *emitter);
        *emitter = (nginx_emitter){.node = node, .always = true, .more = true};
        split_more(b, emitter, word, clears);
        add_emitter(b, &level->own_more, emitter);
    }
    for (size_t i = before; i < level->own_more.count; i++)
        ((nginx_emitter *)level->own_more.items[i])->only = only;
}

/* What is in force, once the level above and the lines of its own are known. */
static void inherit(builder *b, nginx_level *level)
{
    const nginx_level *above = level->parent;

    if (above != NULL)
        add_all(b, &level->more, &above->more);
    add_all(b, &level->more, &level->own_more);
    if (above != NULL && level->inherit_node == NULL)
        level->inherit = above->inherit;
    if (above != NULL &&
        (level->inherit == NGINX_INHERIT_MERGE || (level->inherit == NGINX_INHERIT_ON && level->own.count == 0)))
        add_all(b, &level->headers, &above->headers);
    add_all(b, &level->headers, &level->own);
}

/* -- Listeners ----------------------------------------------------------------------------------------------------- */

static bool is_number(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return length > 0 && length <= 5;
}

/* "443", "*:443", "0.0.0.0:443": one and the same. */
static void read_socket(builder *b, const char *text, nginx_listen *listen)
{
    const char *bracket = text[0] == '[' ? strchr(text, ']') : text;
    const char *colon = bracket != NULL ? strrchr(bracket, ':') : NULL;

    listen->socket = text;
    if (strncmp(text, "unix:", 5) == 0)
        return;
    if (is_number(text, strlen(text))) {
        listen->port = (int)strtol(text, NULL, 10);
        listen->socket = base_arena_format(b->arena, "*:%d", listen->port);
    } else if (colon == NULL || !is_number(colon + 1, strlen(colon + 1))) {
        listen->port = 80;
        listen->socket = base_arena_format(b->arena, "%s:80", text);
    } else {
        listen->port = (int)strtol(colon + 1, NULL, 10);
        if (strncmp(text, "0.0.0.0:", 8) == 0)
            listen->socket = base_arena_format(b->arena, "*:%d", listen->port);
    }
}

static nginx_listen *new_listen(builder *b, nginx_server *server)
{
    server->listens = base_arena_grow(b->arena, server->listens, server->listen_count, &server->listen_capacity,
                                      sizeof *server->listens);
    server->listens[server->listen_count] = (nginx_listen){.node = NULL};
    return &server->listens[server->listen_count++];
}

static void take_listen(builder *b, nginx_server *server, const config_node *node)
{
    nginx_listen *listen;

    if (config_node_word(node, 1) == NULL)
        return;
    listen = new_listen(b, server);
    listen->node = node;
    read_socket(b, config_node_word(node, 1)->text, listen);
    for (size_t i = 2; i < node->said->word_count; i++) {
        const config_word *word = config_node_word(node, i);

        listen->said_tls = listen->said_tls || config_word_is(word, "ssl") || config_word_is(word, "quic");
        listen->http2 = listen->http2 || config_word_is(word, "http2");
        listen->said_default =
            listen->said_default || config_word_is(word, "default_server") || config_word_is(word, "default");
    }
}

static bool is_on(const config_node *node)
{
    return node != NULL && config_word_is(config_node_word(node, 1), "on");
}

/* -- Levels -------------------------------------------------------------------------------------------------------- */

static nginx_level *new_level(builder *b, nginx_kind kind, const config_node *node, nginx_level *parent,
                              nginx_server *server)
{
    nginx_level *level = base_arena_take(b->arena, sizeof *level);

    *level = (nginx_level){.kind = kind, .node = node, .parent = parent, .server = server};
    if (parent != NULL) {
        parent->children = base_arena_grow(b->arena, (void *)parent->children, parent->child_count,
                                           &parent->child_capacity, sizeof(nginx_level *));
        parent->children[parent->child_count++] = level;
    }
    return level;
}

static void add_node(builder *b, const config_node ***items, size_t *count, size_t *capacity, const config_node *node)
{
    *items = base_arena_grow(b->arena, (void *)*items, *count, capacity, sizeof(config_node *));
    (*items)[(*count)++] = node;
}

static void take_inherit(nginx_level *level, const config_node *node)
{
    const config_word *mode = config_node_word(node, 1);

    level->inherit_node = node;
    level->inherit = config_word_is(mode, "off")     ? NGINX_INHERIT_OFF
                     : config_word_is(mode, "merge") ? NGINX_INHERIT_MERGE
                                                     : NGINX_INHERIT_ON;
}

static bool is_pass(const config_node *node)
{
    const char *name = node->said->words[0].text, *ending = strrchr(name, '_');

    if (ending == NULL || strcmp(ending, "_pass") != 0)
        return false;
    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++)
        if ((size_t)(ending - name) == strlen(passes[i]) && strncmp(name, passes[i], strlen(passes[i])) == 0)
            return true;
    return false;
}

static void take_server_line(builder *b, nginx_server *server, const config_node *node)
{
    if (config_node_is(node, "listen")) {
        take_listen(b, server, node);
    } else if (config_node_is(node, "server_name")) {
        if (server->name_node == NULL)
            server->name_node = node;
        for (size_t i = 1; i < node->said->word_count; i++) {
            server->names = base_arena_grow(b->arena, (void *)server->names, server->name_count, &server->name_capacity,
                                            sizeof(config_word *));
            server->names[server->name_count++] = config_node_word(node, i);
        }
    }
}

/* What a level itself says, in blocks of its own left aside. */
static void take_line(builder *b, nginx_level *level, const config_node *node)
{
    if (config_node_is(node, "add_header"))
        take_add_header(b, level, node);
    else if (config_node_is(node, "more_set_headers"))
        take_more(b, level, node, false);
    else if (config_node_is(node, "more_clear_headers"))
        take_more(b, level, node, true);
    else if (config_node_is(node, "add_header_inherit"))
        take_inherit(level, node);
    else if (config_node_is(node, "set"))
        add_node(b, &b->model->sets, &b->model->set_count, &b->model->set_capacity, node);
    else if (config_node_is(node, "return") && level->stops == NULL)
        level->stops = node;
    else if (level->kind >= NGINX_LOCATION && is_pass(node))
        level->pass = node;
    else if (level->kind == NGINX_SERVER)
        take_server_line(b, level->server, node);
}

static void take_block(builder *b, nginx_level *level, const config_node *node);

static int compare_lines(const void *one, const void *other)
{
    const config_node *const *a = one, *const *b = other;
    const int order = strcmp((*a)->said->words[0].text, (*b)->said->words[0].text);

    return order != 0 ? order : ((*a)->number > (*b)->number) - ((*a)->number < (*b)->number);
}

static void sort_lines(builder *b, nginx_level *level, const config_node *node)
{
    level->lines = base_arena_take(b->arena, (node->child_count + 1) * sizeof(config_node *));
    for (size_t i = 0; i < node->child_count; i++) {
        node->children[i]->number = i;
        if (!node->children[i]->said->has_block)
            level->lines[level->line_count++] = node->children[i];
    }
    qsort((void *)level->lines, level->line_count, sizeof *level->lines, compare_lines);
}

static void take_children(builder *b, nginx_level *level, const config_node *node)
{
    sort_lines(b, level, node);
    /* `if` and `limit_except` answer by what their location has. */
    if (level->kind == NGINX_IF || level->kind == NGINX_LIMIT)
        level->pass = level->parent->pass;
    for (size_t i = 0; i < node->child_count; i++)
        if (!node->children[i]->said->has_block)
            take_line(b, level, node->children[i]);
    inherit(b, level);
    b->exceeded = b->exceeded || ++b->levels > NGINX_LEVELS_MAX;
    for (size_t i = 0; i < node->child_count && !b->exceeded; i++)
        if (node->children[i]->said->has_block)
            take_block(b, level, node->children[i]);
}

static void take_server(builder *b, nginx_level *http, const config_node *node, bool assumed)
{
    nginx_model *model = b->model;
    nginx_server *server = base_arena_take(b->arena, sizeof *server);

    model->servers = base_arena_grow(b->arena, (void *)model->servers, model->server_count, &model->server_capacity,
                                     sizeof(nginx_server *));
    model->servers[model->server_count++] = server;
    server->level = new_level(b, NGINX_SERVER, node, http, server);
    server->assumed = assumed;
    take_children(b, server->level, node);
}

static void take_block(builder *b, nginx_level *level, const config_node *node)
{
    nginx_kind kind = level->kind;

    if (kind == NGINX_HTTP && config_node_is(node, "server"))
        take_server(b, level, node, false);
    else if (config_node_is(node, "map"))
        add_node(b, &b->model->maps, &b->model->map_count, &b->model->map_capacity, node);
    else if ((kind == NGINX_SERVER || kind == NGINX_LOCATION) && config_node_is(node, "location"))
        take_children(b, new_level(b, NGINX_LOCATION, node, level, level->server), node);
    else if (kind == NGINX_LOCATION && config_node_is(node, "if"))
        take_children(b, new_level(b, NGINX_IF, node, level, level->server), node);
    else if (kind == NGINX_LOCATION && config_node_is(node, "limit_except"))
        take_children(b, new_level(b, NGINX_LIMIT, node, level, level->server), node);
    else if (kind == NGINX_SERVER && config_node_is(node, "if"))
        take_children(b, new_level(b, NGINX_SERVER_IF, node, level, level->server), node);
}

/* -- What a file is ------------------------------------------------------------------------------------------------ */

/* A block that stands in whole configurations alone. */
static bool is_of_main(const config_directive *said)
{
    static const char *const names[] = {"http", "events", "stream", "mail"};

    for (size_t i = 0; said->has_block && i < sizeof names / sizeof *names; i++)
        if (strcmp(said->words[0].text, names[i]) == 0)
            return true;
    return false;
}

static bool has_block(const config_node *top, const char *name)
{
    for (size_t i = 0; i < top->child_count; i++)
        if (top->children[i]->said->has_block && config_node_is(top->children[i], name))
            return true;
    return false;
}

static nginx_context context_of(const config_node *top)
{
    static const char *const of_http[] = {"server", "map", "upstream", "geo", "types", "split_clients"};

    for (size_t i = 0; i < top->child_count; i++)
        if (is_of_main(top->children[i]->said))
            return NGINX_CONTEXT_MAIN;
    for (size_t i = 0; i < sizeof of_http / sizeof *of_http; i++)
        if (has_block(top, of_http[i]))
            return NGINX_CONTEXT_HTTP;
    return NGINX_CONTEXT_SERVER;
}

/* Fragments of several files stand in one block, as they do where they are included. */
static void add_fragment(builder *b, config_node **whole, const config_node *top)
{
    if (*whole == NULL) {
        *whole = base_arena_take(b->arena, sizeof **whole);
        (*whole)->said = top->said;
    }
    for (size_t i = 0; i < top->child_count; i++) {
        (*whole)->children = base_arena_grow(b->arena, (*whole)->children, (*whole)->child_count,
                                             &(*whole)->child_capacity, sizeof(config_node *));
        (*whole)->children[(*whole)->child_count++] = top->children[i];
        top->children[i]->parent = *whole;
    }
}

static void take_main(builder *b, const config_node *top)
{
    add_node(b, &b->model->mains, &b->model->main_count, &b->model->main_capacity, top);
    for (size_t i = 0; i < top->child_count; i++)
        if (top->children[i]->said->has_block && config_node_is(top->children[i], "http"))
            add_fragment(b, &b->http, top->children[i]);
}

static void take_top(builder *b, const config_node *top, nginx_context context)
{
    if (context == NGINX_CONTEXT_AUTO)
        context = context_of(top);
    if (context == NGINX_CONTEXT_HTTP)
        add_fragment(b, &b->http, top);
    else if (context == NGINX_CONTEXT_SERVER)
        add_fragment(b, &b->server, top);
    else
        take_main(b, top);
}

static void take_fragments(builder *b)
{
    if (b->http == NULL && b->server == NULL)
        return;
    b->model->http = new_level(b, NGINX_HTTP, b->http, NULL, NULL);
    if (b->http != NULL)
        take_children(b, b->model->http, b->http);
    if (b->server != NULL)
        take_server(b, b->model->http, b->server, true);
}

/* -- Sockets ------------------------------------------------------------------------------------------------------- */

typedef struct placed {
    nginx_listen *listen;
    const nginx_server *server;
    size_t at; /* among all of them */
} placed;

static int compare_placed(const void *one, const void *other)
{
    const placed *a = one, *b = other;
    const int order = strcmp(a->listen->socket, b->listen->socket);

    if (order != 0)
        return order;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* Those of one socket: if one server has TLS there, all have; and where no server is marked, the first one answers for
 * names that none has. */
static void join_socket(const placed *first, size_t count)
{
    bool tls = false, marked = false, shared = false;

    for (size_t i = 0; i < count; i++) {
        tls = tls || first[i].listen->said_tls;
        marked = marked || first[i].listen->said_default;
        shared = shared || first[i].server != first[0].server;
    }
    for (size_t i = 0; i < count; i++) {
        first[i].listen->tls = tls;
        first[i].listen->shared = shared;
        first[i].listen->is_default = marked ? first[i].listen->said_default : i == 0;
    }
}

static void join_sockets(builder *b)
{
    const nginx_model *model = b->model;
    size_t total = 0, count = 0;
    placed *all;

    for (size_t i = 0; i < model->server_count; i++)
        total += model->servers[i]->listen_count;
    all = base_arena_take(b->arena, total * sizeof *all);
    for (size_t i = 0; i < model->server_count; i++)
        for (size_t j = 0; j < model->servers[i]->listen_count; j++, count++)
            all[count] = (placed){&model->servers[i]->listens[j], model->servers[i], count};
    base_sort(all, total, sizeof *all, compare_placed);
    for (size_t begin = 0, end; begin < total; begin = end) {
        for (end = begin + 1; end < total && strcmp(all[end].listen->socket, all[begin].listen->socket) == 0;)
            end++;
        join_socket(&all[begin], end - begin);
    }
}

static void finish_listens(const nginx_model *model, nginx_server *server)
{
    bool old_ssl = is_on(nginx_in_force(server->level, "ssl")) && !config_version_is_from(model->version, 1, 25, 1);

    server->http2 = is_on(nginx_in_force(server->level, "http2"));
    for (size_t i = 0; i < server->listen_count; i++) {
        nginx_listen *listen = &server->listens[i];

        listen->tls = listen->tls || old_ssl;
        server->tls = server->tls || listen->tls;
        server->plain = server->plain || !listen->tls;
        server->http2 = server->http2 || listen->http2;
    }
}

static void add_missing_listens(builder *b)
{
    for (size_t i = 0; i < b->model->server_count; i++) {
        nginx_server *server = b->model->servers[i];
        nginx_listen *listen;

        if (server->listen_count > 0 || server->level->unread)
            continue;
        listen = new_listen(b, server);
        *listen = server->assumed ? (nginx_listen){.socket = "*:443", .port = 443, .said_tls = true}
                                  : (nginx_listen){.socket = "*:80", .port = 80};
    }
}

/* -- Gaps ---------------------------------------------------------------------------------------------------------- */

typedef struct level_list {
    nginx_level **items;
    size_t count;
} level_list;

static void list_levels(level_list *list, nginx_level *level)
{
    list->items[list->count++] = level;
    for (size_t i = 0; i < level->child_count; i++)
        list_levels(list, level->children[i]);
}

static int compare_levels(const void *one, const void *other)
{
    const uintptr_t a = (uintptr_t)(*(nginx_level *const *)one)->node,
                    b = (uintptr_t)(*(nginx_level *const *)other)->node;

    return a < b ? -1 : a > b;
}

static nginx_level *level_of(const level_list *list, const config_node *node)
{
    const nginx_level key = {.node = node};
    const nginx_level *const wanted = &key;
    nginx_level **found = bsearch(&wanted, list->items, list->count, sizeof(nginx_level *), compare_levels);

    return found != NULL ? *found : NULL;
}

/* A level may have lines that were not read: then nothing is concluded from what it lacks. */
static void mark_gap(const nginx_model *model, const level_list *list, const nginx_gap *gap)
{
    nginx_level *level = NULL;

    for (const config_node *at = gap->include; at != NULL && level == NULL; at = at->parent)
        level = at->parent != NULL ? level_of(list, at->parent) : NULL;
    if (level != NULL)
        level->unread = true;
    else if (gap->file != NULL)
        model->http->unread = true;
}

static void mark_gaps(const builder *b)
{
    const nginx_model *model = b->model;
    level_list list = {.count = 0};

    if (model->http == NULL || model->tree.gap_count == 0)
        return;
    list.items = base_arena_take(b->arena, (b->levels + 1) * sizeof(nginx_level *));
    list_levels(&list, model->http);
    base_sort((void *)list.items, list.count, sizeof(nginx_level *), compare_levels);
    for (size_t i = 0; i < model->tree.gap_count; i++)
        if (!model->tree.gaps[i].stock)
            mark_gap(model, &list, &model->tree.gaps[i]);
}

static bool check_bounds(const builder *b, base_error *error)
{
    if (b->levels > NGINX_LEVELS_MAX)
        base_error_set(error, "the configuration has more than %d levels (server, location, if)", NGINX_LEVELS_MAX);
    else if (b->exceeded)
        base_error_set(error, "the header lines in force at the levels of the configuration are more than %d",
                       NGINX_HEADERS_MAX);
    return !b->exceeded;
}

/* True if another file that was given includes it, itself or through others: it is judged there. */
static bool is_part(const config_file *file, size_t count)
{
    const config_file *whole = file->part_of;

    for (size_t i = 0; whole != NULL && whole->part_of != NULL && i < count; i++)
        whole = whole->part_of;
    return whole != NULL && whole->part_of == NULL;
}

static void add_tree(builder *b, const nginx_tree *tree)
{
    nginx_tree *all = &b->model->tree;

    for (size_t i = 0; i < tree->gap_count; i++) {
        all->gaps = base_arena_grow(b->arena, all->gaps, all->gap_count, &all->gap_capacity, sizeof *all->gaps);
        all->gaps[all->gap_count++] = tree->gaps[i];
    }
    all->nodes += tree->nodes;
    all->top = tree->top;
}

bool nginx_model_make(config_estate *estate, config_file *const *files, size_t count, nginx_context context,
                      config_version version, nginx_model *model, base_error *error)
{
    builder b = {.model = model, .arena = &estate->arena};
    nginx_tree *trees = base_arena_take(b.arena, count * sizeof *trees);

    *model = (nginx_model){.estate = estate, .version = version};
    model->steps = base_arena_take(b.arena, sizeof *model->steps);
    for (size_t i = 0; i < count; i++)
        if (!nginx_tree_make(estate, files[i], &trees[i], error))
            return false;
    for (size_t i = 0; i < count; i++) {
        if (is_part(files[i], count))
            continue;
        add_tree(&b, &trees[i]);
        take_top(&b, trees[i].top, context);
    }
    take_fragments(&b);
    if (!check_bounds(&b, error))
        return false;
    mark_gaps(&b);
    add_missing_listens(&b);
    join_sockets(&b);
    for (size_t i = 0; i < model->server_count; i++)
        finish_listens(model, model->servers[i]);
    return true;
}

/* -- Several configurations ---------------------------------------------------------------------------------------- */

static bool is_whole(config_estate *estate, config_file *file, nginx_context context)
{
    const config_directive *top = &nginx_parse(estate, file)->top;

    if (context != NGINX_CONTEXT_AUTO)
        return context == NGINX_CONTEXT_MAIN;
    for (size_t i = 0; i < top->child_count; i++)
        if (is_of_main(&top->children[i]))
            return true;
    return false;
}

bool nginx_models_make(config_estate *estate, config_file *const *files, size_t count, nginx_context context,
                       config_version version, nginx_models *models, base_error *error)
{
    config_file **parts = base_arena_take(&estate->arena, count * sizeof *parts);
    size_t part_count = 0;

    *models = (nginx_models){.items = base_arena_take(&estate->arena, (count + 1) * sizeof *models->items)};
    for (size_t i = 0; i < count; i++) {
        if (!is_whole(estate, files[i], context))
            parts[part_count++] = files[i];
        else if (!nginx_model_make(estate, &files[i], 1, context, version, &models->items[models->count++], error))
            return false;
    }
    count = part_count;
    part_count = 0;
    for (size_t i = 0; i < count; i++)
        if (!is_part(parts[i], count))
            parts[part_count++] = parts[i];
    return part_count == 0 ||
           nginx_model_make(estate, parts, part_count, context, version, &models->items[models->count++], error);
}

/* -- What is in force ---------------------------------------------------------------------------------------------- */

static const char *name_of(const config_node *node)
{
    return node->said->words[0].text;
}

const config_node *const *nginx_own_lines(const nginx_level *level, const char *name, size_t *count)
{
    size_t low = 0, high = level->line_count, first;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (strcmp(name_of(level->lines[middle]), name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    first = low;
    while (low < level->line_count && strcmp(name_of(level->lines[low]), name) == 0)
        low++;
    *count = low - first;
    return *count > 0 ? level->lines + first : NULL;
}

const config_node *nginx_in_force(const nginx_level *level, const char *name)
{
    for (; level != NULL; level = level->parent) {
        size_t count;
        const config_node *const *lines = nginx_own_lines(level, name, &count);

        if (count > 0)
            return lines[count - 1];
    }
    return NULL;
}

bool nginx_rejects_handshake(const nginx_server *server)
{
    const config_node *line = nginx_in_force(server->level, "ssl_reject_handshake");

    return line != NULL && config_word_is(config_node_word(line, 1), "on");
}

const char *nginx_pass_prefix(const nginx_level *level)
{
    if (level->pass == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++)
        if (strncmp(level->pass->said->words[0].text, passes[i], strlen(passes[i])) == 0)
            return passes[i];
    return NULL;
}

bool nginx_hides(const nginx_level *level, const char *field, const config_node **line)
{
    static const char ending[] = "_hide_header";
    const char *prefix = nginx_pass_prefix(level);
    char name[32];

    if (prefix == NULL)
        return false;
    (void)snprintf(name, sizeof name, "%s%s", prefix, ending);
    for (; level != NULL; level = level->parent) {
        size_t count;
        const config_node *const *lines = nginx_own_lines(level, name, &count);

        for (size_t i = 0; i < count; i++) {
            const config_word *word = config_node_word(lines[i], 1);

            if (word != NULL && base_ascii_is(word->text, word->length, field)) {
                *line = lines[i];
                return true;
            }
        }
        if (count > 0)
            return false;
    }
    return false;
}
