/* Servers: what they listen on, whom they answer for, and with which certificates. */
#include "base/ascii.h"
#include "config/nginx_names.h"
#include "config/nginx_redirect.h"
#include "config/nginx_rules.h"
#include "holdfast/header.h"

#include <string.h>

#define PAIRS_MAX 100 /* certificates of one server */

/* -- Port 443 ------------------------------------------------------------------------------------------------------ */

/* With `ssl`, nginx demands a certificate of each server on the socket; of another one it is not known here. */
static bool can_have_tls(const nginx_server *server, const nginx_listen *listen)
{
    return nginx_is_of_block(listen->node) && nginx_in_force(server->level, "ssl_certificate") != NULL &&
           nginx_in_force(server->level, "ssl_certificate_key") != NULL &&
           (!listen->shared || nginx_in_force(server->level->parent, "ssl_certificate") != NULL);
}

static void judge_port(const nginx_judging *judging, const nginx_server *server)
{
    for (size_t i = 0; i < server->listen_count; i++) {
        const nginx_listen *listen = &server->listens[i];

        if (listen->port != 443 || listen->tls || nginx_is_local(listen) || server->level->unread)
            continue;
        if (config_lint_word(judging->lint, server->level->node, NULL, RULE_LISTEN_443_NO_SSL,
                             "'listen %s' has no `ssl`", BASE_CUT(config_node_word(listen->node, 1)->text)) &&
            can_have_tls(server, listen))
            for (size_t j = i; j < server->listen_count; j++)
                if (server->listens[j].port == 443 && !server->listens[j].tls &&
                    can_have_tls(server, &server->listens[j]))
                    nginx_mend_listen(judging, &server->listens[j]);
    }
}

/* -- Names that no server with TLS has ----------------------------------------------------------------------------- */

typedef struct answering {
    const nginx_judging *judging;
    const nginx_names *plain, *tls;
    const nginx_server *by_default; /* with TLS */
} answering;

/* True of a server that has names, and so is not meant for those that no server has. */
static bool is_for_its_names(const nginx_server *server)
{
    bool real = false;

    for (size_t i = 0; i < server->name_count; i++) {
        if (!nginx_name_is_real(server->names[i]))
            return false;
        real = true;
    }
    return real;
}

/* True if a `return` of the whole server leads to HTTPS on the same host. */
static bool leads_to_tls(const nginx_judging *judging, const nginx_server *server)
{
    const nginx_level *level = server->level;
    nginx_redirect redirect;

    for (size_t i = 0; i < level->child_count && level->stops == NULL; i++)
        if (level->children[i]->kind == NGINX_LOCATION &&
            config_word_is(config_node_word(level->children[i]->node, 1), "/"))
            level = level->children[i];
    return level->stops != NULL && nginx_redirect_read(judging->model, level, level->stops, false, &redirect) &&
           redirect.scheme == NGINX_SCHEME_HTTPS && redirect.host == NGINX_HOST_SAME && !redirect.has_port;
}

/* True if visitors of a server are sent to TLS by its own parent domain: includeSubDomains. */
static bool is_covered(const answering *a, hf_span name)
{
    for (size_t i = 0; i + 1 < name.length; i++) {
        const nginx_server *above = NULL;
        const nginx_emitter *line;
        hf_policy policy;
        nginx_value value;

        if (name.data[i] != '.')
            continue;
        above = nginx_names_find(a->tls, (hf_span){name.data + i + 1, name.length - i - 1});
        line = above != NULL ? nginx_policy(a->judging, above->level, true) : NULL;
        if (line == NULL || !line->sts)
            continue;
        value = nginx_evaluate(a->judging->model, above->level, line->text, NULL, true);
        if (value.known && hf_header_parse(value.text, strlen(value.text), &policy, NULL) &&
            policy.include_subdomains && policy.max_age > 0)
            return true;
    }
    return false;
}

static void judge_name(const answering *a, const nginx_server *server, const config_word *word, bool leads)
{
    const nginx_judging *judging = a->judging;
    const hf_span name = {word->text, word->length};

    if (!nginx_name_is_real(word) || word->text[0] == '*' || word->text[0] == '.' || strchr(word->text, '.') == NULL ||
        nginx_names_find(a->tls, name) != NULL || nginx_names_find(a->plain, name) != server)
        return;
    if (leads)
        config_lint_word(judging->lint, a->by_default->level->node, NULL, RULE_DEFAULT_SERVER_ANSWERS,
                         "plain HTTP redirects %s to HTTPS, and no server with TLS has that name",
                         BASE_CUT(word->text));
    else if (is_covered(a, name))
        config_lint_word(judging->lint, a->by_default->level->node, NULL, RULE_DEFAULT_SERVER_ANSWERS,
                         "a policy with includeSubDomains covers %s, and no server with TLS has that name",
                         BASE_CUT(word->text));
}

