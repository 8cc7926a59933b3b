/* Redirects: where they lead to, with which status; and content over plain HTTP that should be a redirect. */
#include "base/ascii.h"
#include "base/sort.h"
#include "config/nginx_names.h"
#include "config/nginx_redirect.h"
#include "config/nginx_rules.h"

#include <string.h>

#define NAMES_MAX 1000 /* of one server, that a redirect is compared with */

/* A name with TLS, and the server that gets its requests on port 80. */
typedef struct landing {
    const nginx_server *server;
    hf_span name;
    const nginx_server *tls;
    size_t at;
} landing;

typedef struct landings {
    landing *items;
    size_t count;
} landings;

/* How requests run through a server, with or without TLS. */
typedef struct scanning {
    const nginx_judging *judging;
    const nginx_server *server;
    const landing *landed; /* of this server */
    size_t landed_count;
    const nginx_names *names; /* with TLS */
    bool tls;
    bool whole;             /* whatever the path is */
    hf_span only, excepted; /* the host that an `if` asks for */
} scanning;

/* -- Which names arrive where -------------------------------------------------------------------------------------- */

static int compare(const void *one, const void *other)
{
    const landing *a = one, *b = other;

    if (a->server != b->server)
        return (uintptr_t)a->server < (uintptr_t)b->server ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static hf_span real_name(const config_word *word)
{
    return word->text[0] == '.' ? (hf_span){word->text + 1, word->length - 1} : (hf_span){word->text, word->length};
}

/* True of a server that is meant to answer for names that none has, and does not so by accident. */
static bool is_catch_all(const nginx_server *server)
{
    bool real = false;

    for (size_t i = 0; i < server->listen_count; i++)
        if (server->listens[i].said_default)
            return true;
    for (size_t i = 0; i < server->name_count; i++)
        real = real || nginx_name_is_real(server->names[i]);
    return !real;
}

/* The server on port 80 for names that none has there; NULL: it is not known, or was not meant to be. */
static const nginx_server *default_of(const nginx_names *plain)
{
    const nginx_server *server = nginx_names_has_patterns(plain) ? NULL : nginx_names_default(plain);

    return server != NULL && is_catch_all(server) ? server : NULL;
}

static landings find_landings(const nginx_judging *judging)
{
    const nginx_model *model = judging->model;
    const nginx_names *plain = nginx_names_make(model, false, judging->arena);
    const nginx_server *by_default = default_of(plain);
    landings found = {.count = 0};
    size_t total = 0;

    for (size_t i = 0; i < model->server_count; i++)
        total += model->servers[i]->name_count;
    found.items = base_arena_take(judging->arena, total * sizeof *found.items);
    for (size_t i = 0; i < model->server_count; i++)
        for (size_t j = 0; model->servers[i]->tls && j < model->servers[i]->name_count; j++) {
            const config_word *word = model->servers[i]->names[j];
            const hf_span name = real_name(word);
            const nginx_server *server = nginx_name_is_real(word) ? nginx_names_find(plain, name) : NULL;

            if (server == NULL && nginx_name_is_real(word))
                server = by_default;
            if (server != NULL) {
                found.items[found.count] = (landing){server, name, model->servers[i], found.count};
                found.count++;
            }
        }
    base_sort(found.items, found.count, sizeof *found.items, compare);
    return found;
}

/* Those of one server. */
static const landing *landed_on(const landings *all, const nginx_server *server, size_t *count)
{
    size_t low = 0, high = all->count, end;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if ((uintptr_t)all->items[middle].server < (uintptr_t)server)
            low = middle + 1;
        else
            high = middle;
    }
    for (end = low; end < all->count && all->items[end].server == server;)
        end++;
    *count = end - low;
    return all->items + low;
}

/* -- To another host ----------------------------------------------------------------------------------------------- */

static bool same(hf_span a, hf_span b)
{
    return a.length == b.length && base_ascii_same(a.data, b.data, a.length);
}

static bool is_asked(const scanning *s, hf_span name)
{
    return (s->only.data == NULL || same(s->only, name)) && (s->excepted.data == NULL || !same(s->excepted, name));
}

static hf_span first_name(const nginx_server *server)
{
    const config_word *word = server->name_count > 0 ? server->names[0] : NULL;

    return word != NULL && nginx_name_is_real(word) ? real_name(word) : (hf_span){.data = NULL};
}

