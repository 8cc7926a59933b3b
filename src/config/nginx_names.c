#include "config/nginx_names.h"

#include "base/ascii.h"
#include "base/sort.h"
#include "config/nginx_rules.h"

#include <string.h>

#define NAME_MAX 255 /* octets of a host name */

typedef struct named {
    hf_span name; /* in small letters */
    nginx_server *server;
    size_t at;
} named;

struct nginx_names {
    named *items;
    size_t count;
    nginx_server *by_default;
    bool has_patterns;
};

bool nginx_name_is_real(const config_word *name)
{
    return !name->template && name->length > 1 && name->length <= NAME_MAX && name->text[0] != '~' &&
           name->text[name->length - 1] != '*' && strchr(name->text, '$') == NULL && strcmp(name->text, "_") != 0;
}

static int compare_spans(hf_span a, hf_span b)
{
    const int order = memcmp(a.data, b.data, a.length < b.length ? a.length : b.length);

    if (order != 0)
        return order;
    return a.length < b.length ? -1 : a.length > b.length;
}

static int compare(const void *one, const void *other)
{
    const named *a = one, *b = other;
    const int order = compare_spans(a->name, b->name);

    if (order != 0)
        return order;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* -- Making -------------------------------------------------------------------------------------------------------- */

static void add(nginx_names *names, nginx_server *server, const char *prefix, hf_span name, base_arena *arena)
{
    char *text = base_arena_format(arena, "%s%.*s", prefix, (int)name.length, name.data);

    for (char *at = text; *at != '\0'; at++)
        *at = base_ascii_lower(*at);
    names->items[names->count] = (named){{text, strlen(text)}, server, names->count};
    names->count++;
}

/* ".a.test" is both a.test and *.a.test. */
static void add_word(nginx_names *names, nginx_server *server, const config_word *word, base_arena *arena)
{
    const hf_span text = {word->text, word->length};

    names->has_patterns = names->has_patterns || word->text[0] == '~' || word->template ||
                          strchr(word->text, '$') != NULL || (word->length > 0 && word->text[word->length - 1] == '*');
    if (!nginx_name_is_real(word))
        return;
    if (word->text[0] == '.') {
        add(names, server, "*", text, arena);
        add(names, server, "", (hf_span){text.data + 1, text.length - 1}, arena);
    } else {
        add(names, server, "", text, arena);
    }
}

static bool is_meant(const nginx_listen *listen, bool tls)
{
    return listen->tls == tls && (tls || listen->port == 80) && !nginx_is_local(listen);
}

static bool take_listens(nginx_names *names, nginx_server *server, bool tls)
{
    bool found = false;

    for (size_t i = 0; i < server->listen_count; i++)
        if (is_meant(&server->listens[i], tls)) {
            found = true;
            if (server->listens[i].is_default && names->by_default == NULL)
                names->by_default = server;
        }
    return found;
}

nginx_names *nginx_names_make(const nginx_model *model, bool tls, base_arena *arena)
{
    nginx_names *names = base_arena_take(arena, sizeof *names);
    size_t total = 0;

    for (size_t i = 0; i < model->server_count; i++)
        total += 2 * model->servers[i]->name_count;
    names->items = base_arena_take(arena, total * sizeof *names->items);
    for (size_t i = 0; i < model->server_count; i++)
        if (take_listens(names, model->servers[i], tls))
            for (size_t j = 0; j < model->servers[i]->name_count; j++)
                add_word(names, model->servers[i], model->servers[i]->names[j], arena);
    base_sort(names->items, names->count, sizeof *names->items, compare);
    return names;
}

/* -- Finding ------------------------------------------------------------------------------------------------------- */

/* The first server that has exactly this text among its names. */
static nginx_server *find_text(const nginx_names *names, hf_span text)
{
    size_t low = 0, high = names->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (compare_spans(text, names->items[middle].name) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < names->count && compare_spans(text, names->items[low].name) == 0 ? names->items[low].server : NULL;
}

nginx_server *nginx_names_find(const nginx_names *names, hf_span name)
{
    char text[NAME_MAX + 1];
    nginx_server *found;

    if (name.length == 0 || name.length > NAME_MAX)
        return NULL;
    for (size_t i = 0; i < name.length; i++)
        text[i] = base_ascii_lower(name.data[i]);
    found = find_text(names, (hf_span){text, name.length});
    for (size_t i = text[0] == '*' ? 2 : 1; i < name.length && found == NULL; i++)
        if (text[i] == '.') {
            text[i - 1] = '*';
            found = find_text(names, (hf_span){text + i - 1, name.length - i + 1});
        }
    return found;
}

nginx_server *nginx_names_default(const nginx_names *names)
{
    return names->by_default;
}

bool nginx_names_has_patterns(const nginx_names *names)
{
    return names->has_patterns;
}
