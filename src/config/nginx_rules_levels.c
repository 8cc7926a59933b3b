/* Which levels lose the HSTS header of the level above, and which servers have none. */
#include "config/nginx_rules.h"

#include <string.h>

/* True if visitors reach the level over TLS. */
static bool has_tls(const nginx_level *level)
{
    return level->server != NULL && level->server->tls;
}

/* The HSTS line that the level would send if it were not for its own add_header lines. */
static const nginx_emitter *lost(const nginx_judging *judging, const nginx_level *level)
{
    const nginx_emitter *above;

    /* nginx refuses header lines there: that is another finding. */
    if (level->kind == NGINX_SERVER_IF || level->kind == NGINX_LIMIT)
        return NULL;
    if (level->parent == NULL || !has_tls(level) || level->inherit == NGINX_INHERIT_MERGE)
        return NULL;
    if (level->own.count == 0 && level->inherit != NGINX_INHERIT_OFF)
        return NULL;
    if (nginx_is_mute(level) || level->unread || nginx_policy(judging, level, true) != NULL)
        return NULL;
    above = nginx_policy(judging, level->parent, true);
    return above != NULL && !above->more ? above : NULL;
}

/* -- Dropped ------------------------------------------------------------------------------------------------------- */

static const char *name_of(const nginx_judging *judging, const nginx_level *level)
{
    const config_directive *said = level->node != NULL ? level->node->said : NULL;
    size_t begin;

    if (said == NULL || !said->has_block || said->word_count == 0)
        return "this level";
    begin = said->words[0].offset;
    return base_arena_format(judging->arena, "'%s'",
                             BASE_CUT(base_arena_copy(judging->arena, said->file->text + begin,
                                                      said->words[said->word_count - 1].end - begin)));
}

static const char *position(const nginx_judging *judging, const config_node *node)
{
    const config_file *file = node->said->file;

    return base_arena_format(judging->arena, "%s:%zu", BASE_CUT(file->name),
                             config_line_at(file, node->said->words[0].offset));
}

/* A line put into a file that others include too would be in force there as well. */
static bool is_of_block(const nginx_level *level, const config_node *node)
{
    return level->node != NULL && level->node->said->has_block && node->said->file == level->node->said->file;
}

static void say_dropped(const nginx_judging *judging, const nginx_level *level, const nginx_emitter *above)
{
    const config_node *first = level->own.items[0]->node;

    if (!config_lint_word(judging->lint, first, NULL, RULE_ADD_HEADER_DROPPED,
                          "%s has add_header lines of its own, and none of them is that of %s", name_of(judging, level),
                          position(judging, above->node)))
        return;
    if (above->sts && is_of_block(level, first))
        nginx_mend_insert(judging, first, nginx_source(judging, above->node));
}

static void say_off(const nginx_judging *judging, const nginx_level *level, const nginx_emitter *above)
{
    if (level->node == NULL || level->inherit_node == NULL || !level->node->said->has_block)
        return;
    if (!config_lint_word(judging->lint, level->node, NULL, RULE_INHERIT_OFF_DROPS,
                          "add_header_inherit off keeps %s out", position(judging, above->node)))
        return;
    if (above->sts && is_of_block(level, level->inherit_node))
        nginx_mend_insert(judging, level->inherit_node, nginx_source(judging, above->node));
}

static void judge_lost(const nginx_judging *judging, const nginx_level *level)
{
    const nginx_emitter *above = lost(judging, level);

    if (above == NULL)
        return;
    if (level->inherit == NGINX_INHERIT_OFF)
        say_off(judging, level, above);
    else
        say_dropped(judging, level, above);
}

/* -- Stripped ------------------------------------------------------------------------------------------------------ */

/* True if a line sets the header here, or above: that it is lost on the way down is another finding. */
static bool is_set(const nginx_judging *judging, const nginx_level *level)
{
    for (; level != NULL; level = level->parent)
        if (nginx_policy(judging, level, true) != NULL)
            return true;
    return false;
}

static void judge_stripped(const nginx_judging *judging, const nginx_level *level)
{
    const config_node *line;

    if (!has_tls(level) || level->pass == NULL || level->stops != NULL || nginx_is_unread(level) ||
        nginx_is_mute(level) || is_set(judging, level))
        return;
    if (nginx_hides(level, HF_HEADER_NAME, &line))
        config_lint_word(judging->lint, line, NULL, RULE_HSTS_STRIPPED,
                         "no line sets the header for %s, which passes requests on", name_of(judging, level));
    for (size_t i = 0; i < level->more.count; i++)
        if (level->more.items[i]->sts && level->more.items[i]->clears)
            config_lint_word(judging->lint, level->more.items[i]->node, NULL, RULE_HSTS_STRIPPED,
                             "no line sets the header for %s, which passes requests on", name_of(judging, level));
}

/* -- Levels -------------------------------------------------------------------------------------------------------- */

static void judge_level(const nginx_judging *judging, const nginx_level *level)
{
    judge_lost(judging, level);
    judge_stripped(judging, level);
    for (size_t i = 0; i < level->child_count; i++)
        judge_level(judging, level->children[i]);
}