/* Where a name has plain HTTP and no TLS, those who are sent to TLS reach the default server. */
static void judge_default(const answering *a)
{
    const nginx_model *model = a->judging->model;
    const nginx_server *server = a->by_default;

    if (server == NULL || server->assumed || nginx_is_unread(server->level) || nginx_is_mute(server->level) ||
        nginx_names_has_patterns(a->tls) || !is_for_its_names(server))
        return;
    for (size_t i = 0; i < model->server_count; i++) {
        const nginx_server *plain = model->servers[i];
        const bool leads = plain->plain && !plain->tls && leads_to_tls(a->judging, plain);

        for (size_t j = 0; plain->plain && j < plain->name_count; j++)
            judge_name(a, plain, plain->names[j], leads);
    }
}

/* -- Certificates -------------------------------------------------------------------------------------------------- */

typedef struct lines {
    const config_node *const *items;
    size_t count;
} lines;

/* The lines of a name that are in force at a server. */
static lines in_force(const nginx_level *level, const char *name)
{
    lines found = {.items = NULL};

    for (; level != NULL && found.items == NULL; level = level->parent)
        found.items = nginx_own_lines(level, name, &found.count);
    return found;
}

/* A path; not what the server makes when the request comes, or asks a device for. */
static const config_word *path_of(const config_node *node)
{
    const config_word *word = config_node_word(node, 1);

    if (word == NULL || word->length == 0 || word->template || strchr(word->text, '$') != NULL ||
        strncmp(word->text, "data:", 5) == 0 || strncmp(word->text, "engine:", 7) == 0 ||
        strncmp(word->text, "store:", 6) == 0)
        return NULL;
    return word;
}

/* What turns stapling on for a certificate: beside it, or where it is turned off. */
static config_edit stapling_for(const nginx_judging *judging, const nginx_level *level, const config_node *chain)
{
    const config_node *off = nginx_in_force(level, "ssl_stapling");
    const config_word *word = off != NULL ? config_node_word(off, 1) : NULL;
    config_file *file = chain->said->file;

    if (!nginx_is_of_block(chain))
        return (config_edit){.text = NULL};
    if (off == NULL)
        return (config_edit){.file = file,
                             .offset = chain->said->end,
                             .text =
                                 base_arena_format(judging->arena, "%sssl_stapling on;", nginx_break(judging, chain))};
    if (word == NULL || off->parent != chain->parent || !nginx_is_of_block(off))
        return (config_edit){.text = NULL};
    return (config_edit){
        .file = off->said->file, .offset = word->offset, .length = word->end - word->offset, .text = "on"};
}

static void take_pairs(const nginx_judging *judging, const nginx_server *server)
{
    const lines chains = in_force(server->level, "ssl_certificate");
    const lines keys = in_force(server->level, "ssl_certificate_key");
    const config_node *staples = nginx_in_force(server->level, "ssl_stapling");

    for (size_t i = 0; i < chains.count && i < PAIRS_MAX; i++) {
        config_pair pair = {.chain_node = chains.items[i],
                            .chain = path_of(chains.items[i]),
                            .staples = staples != NULL && config_word_is(config_node_word(staples, 1), "on")};

        if (pair.chain == NULL)
            continue;
        if (keys.count == chains.count && path_of(keys.items[i]) != NULL) {
            pair.key_node = keys.items[i];
            pair.key = path_of(pair.key_node);
        }
        if (chains.count == 1)
            pair.stapling = stapling_for(judging, server->level, pair.chain_node);
        config_lint_pair(judging->lint, &pair);
    }
}

/* -- All of it ----------------------------------------------------------------------------------------------------- */

void nginx_judge_servers(const nginx_judging *judging)
{
    const nginx_model *model = judging->model;
    const answering a = {.judging = judging,
                         .plain = nginx_names_make(model, false, judging->arena),
                         .tls = nginx_names_make(model, true, judging->arena)};

    for (size_t i = 0; i < model->server_count; i++) {
        const nginx_server *server = model->servers[i];

        if (server->level->node == NULL)
            continue;
        if (!server->assumed)
            judge_port(judging, server);
        if (server->tls)
            take_pairs(judging, server);
    }
    judge_default(&(answering){a.judging, a.plain, a.tls, nginx_names_default(a.tls)});
}
