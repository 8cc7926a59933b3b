#include "config/nginx_syntax.h"

#include "base/listing.h"

#include <fnmatch.h>
#include <string.h>

#define FOLDER_NAMES_MAX 20000 /* of one folder */
#define LOOKED_MAX 200000      /* names that the patterns of one configuration may be compared with */

typedef struct maker {
    config_estate *estate;
    nginx_tree *tree;
    const config_file *given;
    const char *root;
    base_error *error;
    size_t looked;
    size_t depth; /* blocks in blocks, over all files */
} maker;

static bool grow(maker *m, const config_directive *said, const config_via *via, config_node *parent);

/* Files that come with nginx and its packages; none of them has add_header, or a listener. */
static bool is_stock(const char *path)
{
    static const char *const names[] = {"mime.types",
                                        "fastcgi_params",
                                        "fastcgi.conf",
                                        "uwsgi_params",
                                        "scgi_params",
                                        "proxy_params",
                                        "koi-utf",
                                        "koi-win",
                                        "win-utf",
                                        "fastcgi-php.conf",
                                        "options-ssl-nginx.conf",
                                        "modules-enabled/*.conf",
                                        "modules/*.conf",
                                        "snakeoil.conf",
                                        "letsencrypt-acme-challenge.conf"};
    size_t length = strlen(path);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t size = strlen(names[i]);

        if (length >= size && strcmp(path + length - size, names[i]) == 0 &&
            (length == size || path[length - size - 1] == '/'))
            return true;
    }
    return false;
}

static void add_gap(maker *m, nginx_gap gap)
{
    nginx_tree *tree = m->tree;

    tree->gaps = base_arena_grow(&m->estate->arena, tree->gaps, tree->gap_count, &tree->gap_capacity, sizeof gap);
    tree->gaps[tree->gap_count++] = gap;
}

/* -- Which files --------------------------------------------------------------------------------------------------- */

typedef struct paths {
    const char **items;
    size_t count, capacity;
} paths;

static void add_path(maker *m, paths *found, const char *path)
{
    found->items =
        base_arena_grow(&m->estate->arena, (void *)found->items, found->count, &found->capacity, sizeof(char *));
    found->items[found->count++] = path;
}

static bool has_pattern(const char *text)
{
    return strpbrk(text, "*?[") != NULL;
}

/* The folder's names that the pattern is for, each with `rest` behind. */
static void match_folder(maker *m, const char *folder, const char *pattern, const char *rest, paths *found);

/* Components of a path: as far as none is a pattern they are taken as they are. */
static void match(maker *m, const char *folder, const char *path, paths *found)
{
    base_arena *arena = &m->estate->arena;
    const char *begin = path, *slash;

    if (!has_pattern(path)) {
        add_path(m, found, folder[0] == '\0' ? path : base_arena_format(arena, "%s%s", folder, path));
        return;
    }
    for (slash = strchr(begin, '/'); slash != NULL; slash = strchr(begin, '/')) {
        const char *part = base_arena_copy(arena, begin, (size_t)(slash - begin));

        if (has_pattern(part)) {
            match_folder(m, base_arena_format(arena, "%s%.*s", folder, (int)(begin - path), path), part, slash, found);
            return;
        }
        begin = slash + 1;
    }
    match_folder(m, base_arena_format(arena, "%s%.*s", folder, (int)(begin - path), path), begin, "", found);
}

static void match_folder(maker *m, const char *folder, const char *pattern, const char *rest, paths *found)
{
    base_arena *arena = &m->estate->arena;
    base_listing names;

    if (m->looked >= LOOKED_MAX || !base_listing_read(&names, NULL, folder[0] == '\0' ? "." : folder, FOLDER_NAMES_MAX))
        return;
    m->looked += names.count + 1;
    for (size_t i = 0; i < names.count; i++)
        if (fnmatch(pattern, names.names[i], FNM_PERIOD) == 0) {
            const char *path = base_arena_format(arena, "%s%s", folder, names.names[i]);

            if (rest[0] == '\0')
                add_path(m, found, path);
            else
                match(m, base_arena_format(arena, "%s/", path), rest + 1, found);
        }
    base_listing_done(&names);
}

/* -- Includes ------------------------------------------------------------------------------------------------------ */

static bool is_within(const config_file *file, const config_via *via)
{
    for (; via != NULL; via = via->outer)
        if (via->include->file == file)
            return true;
    return false;
}

static void note_fault(maker *m, const nginx_file *parsed, config_file *file, const config_node *include,
                       const config_via *via)
{
    if (parsed->fault != NULL)
        add_gap(m, (nginx_gap){.include = include,
                               .via = via,
                               .file = file,
                               .reason = parsed->fault,
                               .offset = parsed->fault_at,
                               .length = parsed->fault_length});
}

