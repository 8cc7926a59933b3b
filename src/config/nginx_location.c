/* Which location answers for a URI: ngx_http_core_find_location. */
#include "config/nginx_model.h"

#include "base/buffer.h"

#include <regex.h>
#include <string.h>

#define PATTERN_MAX 1000

typedef struct finding_way {
    const char *uri;
    const nginx_level *found;
    bool sure;
} finding_way;

static const char *modifier(const nginx_level *level)
{
    const config_word *word = config_node_word(level->node, 1);

    return config_node_word(level->node, 2) == NULL || word == NULL ? "" : word->text;
}

static const char *pattern(const nginx_level *level)
{
    const config_word *word = config_node_word(level->node, 2);

    word = word != NULL ? word : config_node_word(level->node, 1);
    return word != NULL ? word->text : "";
}

static bool is_regex(const nginx_level *level)
{
    return modifier(level)[0] == '~';
}

/* -- Regular expressions ------------------------------------------------------------------------------------------- */

/* What PCRE and POSIX read alike, or can be written so; false: something else. Repetition in braces is left out too:
 * what it costs has no bound. */
static bool translate(const char *from, base_buffer *out)
{
    for (; *from != '\0'; from++) {
        const char *class = *from != '\\'                                                    ? NULL
                            : from[1] == 'd'                                                 ? "[0-9]"
                            : from[1] == 'w'                                                 ? "[A-Za-z0-9_]"
                            : from[1] != '\0' && strchr(".^$*+?()[]|/-_{}", from[1]) != NULL ? ""
                                                                                             : NULL;

        if (*from == '{' || (*from == '\\' && class == NULL))
            return false;
        if (*from == '(' && from[1] == '?') {
            if (from[2] != ':')
                return false;
            base_buffer_char(out, '(');
            from += 2;
        } else if (class != NULL) {
            if (class[0] != '\0')
                base_buffer_text(out, class);
            else if (strchr("/-_", from[1]) == NULL)
                base_buffer_append(out, from, 2);
            else
                base_buffer_char(out, from[1]);
            from++;
        } else if ((*from == '+' || *from == '*' || *from == '?') && from[1] == '?') {
            base_buffer_char(out, *from++); /* lazy or not, it matches the same */
        } else {
            base_buffer_char(out, *from);
        }
    }
    return !out->failed;
}

/* 1, 0, or -1: it could not be judged. */
static int matches(const nginx_level *level, const char *uri)
{
    bool any_case = modifier(level)[1] == '*';
    int found = -1;
    base_buffer out;
    regex_t regex;

    base_buffer_init(&out, PATTERN_MAX);
    if (translate(pattern(level), &out) &&
        regcomp(&regex, base_buffer_string(&out), REG_EXTENDED | REG_NOSUB | (any_case ? REG_ICASE : 0)) == 0) {
        found = regexec(&regex, uri, 0, NULL, 0) == 0;
        regfree(&regex);
    }
    base_buffer_done(&out);
    return found;
}

/* -- Locations ----------------------------------------------------------------------------------------------------- */

/* The longest prefix, or an exact one, among the children. */
static const nginx_level *find_prefix(const nginx_level *level, const char *uri, bool *exact)
{
    const nginx_level *best = NULL;
    size_t length = 0;

    for (size_t i = 0; i < level->child_count; i++) {
        const nginx_level *child = level->children[i];
        const char *text = child->kind == NGINX_LOCATION ? pattern(child) : "@";
        size_t size = strlen(text);

        if (child->kind != NGINX_LOCATION || is_regex(child) || text[0] == '@')
            continue;
        if (modifier(child)[0] == '=') {
            if (strcmp(text, uri) == 0) {
                *exact = true;
                return child;
            }
        } else if (strncmp(text, uri, size) == 0 && (best == NULL || size > length)) {
            best = child;
            length = size;
        }
    }
    return best;
}

static const nginx_level *find_regex(const nginx_level *level, finding_way *way)
{
    for (size_t i = 0; i < level->child_count; i++) {
        const nginx_level *child = level->children[i];
        int found = child->kind == NGINX_LOCATION && is_regex(child) ? matches(child, way->uri) : 0;

        if (found < 0)
            way->sure = false;
        if (found > 0)
            return child;
    }
    return NULL;
}

/* True: the search is over. False: `found` is the best so far, and an expression around it would still win. */
static bool find(const nginx_level *level, finding_way *way)
{
    bool exact = false, no_regex = false;
    const nginx_level *prefix = find_prefix(level, way->uri, &exact), *regex;

    if (prefix != NULL) {
        way->found = prefix;
        if (exact)
            return true;
        no_regex = strcmp(modifier(prefix), "^~") == 0;
        if (find(prefix, way))
            return true;
    }
    regex = no_regex ? NULL : find_regex(level, way);
    if (regex == NULL)
        return false;
    way->found = regex;
    (void)find(regex, way);
    return true;
}

const nginx_level *nginx_find_location(const nginx_server *server, const char *uri, bool *sure)
{
    finding_way way = {.uri = uri, .sure = true};

    (void)find(server->level, &way);
    *sure = way.sure;
    return way.found;
}

const nginx_level *nginx_find_named(const nginx_server *server, const char *name)
{
    for (size_t i = 0; i < server->level->child_count; i++) {
        const nginx_level *child = server->level->children[i];

        if (child->kind == NGINX_LOCATION && strcmp(pattern(child), name) == 0)
            return child;
    }
    return NULL;
}