/* -- Servers ------------------------------------------------------------------------------------------------------- */

/* What the locations of a server have. */
typedef struct coverage {
    size_t with, without; /* locations that answer */
    bool everywhere;      /* `location /` has the header */
    bool by_if;           /* an `if` has it, and its location has not */
    const nginx_level *first_without;
} coverage;

static bool answers_visitors(const nginx_level *level)
{
    const config_word *word = config_node_word(level->node, 1);

    return level->kind == NGINX_LOCATION && !nginx_is_mute(level) && word != NULL && word->text[0] != '@' &&
           nginx_in_force(level, "internal") == NULL;
}

/* An `if` that holds for every request over TLS speaks for its location. */
static bool covers(const nginx_judging *judging, const nginx_level *level)
{
    if (nginx_policy(judging, level, true) != NULL)
        return true;
    for (size_t i = 0; i < level->child_count; i++)
        if (level->children[i]->kind == NGINX_IF &&
            nginx_condition(judging->model, level, level->children[i]->node, true) == 1 &&
            nginx_policy(judging, level->children[i], true) != NULL)
            return true;
    return false;
}

static bool is_catch_all(const nginx_level *level)
{
    const config_word *word = config_node_word(level->node, 1);

    return level->parent->kind == NGINX_SERVER && word != NULL && strcmp(word->text, "/") == 0;
}

static void survey(const nginx_judging *judging, const nginx_level *level, coverage *found)
{
    for (size_t i = 0; i < level->child_count; i++) {
        const nginx_level *child = level->children[i];

        if (answers_visitors(child)) {
            const bool covered = covers(judging, child);

            found->with += covered;
            found->without += !covered;
            if (!covered && found->first_without == NULL)
                found->first_without = child;
            found->everywhere = found->everywhere || (covered && is_catch_all(child));
        } else if (child->kind == NGINX_IF && nginx_policy(judging, child, true) != NULL) {
            found->by_if = true;
        }
        survey(judging, child, found);
    }
}

/* A line in the block of the server that was meant to send the header, and has a finding of its own. */
static bool has_other_attempt(const config_node *block)
{
    for (size_t i = 0; i < block->child_count; i++) {
        const config_node *child = block->children[i];
        const config_word *name = config_node_word(child, 1);

        if (config_node_is(child, "if") && has_other_attempt(child))
            return true;
        if ((config_node_is(child, "add_trailer") || config_node_is(child, "add_header")) && name != NULL &&
            hf_header_is_sts(name->text, name->length))
            return true;
    }
    return false;
}

/* A line whose value comes to nothing by a map with the wrong key, or that is stripped, has a finding of its own. */
static bool is_told_elsewhere(const nginx_judging *judging, const nginx_level *level)
{
    const config_node *line;

    for (size_t i = 0; i < level->headers.count; i++)
        if (level->headers.items[i]->meant && level->headers.items[i]->text.length > 0)
            return true;
    if (lost(judging, level) != NULL || nginx_hides(level, HF_HEADER_NAME, &line))
        return true;
    for (size_t i = 0; i < level->child_count; i++)
        if (is_told_elsewhere(judging, level->children[i]))
            return true;
    return level->kind == NGINX_SERVER && level->node != NULL && has_other_attempt(level->node);
}

static bool is_unread_below(const nginx_level *level)
{
    if (level->unread)
        return true;
    for (size_t i = 0; i < level->child_count; i++)
        if (is_unread_below(level->children[i]))
            return true;
    return false;
}

static void say_partial(const nginx_judging *judging, const nginx_server *server, const coverage *found)
{
    if (found->first_without == NULL)
        config_lint_word(judging->lint, server->level->node, NULL, RULE_PARTIAL_SCOPE,
                         "what no location answers has no header");
    else
        config_lint_word(judging->lint, server->level->node, NULL, RULE_PARTIAL_SCOPE,
                         "%zu of %zu locations have it; %s has none", found->with, found->with + found->without,
                         name_of(judging, found->first_without));
}

static void judge_server(const nginx_judging *judging, const nginx_server *server)
{
    const nginx_level *level = server->level;
    coverage found = {0};

    if (!server->tls || server->assumed || level->node == NULL || nginx_is_mute(level) || nginx_is_unread(level) ||
        nginx_policy(judging, level, true) != NULL)
        return;
    survey(judging, level, &found);
    if (found.everywhere && found.without == 0)
        return;
    if (found.with > 0 || found.by_if) {
        if (lost(judging, level) == NULL)
            say_partial(judging, server, &found);
    } else if (!is_unread_below(level) && !is_told_elsewhere(judging, level)) {
        config_lint_word(judging->lint, level->node, NULL, RULE_HSTS_MISSING,
                         "no line in force in this server sends it");
    }
}

void nginx_judge_levels(const nginx_judging *judging)
{
    const nginx_model *model = judging->model;

    if (model->http == NULL)
        return;
    for (size_t i = 0; i < model->server_count; i++) {
        judge_level(judging, model->servers[i]->level);
        judge_server(judging, model->servers[i]);
    }
}