/* A name of the server that the redirect leads away from; without data: there is none. */
static hf_span name_left(const scanning *s, const nginx_redirect *redirect)
{
    const nginx_server *server = s->server;
    const hf_span to = redirect->host == NGINX_HOST_FIRST ? first_name(server) : redirect->name;

    if (redirect->host == NGINX_HOST_OTHER)
        return first_name(server);
    if (to.data == NULL || (redirect->host != NGINX_HOST_NAMED && redirect->host != NGINX_HOST_FIRST))
        return (hf_span){.data = NULL};
    if (s->only.data != NULL)
        return same(s->only, to) ? (hf_span){.data = NULL} : s->only;
    for (size_t i = 0; i < server->name_count && i < NAMES_MAX; i++) {
        const hf_span name = real_name(server->names[i]);

        if (nginx_name_is_real(server->names[i]) && is_asked(s, name) && !same(name, to))
            return name;
    }
    for (size_t i = 0; i < s->landed_count && i < NAMES_MAX; i++)
        if (is_asked(s, s->landed[i].name) && !same(s->landed[i].name, to))
            return s->landed[i].name;
    return (hf_span){.data = NULL};
}

static const char *text_of(const scanning *s, hf_span text)
{
    return base_arena_copy(s->judging->arena, text.data, text.length);
}

static void judge_host(const scanning *s, const nginx_redirect *redirect)
{
    const hf_span left = s->whole ? name_left(s, redirect) : (hf_span){.data = NULL};

    if (left.data != NULL)
        config_lint_word(s->judging->lint, redirect->node, redirect->target, RULE_REDIRECT_CROSS_HOST,
                         "requests for %s go to %s at once", BASE_CUT(text_of(s, left)),
                         BASE_CUT(text_of(s, redirect->name)));
}

/* -- For a while --------------------------------------------------------------------------------------------------- */

static void edit_word(const scanning *s, const nginx_redirect *redirect, const config_word *word, const char *text)
{
    config_lint_edit(s->judging->lint, redirect->node->said->file, word->offset, word->end - word->offset, text);
}

static void mend_temporary(const scanning *s, const nginx_redirect *redirect)
{
    config_file *file = redirect->node->said->file;
    const bool keeps_method =
        redirect->status == 307 && !config_version_is_before(s->judging->model->version, 1, 13, 0);

    if (config_node_is(redirect->node, "return")) {
        if (redirect->code == NULL)
            config_lint_edit(s->judging->lint, file, redirect->target->offset, 0, "301 ");
        else
            edit_word(s, redirect, redirect->code, keeps_method ? "308" : "301");
    } else if (config_node_is(redirect->node, "rewrite")) {
        if (redirect->code == NULL)
            config_lint_edit(s->judging->lint, file, redirect->target->end, 0, " permanent");
        else
            edit_word(s, redirect, redirect->code, "permanent");
    } else if (redirect->code == NULL) {
        config_lint_edit(s->judging->lint, file, redirect->target->offset, 0, "=301 ");
    } else {
        edit_word(s, redirect, redirect->code, "=301");
    }
}

static void judge_status(const scanning *s, const nginx_redirect *redirect)
{
    if (redirect->scheme != NGINX_SCHEME_HTTPS || redirect->status == 301 || redirect->status == 308)
        return;
    if (config_lint_word(s->judging->lint, redirect->node, redirect->code != NULL ? redirect->code : redirect->target,
                         RULE_REDIRECT_TEMPORARY, "the status is %d", redirect->status))
        mend_temporary(s, redirect);
}

/* -- Back to plain HTTP -------------------------------------------------------------------------------------------- */

/* True if another server of these files has TLS for the host that the redirect leads to. */
static bool is_elsewhere(const scanning *s, const nginx_redirect *redirect)
{
    const nginx_server *found;

    if (redirect->host != NGINX_HOST_NAMED || redirect->has_port)
        return false;
    found = nginx_names_find(s->names, redirect->name);
    return found != NULL && found != s->server;
}

/* What a certificate authority asks for it gets over plain HTTP too. */
static bool is_for_authority(const nginx_level *level)
{
    for (; level != NULL && level->kind != NGINX_SERVER; level = level->parent)
        for (size_t i = 1; level->node != NULL && i < level->node->said->word_count; i++)
            if (strstr(level->node->said->words[i].text, ".well-known") != NULL)
                return true;
    return false;
}

static void judge_downgrade(const scanning *s, const nginx_redirect *redirect)
{
    const config_word *target = redirect->target;
    static const char plain[] = "http://";

    if (redirect->scheme != NGINX_SCHEME_HTTP)
        return;
    if (config_lint_word(s->judging->lint, redirect->node, target, RULE_REDIRECT_TO_HTTP, "the target is '%s'",
                         BASE_CUT(target->text)) &&
        target->exact && nginx_is_of_block(redirect->node) && base_ascii_same(target->text, plain, sizeof plain - 1) &&
        is_elsewhere(s, redirect))
        config_lint_edit(s->judging->lint, redirect->node->said->file, target->offset + target->quoted,
                         sizeof plain - 1, "https://");
}

/* -- Through a server ---------------------------------------------------------------------------------------------- */

static bool is_for_plain_request(const config_node *node)
{
    for (size_t i = 1; i + 1 < node->said->word_count; i++)
        if (strcmp(node->said->words[i].text, "497") == 0)
            return true;
    return false;
}

