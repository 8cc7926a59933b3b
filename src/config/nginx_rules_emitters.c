/* Lines that set the HSTS header: name, value, condition, and how often it is sent. */
#include "base/ascii.h"
#include "config/nginx_rules.h"

#include <string.h>

#define MAKERS_MAX 8 /* variables made of variables */

/* One line at one level. */
typedef struct line {
    const nginx_judging *judging;
    const nginx_level *level;
    const nginx_emitter *emitter;
} line;

/* -- Names --------------------------------------------------------------------------------------------------------- */

static void judge_name(const line *l)
{
    const nginx_emitter *emitter = l->emitter;
    const char *colon = emitter->more ? memchr(emitter->name->text, ':', emitter->name->length) : NULL;
    const size_t length = colon != NULL ? (size_t)(colon - emitter->name->text) : emitter->name->length;
    config_lint *lint = l->judging->lint;
    config_value_faults faults = {0};

    config_name_judge((hf_span){.data = emitter->name->text, .length = length}, emitter->more, l->judging->arena,
                      &faults);
    for (size_t i = 0; i < faults.count; i++) {
        const config_value_fault *fault = &faults.items[i];

        if (!config_lint_part(lint, emitter->node, emitter->name, fault->offset, fault->length, fault->rule, "%s",
                              fault->proof))
            continue;
        if (fault->fix != NULL)
            config_lint_say(lint, fault->fix);
        if (emitter->name->exact && fault->mended != NULL)
            config_lint_edit(lint, emitter->node->said->file, emitter->name->offset + emitter->name->quoted, length,
                             fault->mended);
    }
}

/* -- Values -------------------------------------------------------------------------------------------------------- */

