#include "config/nginx_model.h"

#include "base/ascii.h"
#include "base/buffer.h"

#include <string.h>

#define TEXT_MAX ((size_t)64 << 10)
#define DEPTH_MAX 8 /* variables made of variables */

typedef struct asking {
    const nginx_model *model;
    const nginx_level *level;
    bool tls;
    unsigned depth;
} asking;

static nginx_value evaluate(asking ask, hf_span text, const config_word *word);

static const nginx_value unknown = {.known = false};

static nginx_value constant(const char *text)
{
    return (nginx_value){.known = true, .empty = text[0] == '\0', .text = text};
}

static bool is_name(hf_span span, const char *name)
{
    return span.length == strlen(name) && memcmp(span.data, name, span.length) == 0;
}

bool nginx_step(const nginx_model *model, size_t count)
{
    if (*model->steps <= NGINX_STEPS_MAX)
        *model->steps += count;
    return *model->steps <= NGINX_STEPS_MAX;
}

/* -- Maps ---------------------------------------------------------------------------------------------------------- */

const config_node *nginx_map_of(const nginx_model *model, hf_span name)
{
    if (!nginx_step(model, model->map_count))
        return NULL;
    for (size_t i = 0; i < model->map_count; i++) {
        const config_word *word = config_node_word(model->maps[i], 2);

        if (word != NULL && word->text[0] == '$' && is_name(name, word->text + 1))
            return model->maps[i];
    }
    return NULL;
}

static bool is_pattern(const char *key)
{
    return key[0] == '~' || strchr(key, '*') != NULL || key[0] == '.';
}

/* The arm for a value that is known: its line, that of "default", or NULL. *sure: no pattern was in the way. */
static const config_node *arm_for(const config_node *map, const char *value, bool *sure)
{
    const config_node *by_default = NULL;

    *sure = true;
    for (size_t i = 0; i < map->child_count; i++) {
        const config_node *arm = map->children[i];
        const char *key = arm->said->words[0].text;

        if (arm->said->word_count < 2)
            continue;
        if (strcmp(key, "default") == 0)
            by_default = arm;
        else if (key[0] == '\\' ? base_ascii_is(key + 1, strlen(key + 1), value)
                                : base_ascii_is(key, strlen(key), value))
            return arm;
        else if (is_pattern(key))
            *sure = false;
    }
    return by_default;
}

/* True if no arm says anything but the empty text. */
static nginx_value by_map(asking ask, const config_node *map)
{
    const config_word *source = config_node_word(map, 1);
    nginx_value value = evaluate(ask, (hf_span){.data = source->text, .length = source->length}, NULL);
    const config_node *arm;
    nginx_value result;
    bool sure;

    if (!value.known || !nginx_step(ask.model, map->child_count))
        return unknown;
    arm = arm_for(map, value.text, &sure);
    if (!sure)
        return unknown;
    if (arm == NULL)
        return constant("");
    result = evaluate(ask, (hf_span){.data = arm->said->words[1].text, .length = arm->said->words[1].length},
                      &arm->said->words[1]);
    result.arm = result.arm != NULL ? result.arm : arm;
    return result;
}

/* -- Variables that are set ---------------------------------------------------------------------------------------- */

/* True if the block is that of the level, or one around it. */
static bool is_around(const nginx_level *level, const config_node *block)
{
    for (; level != NULL; level = level->parent)
        if (level->node == block)
            return true;
    return false;
}

/* `set` lines in the order of the file; an `if` in the same block whose condition is known counts too. */
static nginx_value by_set(asking ask, hf_span name, bool *found)
{
    nginx_value value = constant("");

    *found = false;
    if (!nginx_step(ask.model, ask.model->set_count))
        return unknown;
    for (size_t i = 0; i < ask.model->set_count; i++) {
        const config_node *set = ask.model->sets[i], *block = set->parent;
        const config_word *variable = config_node_word(set, 1), *word = config_node_word(set, 2);
        int applies = 1;

        if (variable == NULL || word == NULL || variable->text[0] != '$' || !is_name(name, variable->text + 1))
            continue;
        *found = true;
        if (config_node_is(block, "if") && !is_around(ask.level, block)) {
            applies = is_around(ask.level, block->parent) ? nginx_condition(ask.model, ask.level, block, ask.tls) : 0;
        } else if (!is_around(ask.level, block)) {
            applies = 0;
        }
        if (applies < 0)
            return unknown;
        if (applies > 0)
            value = evaluate(ask, (hf_span){.data = word->text, .length = word->length}, word);
    }
    return value;
}

/* $server_port, where all listeners with TLS, or all without, have the same. */
static nginx_value port_of(asking ask)
{
    const nginx_server *server = ask.level != NULL ? ask.level->server : NULL;
    int port = 0;

    for (size_t i = 0; server != NULL && i < server->listen_count; i++) {
        const nginx_listen *listen = &server->listens[i];

        if (listen->tls != ask.tls)
            continue;
        if (listen->port == 0 || (port != 0 && listen->port != port) || !nginx_step(ask.model, 1))
            return unknown;
        port = listen->port;
    }
    return port != 0 ? constant(base_arena_format(&ask.model->estate->arena, "%d", port)) : unknown;
}