static void judge_line(const scanning *s, const nginx_level *level, const config_node *node)
{
    nginx_redirect redirect;

    if (!nginx_redirect_read(s->judging->model, level, node, s->tls, &redirect))
        return;
    if (s->tls && !is_for_authority(level))
        judge_downgrade(s, &redirect);
    if (config_node_is(node, "error_page")) {
        if (is_for_plain_request(node))
            judge_status(s, &redirect);
    } else if (!s->tls) {
        judge_status(s, &redirect);
        judge_host(s, &redirect);
    }
}

/* "$host = a.test" narrows what is asked for; other conditions leave it as it is. */
static void narrow(scanning *s, const config_node *node)
{
    const config_word *first = config_node_word(node, 1), *sign = config_node_word(node, 2),
                      *last = config_node_word(node, 3);
    hf_span name;

    if (last == NULL || config_node_word(node, 4) != NULL ||
        (strcmp(first->text, "($host") != 0 && strcmp(first->text, "($http_host") != 0))
        return;
    name = (hf_span){last->text, last->length};
    if (name.length > 0 && name.data[name.length - 1] == ')')
        name.length--;
    if (strcmp(sign->text, "=") == 0)
        s->only = name;
    else if (strcmp(sign->text, "!=") == 0)
        s->excepted = name;
}

static bool scan_block(const scanning *s, const nginx_level *level);

/* True: requests that get here go no further. */
static bool scan_if(const scanning *s, const nginx_level *level)
{
    const int holds = nginx_condition(s->judging->model, level, level->node, s->tls);
    scanning inner = *s;

    if (holds == 0)
        return false;
    narrow(&inner, level->node);
    return scan_block(&inner, level) && holds == 1;
}

static bool scan_block(const scanning *s, const nginx_level *level)
{
    bool ended = false;
    size_t next = 0;

    for (size_t i = 0; level->node != NULL && i < level->node->child_count; i++) {
        const config_node *node = level->node->children[i];

        if (next < level->child_count && level->children[next]->node == node) {
            const nginx_level *child = level->children[next++];

            if (!ended && (child->kind == NGINX_IF || child->kind == NGINX_SERVER_IF))
                ended = scan_if(s, child);
        } else if (!node->said->has_block && (!ended || config_node_is(node, "error_page"))) {
            judge_line(s, level, node);
            ended = ended || nginx_ends_all(node);
        }
    }
    return ended;
}

static bool is_whole(const nginx_level *level)
{
    const config_word *word = config_node_word(level->node, 1);

    return level->parent->kind == NGINX_SERVER && word != NULL && strcmp(word->text, "/") == 0;
}

static void scan(const scanning *s, const nginx_level *level)
{
    if (scan_block(s, level))
        return;
    for (size_t i = 0; i < level->child_count; i++) {
        scanning inner = *s;

        if (level->children[i]->kind != NGINX_LOCATION)
            continue;
        inner.whole = is_whole(level->children[i]);
        scan(&inner, level->children[i]);
    }
}

/* -- Plain HTTP without a redirect --------------------------------------------------------------------------------- */

/* A redirect, unless it stays with plain HTTP on the same host. */
static bool leads_away(const nginx_judging *judging, const nginx_level *level, const config_node *node)
{
    nginx_redirect redirect;

    return nginx_redirect_read(judging->model, level, node, false, &redirect) &&
           (redirect.scheme != NGINX_SCHEME_HTTP || redirect.host != NGINX_HOST_SAME);
}

static bool is_error(const config_node *node)
{
    const config_word *code = config_node_word(node, 1);

    return config_node_is(node, "return") && code != NULL && (code->text[0] == '4' || code->text[0] == '5');
}

static bool is_closed(const config_node *node)
{
    const config_word *word = config_node_word(node, 1);

    return config_node_is(node, "internal") ||
           (config_node_is(node, "deny") && word != NULL && strcmp(word->text, "all") == 0);
}

static bool has_way_out(const nginx_judging *judging, const nginx_level *level)
{
    for (size_t i = 0; i < level->node->child_count; i++)
        if (!config_node_is(level->node->children[i], "error_page") &&
            leads_away(judging, level, level->node->children[i]))
            return true;
    return false;
}

static bool leaves_at(const nginx_judging *judging, const nginx_level *level)
{
    for (size_t i = 0; i < level->node->child_count; i++) {
        const config_node *node = level->node->children[i];

        if (is_error(node) || is_closed(node) ||
            (!config_node_is(node, "error_page") && leads_away(judging, level, node)))
            return true;
    }
    return false;
}