static bool is_name_char(char c)
{
    const char lower = base_ascii_lower(c);

    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* The name in a text that is one variable and nothing else. */
static hf_span sole_variable(hf_span text)
{
    hf_span name = {.data = text.data + 1, .length = text.length - 1};

    if (text.length < 2 || text.data[0] != '$')
        return (hf_span){.data = NULL};
    if (name.data[0] == '{' && name.data[name.length - 1] == '}')
        name = (hf_span){.data = name.data + 1, .length = name.length - 2};
    for (size_t i = 0; i < name.length; i++)
        if (!is_name_char(name.data[i]))
            return (hf_span){.data = NULL};
    return name;
}

static bool has_variable(hf_span text)
{
    return text.length > 0 && memchr(text.data, '$', text.length) != NULL;
}

static hf_span text_of(const config_word *word)
{
    return (hf_span){.data = word->text, .length = word->length};
}

static bool is_map_option(const config_node *arm)
{
    return arm->said->word_count < 2 || config_node_is(arm, "include");
}

static size_t judge_made(const nginx_judging *judging, hf_span name, unsigned depth);

/* A value where it is written: in a map, or in `set`. True: it was judged. */
static bool judge_part(const nginx_judging *judging, const config_node *node, const config_word *word, unsigned depth)
{
    const hf_span made = sole_variable(text_of(word));

    if (word->template)
        return false;
    if (!has_variable(text_of(word))) {
        config_lint_value(judging->lint, node, word, 0, word->length);
        return true;
    }
    return made.data != NULL && judge_made(judging, made, depth + 1) > 0;
}

/* Everything that a variable is set to in the configuration; how many values that were. */
static size_t judge_made(const nginx_judging *judging, hf_span name, unsigned depth)
{
    const nginx_model *model = judging->model;
    const config_node *map = nginx_map_of(model, name);
    size_t count = 0;

    if (depth > MAKERS_MAX)
        return 0;
    for (size_t i = 0; map != NULL && i < map->child_count; i++)
        if (!is_map_option(map->children[i]))
            count += judge_part(judging, map->children[i], &map->children[i]->said->words[1], depth);
    for (size_t i = 0; map == NULL && i < model->set_count && nginx_step(model, 1); i++) {
        const config_word *variable = config_node_word(model->sets[i], 1), *word = config_node_word(model->sets[i], 2);

        if (variable != NULL && word != NULL && variable->text[0] == '$' &&
            base_ascii_is(name.data, name.length, variable->text + 1))
            count += judge_part(judging, model->sets[i], word, depth);
    }
    return count;
}

static void say_unknown(const line *l)
{
    config_lint_word(l->judging->lint, l->emitter->node, l->emitter->value, RULE_VARIABLE_UNKNOWN,
                     "'%s' is not set in these files to one value",
                     BASE_CUT(base_arena_copy(l->judging->arena, l->emitter->text.data, l->emitter->text.length)));
}

/* The value is put together of parts: it is judged as a whole, at the line. */
static void judge_joined(const line *l)
{
    const nginx_value value = nginx_evaluate(l->judging->model, l->level, l->emitter->text, NULL, true);
    config_value_faults faults = {0};

    if (!value.known) {
        say_unknown(l);
        return;
    }
    config_value_judge((hf_span){.data = value.text, .length = strlen(value.text)}, l->judging->arena, &faults);
    for (size_t i = 0; i < faults.count; i++) {
        config_lint_word(l->judging->lint, l->emitter->node, l->emitter->value, faults.items[i].rule, "%s",
                         faults.items[i].proof);
        if (faults.items[i].fix != NULL)
            config_lint_say(l->judging->lint, faults.items[i].fix);
    }
}

static void judge_value(const line *l)
{
    const nginx_emitter *emitter = l->emitter;
    const hf_span made = sole_variable(emitter->text);

    if (emitter->clears)
        return;
    if (emitter->value->template)
        say_unknown(l);
    else if (!has_variable(emitter->text))
        config_lint_value(l->judging->lint, emitter->node, emitter->value,
                          (size_t)(emitter->text.data - emitter->value->text), emitter->text.length);
    else if (made.data == NULL)
        judge_joined(l);
    else if (judge_made(l->judging, made, 0) == 0 &&
             !nginx_evaluate(l->judging->model, l->level, emitter->text, NULL, true).known)
        say_unknown(l);
}

/* -- Maps ---------------------------------------------------------------------------------------------------------- */

static const config_node *arm_of(const config_node *map, const char *key)
{
    for (size_t i = 0; i < map->child_count; i++) {
        const config_word *word = &map->children[i]->said->words[0];

        if (map->children[i]->said->word_count >= 2 && base_ascii_is(word->text, word->length, key))
            return map->children[i];
    }
    return NULL;
}

static void rename_key(const nginx_judging *judging, const config_node *arm, const char *key)
{
    const config_word *word = &arm->said->words[0];

    config_lint_edit(judging->lint, arm->said->file, word->offset, word->end - word->offset, key);
}

static bool holds_policy(const config_node *arm)
{
    return arm != NULL && arm->said->words[1].length > 0;
}

/* A map by $scheme or $https: `right` is the key of TLS, `wrong` what people take for it. */
static void judge_map_by(const nginx_judging *judging, const config_node *map, const char *right, const char *wrong)
{
    const config_node *by_default = arm_of(map, "default"), *arm = arm_of(map, right), *mistaken = arm_of(map, wrong);

    if (holds_policy(by_default)) {
        const config_node *plain = arm_of(map, strcmp(right, "on") == 0 ? "" : "http");

        if (plain != NULL && !holds_policy(plain))
            return;
        if (config_lint_word(judging->lint, map, NULL, RULE_MAP_UNCONDITIONAL,
                             "%s holds the policy where %s is not %s too", config_node_word(map, 2)->text,
                             config_node_word(map, 1)->text, right) &&
            arm == NULL)
            rename_key(judging, by_default, right);
    } else if (!holds_policy(arm)) {
        if (config_lint_word(judging->lint, map, NULL, RULE_MAP_WRONG_KEY, "no policy stands behind the key '%s'",
                             right) &&
            holds_policy(mistaken) && arm == NULL)
            rename_key(judging, mistaken, right);
    }
}

static void judge_map(const nginx_judging *judging, const config_node *map)
{
    const config_word *source = config_node_word(map, 1);

    for (size_t i = 0; i < map->child_count; i++)
        if (config_node_is(map->children[i], "include") || map->children[i]->said->words[0].text[0] == '~')
            return;
    if (config_word_is(source, "$scheme") || config_word_is(source, "${scheme}"))
        judge_map_by(judging, map, "https", "on");
    else if (config_word_is(source, "$https") || config_word_is(source, "${https}"))
        judge_map_by(judging, map, "on", "https");
}

static const config_node *map_of(const line *l)
{
    const hf_span made = sole_variable(l->emitter->text);

    return made.data != NULL ? nginx_map_of(l->judging->model, made) : NULL;
}

/* -- Conditions ---------------------------------------------------------------------------------------------------- */

static bool is_of_client(const char *text)
{
    static const char *const variables[] = {
        "http_x_forwarded_proto", "http_x_forwarded_scheme", "http_x_forwarded_ssl", "http_x_scheme",
        "http_x_url_scheme",      "http_front_end_https",    "http_forwarded",       "http_cloudfront_forwarded_proto",
        "http_x_proto",           "http_cf_visitor"};

    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        if (strcmp(text, variables[i]) == 0)
            return true;
    return false;
}

/* "$http_x_forwarded_proto" and nothing else: with another variable beside it, that one is taken for the condition. */
static bool is_spoofable_source(const config_word *word)
{
    const hf_span name = word != NULL ? sole_variable(text_of(word)) : (hf_span){.data = NULL};
    char copy[64];

    if (name.data == NULL || name.length >= sizeof copy)
        return false;
    memcpy(copy, name.data, name.length);
    copy[name.length] = '\0';
    return is_of_client(copy);
}

static bool is_spoofable_if(const config_node *node)
{
    const config_word *word = node != NULL && config_node_is(node, "if") ? config_node_word(node, 1) : NULL;
    config_word bare;

    if (word == NULL)
        return false;
    bare = *word;
    if (bare.length > 0 && bare.text[0] == '(') {
        bare.text++;
        bare.length--;
    }
    return is_spoofable_source(&bare);
}

/* True if a request header that every client can send decides about the line. */
static bool is_spoofable(const line *l)
{
    const config_node *map = map_of(l);
    const hf_span made = sole_variable(l->emitter->text);

    if (is_spoofable_if(l->emitter->node->parent) || (map != NULL && is_spoofable_source(config_node_word(map, 1))))
        return true;
    for (size_t i = 0; made.data != NULL && i < l->judging->model->set_count && nginx_step(l->judging->model, 1); i++) {
        const config_node *set = l->judging->model->sets[i];
        const config_word *variable = config_node_word(set, 1);

        if (variable != NULL && variable->text[0] == '$' && base_ascii_is(made.data, made.length, variable->text + 1) &&
            is_spoofable_if(set->parent))
            return true;
    }
    return false;
}

/* Who says from which addresses its proxies come has thought of it. */
static bool trusts_proxies(const nginx_level *level)
{
    return nginx_in_force(level, "set_real_ip_from") != NULL || nginx_in_force(level, "allow") != NULL;
}

static void judge_condition(const line *l)
{
    const nginx_level *level = l->level;

    if (level->server != NULL && nginx_is_inside(level->server))
        return;
    if (is_spoofable(l) && !trusts_proxies(level))
        config_lint_word(l->judging->lint, l->emitter->node, NULL, RULE_CONDITION_SPOOFABLE,
                         "a header of the request decides, and no line says which addresses may send it");
}

/* -- Statuses ------------------------------------------------------------------------------------------------------ */

static void judge_always(const line *l)
{
    const nginx_emitter *emitter = l->emitter;
    bool is_cut, is_later;

    if (emitter->more || emitter->always || emitter->clears || emitter->text.length == 0 ||
        config_version_is_before(l->judging->model->version, 1, 7, 5) || emitter->node->said->word_count != 3)
        return;
    is_cut = nginx_is_cut(emitter->node, &is_later);
    if (is_cut && is_later)
        return;
    /* Of a value that is cut off the end is elsewhere: it comes into its quotes first. */
    if (config_lint_word(l->judging->lint, emitter->node, NULL, RULE_NO_ALWAYS, "`always` does not end the line") &&
        !is_cut)
        config_lint_edit(l->judging->lint, emitter->node->said->file, emitter->value->end, 0, " always");
}

static void judge_restriction(const line *l)
{
    const nginx_emitter *emitter = l->emitter;
    const config_node *node = emitter->node;

    if (!emitter->more || emitter->clears)
        return;
    for (size_t i = 1; i + 1 < node->said->word_count; i++) {
        const config_word *word = config_node_word(node, i), *value = config_node_word(node, i + 1);

        if (!config_word_is(word, "-s") && !config_word_is(word, "-t"))
            continue;
        if (config_lint_word(l->judging->lint, node, NULL, RULE_STATUS_RESTRICTED, "%s %s", word->text,
                             BASE_CUT(value->text)) &&
            i + 2 < node->said->word_count)
            config_lint_edit(l->judging->lint, node->said->file, word->offset,
                             config_node_word(node, i + 2)->offset - word->offset, "");
    }
}

/* -- Where it is sent ---------------------------------------------------------------------------------------------- */

/* The value comes of a map that has a finding of its own. */
static bool is_by_default(const line *l)
{
    const config_node *map = map_of(l), *by_default = map != NULL ? arm_of(map, "default") : NULL;
    const config_word *source = map != NULL ? config_node_word(map, 1) : NULL;

    return holds_policy(by_default) && (config_word_is(source, "$scheme") || config_word_is(source, "$https"));
}

/* The first port that was meant to have no TLS; 443 without it has a finding of its own. -1: there is none. */
static int plain_port(const nginx_server *server)
{
    for (size_t i = 0; i < server->listen_count; i++)
        if (!server->listens[i].tls && server->listens[i].port != 443)
            return server->listens[i].port;
    return -1;
}

static void judge_plain(const line *l)
{
    const nginx_level *level = l->level;
    const nginx_emitter *emitter = l->emitter;
    const nginx_server *server = level->server;
    const int port = plain_port(server);
    nginx_value value;

    if (port < 0 || emitter->clears || nginx_is_mute(level) || nginx_is_inside(server) || is_by_default(l))
        return;
    if (level->kind == NGINX_IF && nginx_condition(l->judging->model, level, level->node, false) != 1)
        return;
    value = nginx_evaluate(l->judging->model, level, emitter->text, NULL, false);
    if (!value.known || value.empty || is_spoofable(l))
        return;
    if (config_lint_word(l->judging->lint, emitter->node, NULL, RULE_HSTS_OVER_HTTP,
                         server->tls ? "a server that listens on port %d without TLS and on a port with TLS sends it"
                                     : "a server that listens on port %d without TLS sends it",
                         port) &&
        !server->tls && level->own.count == 1 && level->own.items[0] == emitter && level->parent->headers.count == 0 &&
        level->kind != NGINX_HTTP && level->node->said->file == emitter->node->said->file)
        nginx_mend_delete(l->judging, emitter->node);
}

/* -- How often ----------------------------------------------------------------------------------------------------- */

static size_t depth_of(const config_node *node)
{
    size_t depth = 0;

    for (; node->parent != NULL; node = node->parent)
        depth++;
    return depth;
}

/* True if `a` stands behind `b`: further in, or further down. */
static bool is_behind(const nginx_emitter *a, const nginx_emitter *b)
{
    const size_t one = depth_of(a->node), other = depth_of(b->node);

    if (one != other)
        return one > other;
    return a->node->said->file != b->node->said->file ||
           a->node->said->words[0].offset > b->node->said->words[0].offset;
}

static bool is_own(const nginx_level *level, const nginx_emitter *emitter)
{
    for (size_t i = 0; i < level->own.count; i++)
        if (level->own.items[i] == emitter)
            return true;
    return false;
}

/* Browsers take the first one, so the second one can go, unless it covers more statuses. */
static void say_twice(const nginx_judging *judging, const nginx_level *level, const nginx_emitter *first,
                      const nginx_emitter *second)
{
    const bool merged = level->inherit == NGINX_INHERIT_MERGE && !first->more && !second->more &&
                        is_own(level, first) != is_own(level, second);
    const nginx_emitter *told = merged && is_own(level, first) ? first : second;
    const config_directive *other = (told == first ? second : first)->node->said;

    if (!config_lint_word(judging->lint, told->node, NULL,
                          merged ? RULE_INHERIT_MERGE_DUPLICATE : RULE_DUPLICATE_HEADER, "%s:%zu sends one too",
                          BASE_CUT(other->file->name), config_line_at(other->file, other->words[0].offset)))
        return;
    if (merged || (!first->more && !second->more && is_own(level, first) && is_own(level, second) &&
                   (first->always || !second->always)))
        nginx_mend_delete(judging, told->node);
}

/* The HSTS lines of a level that are surely sent over TLS. */
static size_t sure_lines(const nginx_judging *judging, const nginx_level *level, const nginx_emitters *lines,
                         const nginx_emitter *found[static 2])
{
    size_t count = 0;

    for (size_t i = 0; i < lines->count && count < 2; i++) {
        const nginx_emitter *emitter = lines->items[i];
        nginx_value value;

        if (!emitter->sts || emitter->clears)
            continue;
        value = nginx_evaluate(judging->model, level, emitter->text, NULL, true);
        if (value.known && !value.empty)
            found[count++] = emitter;
    }
    return count;
}

static void judge_twice(const nginx_judging *judging, const nginx_level *level)
{
    const nginx_emitter *added[2], *more[2];
    size_t count;

    if (level->server == NULL || !level->server->tls || nginx_is_mute(level))
        return;
    count = sure_lines(judging, level, &level->headers, added);
    if (count == 2)
        say_twice(judging, level, added[0], added[1]);
    if (count == 0 || sure_lines(judging, level, &level->more, more) == 0)
        return;
    if (is_behind(added[0], more[0]))
        say_twice(judging, level, more[0], added[0]);
    else
        say_twice(judging, level, added[0], more[0]);
}

/* -- The application's own ----------------------------------------------------------------------------------------- */

static void judge_upstream(const line *l)
{
    const nginx_level *level = l->level;
    const char *prefix = nginx_pass_prefix(level);
    const config_node *hides;

    if (prefix == NULL || l->emitter->more || level->server == NULL || !level->server->tls || nginx_is_mute(level) ||
        nginx_hides(level, HF_HEADER_NAME, &hides) || !nginx_is_sent(l->judging, level, l->emitter, true))
        return;
    if (!config_lint_word(l->judging->lint, l->emitter->node, NULL, RULE_UPSTREAM_DUPLICATE_RISK,
                          "%s:%zu passes requests on, and lets the application's header through",
                          BASE_CUT(level->pass->said->file->name),
                          config_line_at(level->pass->said->file, level->pass->said->words[0].offset)))
        return;
    nginx_mend_hide(l->judging, level);
}

/* -- All of it ----------------------------------------------------------------------------------------------------- */

/* What is in force at a level, and depends on where that is. */
static void judge_in_force(const nginx_judging *judging, const nginx_level *level, const nginx_emitters *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        const line l = {judging, level, lines->items[i]};

        if (!l.emitter->meant)
            continue;
        if (level->server != NULL)
            judge_plain(&l);
        judge_upstream(&l);
    }
}

/* What a line says wherever it is in force. */
static void judge_own(const nginx_judging *judging, const nginx_level *level, const nginx_emitters *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        const line l = {judging, level, lines->items[i]};
        const config_node *map = l.emitter->meant ? map_of(&l) : NULL;

        if (!l.emitter->meant)
            continue;
        judge_name(&l);
        judge_value(&l);
        judge_always(&l);
        judge_restriction(&l);
        judge_condition(&l);
        if (map != NULL)
            judge_map(judging, map);
    }
}

static void judge_level(const nginx_judging *judging, const nginx_level *level)
{
    /* In `if` of a server there are no header lines: nginx refuses them. */
    if (level->kind == NGINX_SERVER_IF)
        return;
    judge_own(judging, level, &level->own);
    judge_own(judging, level, &level->own_more);
    judge_in_force(judging, level, &level->headers);
    judge_in_force(judging, level, &level->more);
    judge_twice(judging, level);
    for (size_t i = 0; i < level->child_count; i++)
        judge_level(judging, level->children[i]);
}

void nginx_judge_emitters(const nginx_judging *judging)
{
    if (judging->model->http != NULL)
        judge_level(judging, judging->model->http);
}