static nginx_value variable(asking ask, hf_span name)
{
    const config_node *map;
    nginx_value value;
    bool found;

    if (is_name(name, "scheme"))
        return constant(ask.tls ? "https" : "http");
    if (is_name(name, "https"))
        return constant(ask.tls ? "on" : "");
    if (is_name(name, "server_port"))
        return port_of(ask);
    if (++ask.depth > DEPTH_MAX)
        return unknown;
    map = nginx_map_of(ask.model, name);
    if (map != NULL)
        return by_map(ask, map);
    value = by_set(ask, name, &found);
    return found ? value : unknown;
}

/* -- Words --------------------------------------------------------------------------------------------------------- */

static bool is_name_char(char c)
{
    char lower = base_ascii_lower(c);

    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* The variable that begins at text[0], a '$'; *length is how many octets it takes. Empty: there is none. */
static hf_span name_at(hf_span text, size_t *length)
{
    bool braces = text.length > 1 && text.data[1] == '{';
    size_t begin = braces ? 2 : 1, end = begin;

    while (end < text.length && is_name_char(text.data[end]))
        end++;
    *length = end;
    if (end == begin || (braces && (end == text.length || text.data[end] != '}')))
        return (hf_span){.data = NULL};
    *length = end + (braces ? 1 : 0);
    return (hf_span){.data = text.data + begin, .length = end - begin};
}

static nginx_value join(asking ask, hf_span text)
{
    nginx_value whole = {.known = true, .empty = true};
    base_buffer out;

    base_buffer_init(&out, TEXT_MAX);
    while (text.length > 0) {
        size_t length = 1;
        hf_span name = text.data[0] == '$' ? name_at(text, &length) : (hf_span){.data = NULL};

        if (name.data != NULL) {
            nginx_value part = variable(ask, name);

            whole.known = whole.known && part.known;
            whole.empty = whole.empty && part.known && part.empty;
            if (part.known)
                base_buffer_text(&out, part.text);
        } else {
            base_buffer_append(&out, text.data, length);
            whole.empty = false;
        }
        text.data += length;
        text.length -= length;
    }
    whole.known = whole.known && !out.failed && nginx_step(ask.model, out.length);
    if (whole.known)
        whole.text = base_arena_copy(&ask.model->estate->arena, base_buffer_string(&out), out.length);
    base_buffer_done(&out);
    return whole;
}

/* The text with a NUL behind: what goes on to the end of a word has one. */
static const char *ended(asking ask, hf_span text)
{
    if (text.length == 0)
        return "";
    return text.data[text.length] == '\0' ? text.data
                                          : base_arena_copy(&ask.model->estate->arena, text.data, text.length);
}

static nginx_value evaluate(asking ask, hf_span text, const config_word *word)
{
    size_t length;
    hf_span name;
    nginx_value value;

    if (word != NULL && word->template)
        return unknown;
    if (text.length == 0 || memchr(text.data, '$', text.length) == NULL) {
        value = constant(ended(ask, text));
        value.word = word;
        return value;
    }
    name = text.data[0] == '$' ? name_at(text, &length) : (hf_span){.data = NULL};
    /* A variable alone is what it is, with the place where that was said. */
    if (name.data != NULL && length == text.length)
        return variable(ask, name);
    return join(ask, text);
}

nginx_value nginx_evaluate(const nginx_model *model, const nginx_level *level, hf_span text, const config_word *word,
                           bool tls)
{
    return evaluate((asking){.model = model, .level = level, .tls = tls}, text, word);
}

/* -- Conditions ---------------------------------------------------------------------------------------------------- */

/* The arguments of `if` without the parentheses, which may be part of a word. */
static hf_span condition_word(const config_node *node, size_t number, bool first, bool last)
{
    const config_word *word = config_node_word(node, number);
    hf_span text = {.data = word->text, .length = word->length};

    if (first && text.length > 0 && text.data[0] == '(') {
        text.data++;
        text.length--;
    }
    if (last && text.length > 0 && text.data[text.length - 1] == ')')
        text.length--;
    return text;
}

/* The words of a condition: at most three. */
static size_t condition_words(const config_node *node, hf_span words[static 3])
{
    size_t count = node->said->word_count, kept = 0;

    for (size_t i = 1; i < count; i++) {
        hf_span text = condition_word(node, i, i == 1, i + 1 == count);

        if (text.length == 0 && !node->said->words[i].quoted)
            continue;
        if (kept == 3)
            return 0;
        words[kept++] = text;
    }
    return kept;
}

int nginx_condition(const nginx_model *model, const nginx_level *level, const config_node *node, bool tls)
{
    asking ask = {
        .model = model, .level = level != NULL && level->node == node ? level->parent : level, .tls = tls, .depth = 1};
    hf_span words[3];
    size_t count = condition_words(node, words);
    nginx_value value;
    bool same;

    if (count != 1 && count != 3)
        return -1;
    value = evaluate(ask, words[0], NULL);
    if (!value.known)
        return -1;
    if (count == 1)
        return !value.empty && strcmp(value.text, "0") != 0;
    same = is_name(words[2], value.text);
    if (is_name(words[1], "="))
        return same;
    if (is_name(words[1], "!="))
        return !same;
    return -1;
}