/* True if requests without TLS get no content here. Where that depends on what only the request says, they do not. */
static bool leaves(const nginx_judging *judging, const nginx_level *level)
{
    if (leaves_at(judging, level))
        return true;
    for (size_t i = 0; i < level->child_count; i++) {
        const nginx_level *child = level->children[i];

        if ((child->kind == NGINX_IF || child->kind == NGINX_SERVER_IF) && has_way_out(judging, child) &&
            nginx_condition(judging->model, child, child->node, false) != 0)
            return true;
    }
    return false;
}

static bool has_content(const nginx_level *level)
{
    static const char *const names[] = {"root", "alias", "try_files", "content_by_lua_file", "js_content"};

    if (level->pass != NULL || level->stops != NULL)
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nginx_in_force(level, names[i]) != NULL)
            return true;
    return false;
}

/* Named locations that a `try_files` ends with. */
static bool is_tried_away(const nginx_judging *judging, const nginx_server *server, const nginx_level *level)
{
    const config_node *tries = nginx_in_force(level, "try_files");
    const config_word *last = tries != NULL ? config_node_word(tries, tries->said->word_count - 1) : NULL;
    const nginx_level *named = last != NULL && last->text[0] == '@' ? nginx_find_named(server, last->text) : NULL;

    return named != NULL && leaves(judging, named);
}

/* Paths that machines ask for: certificates, health, metrics. */
static bool is_for_machines(const nginx_level *level)
{
    static const char *const parts[] = {"well-known", "acme", "health", "status", "ping", "metrics", "crl", "ocsp"};

    for (size_t i = 1; i < level->node->said->word_count; i++)
        for (size_t j = 0; j < sizeof parts / sizeof *parts; j++)
            if (strstr(level->node->said->words[i].text, parts[j]) != NULL)
                return true;
    return nginx_in_force(level, "allow") != NULL;
}

/* A location beside the one with the redirect that passes requests on to an application. */
static const nginx_level *application_beside(const nginx_judging *judging, const nginx_server *server)
{
    for (size_t i = 0; i < server->level->child_count; i++) {
        const nginx_level *child = server->level->children[i];

        if (child->kind == NGINX_LOCATION && child->pass != NULL && !child->unread &&
            config_node_word(child->node, 1) != NULL && config_node_word(child->node, 1)->text[0] != '@' &&
            !is_for_machines(child) && !leaves(judging, child))
            return child;
    }
    return NULL;
}

/* The level that serves content over plain HTTP; NULL: none does, as far as is known. */
static const nginx_level *content_of(const nginx_judging *judging, const nginx_server *server)
{
    const nginx_level *level = server->level, *root;
    bool sure;

    if (level->unread || leaves(judging, level) || nginx_is_mute(level))
        return NULL;
    root = nginx_find_location(server, "/any", &sure);
    if (!sure || (root != NULL && root->unread))
        return NULL;
    root = root != NULL ? root : level;
    if (root != level && (leaves(judging, root) || is_tried_away(judging, server, root)))
        return application_beside(judging, server);
    return has_content(root) ? root : NULL;
}

static bool is_on_port_80(const nginx_server *server)
{
    for (size_t i = 0; i < server->listen_count; i++)
        if (!server->listens[i].tls && server->listens[i].port == 80 && !nginx_is_local(&server->listens[i]))
            return true;
    return false;
}

static const char *position(const scanning *s, const config_node *node)
{
    const config_directive *said = node->said;

    return base_arena_format(s->judging->arena, "%s:%zu", BASE_CUT(said->file->name),
                             said->word_count > 0 ? config_line_at(said->file, said->words[0].offset) : 1);
}

static void judge_plain(const scanning *s)
{
    const nginx_server *server = s->server;
    const nginx_level *content;

    if (server->assumed || s->landed_count == 0 || !is_on_port_80(server))
        return;
    content = content_of(s->judging, server);
    if (content != NULL)
        config_lint_word(s->judging->lint, server->level->node, NULL, RULE_HTTP_NO_REDIRECT,
                         "%s answers without TLS for %s, which has TLS at %s", position(s, content->node),
                         BASE_CUT(text_of(s, s->landed[0].name)), position(s, s->landed[0].tls->level->node));
}

/* -- All of it ----------------------------------------------------------------------------------------------------- */

void nginx_judge_redirects(const nginx_judging *judging)
{
    const nginx_model *model = judging->model;
    const landings all = find_landings(judging);
    const nginx_names *names = nginx_names_make(model, true, judging->arena);

    for (size_t i = 0; i < model->server_count; i++) {
        const nginx_server *server = model->servers[i];
        scanning s = {.judging = judging, .server = server, .names = names, .whole = true};

        if (server->level->node == NULL || nginx_is_inside(server))
            continue;
        s.landed = landed_on(&all, server, &s.landed_count);
        if (server->plain)
            scan(&s, server->level);
        s.tls = true;
        if (server->tls)
            scan(&s, server->level);
        judge_plain(&s);
    }
}
