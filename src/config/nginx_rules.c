/* What several families of rules ask of a configuration. */
#include "config/nginx_rules.h"

#include <stdlib.h>
#include <string.h>

/* -- Headers ------------------------------------------------------------------------------------------------------- */

bool nginx_is_sent(const nginx_judging *judging, const nginx_level *level, const nginx_emitter *emitter, bool tls)
{
    nginx_value value;

    if (emitter->clears)
        return false;
    value = nginx_evaluate(judging->model, level, emitter->text, emitter->more ? NULL : emitter->value, tls);
    return !value.known || !value.empty;
}

const nginx_emitter *nginx_policy(const nginx_judging *judging, const nginx_level *level, bool tls)
{
    const nginx_emitter *found = NULL;

    /* Of the lines of headers-more the last one stands. */
    for (size_t i = 0; i < level->more.count; i++)
        if (level->more.items[i]->meant)
            found = nginx_is_sent(judging, level, level->more.items[i], tls) ? level->more.items[i] : NULL;
    for (size_t i = 0; i < level->headers.count && found == NULL; i++)
        if (level->headers.items[i]->meant && nginx_is_sent(judging, level, level->headers.items[i], tls))
            found = level->headers.items[i];
    return found;
}

/* -- Levels -------------------------------------------------------------------------------------------------------- */

bool nginx_is_unread(const nginx_level *level)
{
    for (; level != NULL; level = level->parent)
        if (level->unread)
            return true;
    return false;
}

static bool closes(const config_node *stops)
{
    const config_word *word = stops != NULL ? config_node_word(stops, 1) : NULL;

    return word != NULL && (strcmp(word->text, "444") == 0 || strcmp(word->text, "421") == 0);
}

static bool is_catch_all(const nginx_level *level)
{
    const config_word *word = level->kind == NGINX_LOCATION ? config_node_word(level->node, 1) : NULL;

    return word != NULL && strcmp(word->text, "/") == 0;
}

bool nginx_is_mute(const nginx_level *level)
{
    const nginx_level *at = level;

    do {
        if (closes(at->stops))
            return true;
        at = at->parent;
    } while (at != NULL);
    if (level->server != NULL && nginx_rejects_handshake(level->server) && !level->server->plain)
        return true;
    if (level->kind != NGINX_SERVER || level->child_count != 1)
        return false;
    return is_catch_all(level->children[0]) && closes(level->children[0]->stops);
}

bool nginx_is_local(const nginx_listen *listen)
{
    return listen->port == 0 || strncmp(listen->socket, "127.", 4) == 0 || strncmp(listen->socket, "[::1]", 5) == 0 ||
           strncmp(listen->socket, "localhost", 9) == 0;
}

bool nginx_is_inside(const nginx_server *server)
{
    for (size_t i = 0; i < server->listen_count; i++)
        if (!nginx_is_local(&server->listens[i]))
            return false;
    return server->listen_count > 0;
}

/* -- Edits --------------------------------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* From where the line of the directive begins, if only blanks are in front of it; else from the directive itself. */
static size_t line_start(const config_file *file, size_t offset)
{
    size_t begin = offset;

    while (begin > 0 && is_blank(file->text[begin - 1]))
        begin--;
    return begin == 0 || file->text[begin - 1] == '\n' ? begin : offset;
}

void nginx_mend_delete(const nginx_judging *judging, const config_node *node)
{
    config_file *file = node->said->file;
    const size_t offset = node->said->words[0].offset, begin = line_start(file, offset);
    size_t end = node->said->end;

    while (end < file->length && is_blank(file->text[end]))
        end++;
    if (end < file->length && file->text[end] == '\n' &&
        (begin < offset || begin == 0 || file->text[begin - 1] == '\n'))
        config_lint_edit(judging->lint, file, begin, end + 1 - begin, "");
    else
        config_lint_edit(judging->lint, file, offset, node->said->end - offset, "");
}

void nginx_mend_insert(const nginx_judging *judging, const config_node *before, const char *text)
{
    config_file *file = before->said->file;
    const size_t offset = before->said->words[0].offset, begin = line_start(file, offset);
    const char *indent = base_arena_copy(judging->arena, file->text + begin, offset - begin);
    const bool alone = begin < offset || begin == 0 || file->text[begin - 1] == '\n';

    config_lint_edit(judging->lint, file, offset, 0,
                     alone ? base_arena_format(judging->arena, "%s\n%s", text, indent)
                           : base_arena_format(judging->arena, "%s ", text));
}

bool nginx_is_of_block(const config_node *node)
{
    return node->parent != NULL && node->parent->said->file == node->said->file;
}

const char *nginx_break(const nginx_judging *judging, const config_node *node)
{
    const config_file *file = node->said->file;
    const size_t offset = node->said->words[0].offset, begin = line_start(file, offset);

    if (begin == offset && begin > 0 && file->text[begin - 1] != '\n')
        return " ";
    return base_arena_format(judging->arena, "\n%.*s", (int)(offset - begin), file->text + begin);
}

void nginx_mend_listen(const nginx_judging *judging, const nginx_listen *listen)
{
    config_lint_edit(judging->lint, listen->node->said->file, config_node_word(listen->node, 1)->end, 0, " ssl");
}

void nginx_mend_hide(const nginx_judging *judging, const nginx_level *level)
{
    const char *name = base_arena_format(judging->arena, "%s_hide_header", nginx_pass_prefix(level));
    const config_node *other = nginx_in_force(level, name);

    nginx_mend_insert(judging, other != NULL ? other : level->pass,
                      base_arena_format(judging->arena, "%s " HF_HEADER_NAME ";", name));
}

const char *nginx_source(const nginx_judging *judging, const config_node *node)
{
    const config_directive *said = node->said;

    return base_arena_copy(judging->arena, said->file->text + said->words[0].offset, said->end - said->words[0].offset);
}