static bool take_file(maker *m, const char *path, config_node *node, config_node *parent)
{
    base_arena *arena = &m->estate->arena;
    config_file *file;
    const nginx_file *parsed;
    base_error reason;
    config_via *via;

    file = config_estate_read(m->estate, path, &reason);
    if (file == NULL) {
        add_gap(m, (nginx_gap){.include = node,
                               .via = node->via,
                               .reason = base_arena_string(arena, reason.text),
                               .stock = is_stock(path)});
        return true;
    }
    via = base_arena_take(arena, sizeof *via);
    *via = (config_via){node->said, node->via, node->via != NULL ? node->via->depth + 1 : 1};
    if (is_within(file, via) || via->depth > NGINX_INCLUDE_DEPTH_MAX) {
        add_gap(m, (nginx_gap){.include = node,
                               .via = node->via,
                               .reason = is_within(file, via) ? "the file includes itself"
                                                              : "Holdfast reads no more than 50 includes in includes"});
        return true;
    }
    if (file != m->given)
        file->part_of = m->given;
    parsed = nginx_parse(m->estate, file);
    note_fault(m, parsed, file, node, via);
    return grow(m, &parsed->top, via, parent);
}

/* Where relative paths begin, with a '/' behind; "": in the working folder. */
static const char *start_of(maker *m, const char *path)
{
    if (path[0] == '/')
        return "";
    return m->root;
}

/* An absolute path below the root that was given: /etc/nginx/x is also x. */
static const char *below_root(maker *m, const char *path)
{
    static const char usual[] = "/etc/nginx/";

    if (m->estate->root == NULL || path[0] != '/')
        return path;
    if (strncmp(path, usual, sizeof usual - 1) == 0)
        path += sizeof usual - 2;
    return base_arena_format(&m->estate->arena, "%s%s", m->root, path + 1);
}

static bool take_include(maker *m, config_node *node, config_node *parent)
{
    const config_word *word = config_node_word(node, 1);
    const char *path;
    paths found = {0};

    if (word == NULL)
        return true;
    path = below_root(m, word->text);
    if (word->template || strchr(path, '$') != NULL) {
        add_gap(m, (nginx_gap){.include = node, .via = node->via, .reason = "the path is made by something else"});
        return true;
    }
    match(m, start_of(m, path), path, &found);
    for (size_t i = 0; i < found.count; i++)
        if (!take_file(m, found.items[i], node, parent))
            return false;
    return true;
}

static config_node *new_node(maker *m, const config_directive *said, const config_via *via, config_node *parent)
{
    config_node *node = base_arena_take(&m->estate->arena, sizeof *node);

    *node = (config_node){.said = said, .via = via, .parent = parent};
    parent->children = base_arena_grow(&m->estate->arena, parent->children, parent->child_count,
                                       &parent->child_capacity, sizeof(config_node *));
    parent->children[parent->child_count++] = node;
    return node;
}

static bool grow_block(maker *m, config_node *node)
{
    bool good = true;

    if (m->depth < NGINX_DEPTH_MAX) {
        m->depth++;
        good = grow(m, node->said, node->via, node);
        m->depth--;
    } else {
        add_gap(m, (nginx_gap){.include = node,
                               .via = node->via,
                               .file = node->said->file,
                               .reason = "Holdfast reads no more than 100 blocks in blocks",
                               .offset = node->said->words[0].offset,
                               .length = node->said->words[0].length});
    }
    return good;
}

/* Adds what stands in the block `said` to `parent`. */
static bool grow(maker *m, const config_directive *said, const config_via *via, config_node *parent)
{
    for (size_t i = 0; i < said->child_count; i++) {
        config_node *node;

        if (++m->tree->nodes > NGINX_NODES_MAX) {
            base_error_set(m->error, "%s:%zu: with what it includes the configuration has more than %d directives",
                           said->file->name, config_line_at(said->file, said->children[i].words[0].offset),
                           NGINX_NODES_MAX);
            return false;
        }
        node = new_node(m, &said->children[i], via, parent);
        if (config_node_is(node, "include") && !node->said->has_block) {
            if (!take_include(m, node, parent))
                return false;
        } else if (node->said->has_block && !grow_block(m, node)) {
            return false;
        }
    }
    return true;
}

/* "a/b/nginx.conf" is in "a/b/"; a file without a slash, and standard input, in "". */
static const char *folder_of(config_estate *estate, const char *name)
{
    const char *slash = strrchr(name, '/');

    return slash == NULL ? "" : base_arena_copy(&estate->arena, name, (size_t)(slash - name) + 1);
}

bool nginx_tree_make(config_estate *estate, config_file *file, nginx_tree *tree, base_error *error)
{
    const nginx_file *parsed = nginx_parse(estate, file);
    maker m = {.estate = estate, .tree = tree, .given = file, .error = error};

    m.root =
        estate->root != NULL ? base_arena_format(&estate->arena, "%s/", estate->root) : folder_of(estate, file->name);
    *tree = (nginx_tree){.top = base_arena_take(&estate->arena, sizeof(config_node))};
    tree->top->said = &parsed->top;
    note_fault(&m, parsed, file, NULL, NULL);
    return grow(&m, &parsed->top, NULL, tree->top);
}
