/* The rows of the matrix: each server, its locations and their `if` blocks, over each scheme. */
#include "config/nginx_matrix.h"

#include "base/buffer.h"

#include <string.h>

#define TEXT_MAX ((size_t)4096)
#define NOTHING "holdfast-asks-for-what-is-not-there" /* the end of a path where nothing is expected */
#define CELLS_MAX 64
#define PATHS_MAX 1000 /* rows with paths: looking for the location of one takes a look at all */
#define NOTES_MAX 100

typedef struct maker {
    const nginx_model *model;
    base_arena *arena;
    nginx_memo memo;
    size_t rows; /* of all servers */
    const char **notes;
    size_t note_count, note_capacity;
} maker;

/* The rows of one server under way. */
typedef struct table {
    maker *m;
    const nginx_server *server;
    facts_matrix_row *rows;
    size_t count, capacity;
    facts_matrix_cell cells[CELLS_MAX]; /* of the row under way */
    size_t cell_count;
    bool tls;
} table;

static void note(maker *m, const char *text)
{
    if (m->note_count >= NOTES_MAX)
        return;
    m->notes = base_arena_grow(m->arena, (void *)m->notes, m->note_count, &m->note_capacity, sizeof(char *));
    m->notes[m->note_count++] = text;
}

/* -- Cells --------------------------------------------------------------------------------------------------------- */

static bool has_cell(const table *t, int cause)
{
    for (size_t i = 0; i < t->cell_count; i++)
        if (t->cells[i].cause == cause && !t->cells[i].from_application)
            return true;
    return false;
}

/* NULL: there are so many already. */
static facts_matrix_cell *new_cell(table *t, int cause, nginx_way *way)
{
    facts_matrix_cell *cell = t->cell_count < CELLS_MAX ? &t->cells[t->cell_count] : NULL;

    if (cell == NULL)
        return NULL;
    t->cell_count++;
    *cell = (facts_matrix_cell){.cause = cause, .sure = true};
    *way = (nginx_way){.model = t->m->model, .memo = &t->m->memo, .server = t->server, .tls = t->tls, .cell = cell};
    return cell;
}

static void add_failure(table *t, const nginx_level *level, int status)
{
    nginx_way way;

    if (!has_cell(t, status) && new_cell(t, status, &way) != NULL)
        nginx_way_fail(&way, level, status);
}

static void add_content(table *t, const nginx_level *level, int status)
{
    nginx_way way;

    if (new_cell(t, status, &way) != NULL)
        nginx_way_send(&way, level, status, FACTS_MATRIX_BY_CONTENT);
}

static void add_application(table *t, const nginx_level *level, int status)
{
    nginx_way way;

    facts_matrix_cell *cell = new_cell(t, status, &way);

    if (cell == NULL)
        return;
    cell->from_application = true;
    nginx_way_application(&way, level, status);
}

static void add_return(table *t, const nginx_level *level, const config_node *node)
{
    const int status = nginx_return_status(node);
    nginx_way way;

    if (new_cell(t, status, &way) != NULL)
        nginx_way_return(&way, level, node);
}

/* A file that is not there. */
static void add_missing(table *t, const nginx_level *level)
{
    nginx_way way;

    if (new_cell(t, 404, &way) == NULL || nginx_way_missed(&way, level))
        return;
    nginx_way_fail(&way, level, 404);
}

static bool has_code(const nginx_level *level)
{
    static const char *const names[] = {"content_by_lua_file", "content_by_lua", "js_content", "perl"};
    size_t count;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nginx_own_lines(level, names[i], &count) != NULL)
            return true;
    for (size_t i = 0; level->node != NULL && i < level->node->child_count; i++)
        if (config_node_is(level->node->children[i], "content_by_lua_block"))
            return true;
    return false;
}

static void add_of_application(table *t, const nginx_level *level)
{
    static const int sent[] = {200, 301, 304, 401, 403, 404, 413, 500, 502, 504}, own[] = {401, 403, 500, 502, 504};
    size_t count;

    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++)
        add_application(t, level, sent[i]);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        add_failure(t, level, own[i]);
    if (nginx_own_lines(level, "try_files", &count) != NULL)
        add_missing(t, level);
}

static void doubt_all(table *t, const char *why)
{
    for (size_t i = 0; i < t->cell_count; i++) {
        t->cells[i].sure = false;
        t->cells[i].why = t->cells[i].why != NULL ? t->cells[i].why : why;
    }
}

static void add_of_files(table *t, const nginx_level *level)
{
    static const int own[] = {401, 403, 500, 502, 504};

    add_content(t, level, 200);
    add_failure(t, level, 301); /* a folder without its slash */
    add_content(t, level, 304);
    add_missing(t, level);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        add_failure(t, level, own[i]);
    if (has_code(level))
        doubt_all(t, "code of the configuration answers");
}

/* What a level gives, once its rewrite phase has led there. */
static void add_answers(table *t, nginx_arrival arrival)
{
    if (arrival.stop != NULL)
        add_return(t, arrival.level, arrival.stop);
    else if (nginx_pass_prefix(arrival.level) != NULL)
        add_of_application(t, arrival.level);
    else
        add_of_files(t, arrival.level);
}

/* -- Rows ---------------------------------------------------------------------------------------------------------- */

static int compare_cells(const facts_matrix_cell *a, const facts_matrix_cell *b)
{
    return a->cause != b->cause ? a->cause - b->cause : (int)a->from_application - (int)b->from_application;
}

static void sort_cells(table *t)
{
    for (size_t i = 1; i < t->cell_count; i++)
        for (size_t j = i; j > 0 && compare_cells(&t->cells[j], &t->cells[j - 1]) < 0; j--) {
            const facts_matrix_cell one = t->cells[j];

            t->cells[j] = t->cells[j - 1];
            t->cells[j - 1] = one;
        }
}

static bool answers(const table *t, const nginx_level *level, const char *path)
{
    bool sure;

    return nginx_find_location(t->server, path, &sure) == level && sure;
}

/* Paths that the location of the row that was ended last surely answers: not where an `if` may answer in its place. */
static void add_paths(const table *t, const nginx_level *level)
{
    facts_matrix_row *row = &t->rows[t->count - 1];
    const config_word *first = level != NULL ? config_node_word(level->node, 1) : NULL;
    const config_word *second = level != NULL ? config_node_word(level->node, 2) : NULL;
    const char *path = second != NULL ? second->text : first != NULL ? first->text : "/";
    const bool exact = second != NULL && strcmp(first->text, "=") == 0;

    if (t->count > PATHS_MAX)
        return;
    if (path[0] != '/' || (second != NULL && !exact && strcmp(first->text, "^~") != 0))
        return;
    if (answers(t, level, path))
        row->path = path;
    path = base_arena_format(t->m->arena, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", NOTHING);
    if (!exact && answers(t, level, path))
        row->missing = path;
}

static void end_row(table *t, const char *location, const config_node *node)
{
    facts_matrix_cell *cells;
    facts_matrix_row *row;

    if (t->cell_count == 0)
        return;
    sort_cells(t);
    cells = base_arena_take(t->m->arena, t->cell_count * sizeof *cells);
    memcpy(cells, t->cells, t->cell_count * sizeof *cells);
    t->rows = base_arena_grow(t->m->arena, t->rows, t->count, &t->capacity, sizeof *t->rows);
    row = &t->rows[t->count++];
    *row = (facts_matrix_row){.location = location, .tls = t->tls, .cells = cells, .cell_count = t->cell_count};
    if (node != NULL && node->said->word_count > 0) {
        row->file = node->said->file->name;
        row->line = config_line_at(node->said->file, node->said->words[0].offset);
    }
    t->cell_count = 0;
    t->m->rows++;
}

/* The words of a location, and of an `if` in it. */
static const char *name_of(const table *t, const nginx_level *level)
{
    const nginx_level *outer = level->kind == NGINX_IF ? level->parent : level;
    const char *name;
    base_buffer out;

    base_buffer_init(&out, TEXT_MAX);
    for (size_t i = 1; i < outer->node->said->word_count; i++)
        base_buffer_appendf(&out, "%s%s", i > 1 ? " " : "", outer->node->said->words[i].text);
    for (size_t i = 0; level != outer && i < level->node->said->word_count; i++)
        base_buffer_appendf(&out, " %s", level->node->said->words[i].text);
    name = base_arena_copy(t->m->arena, base_buffer_string(&out), out.length);
    base_buffer_done(&out);
    return name;
}

/* -- Locations ----------------------------------------------------------------------------------------------------- */

static bool is_before(const config_node *node, const config_node *stop)
{
    return stop == NULL || stop->parent != node->parent || node->number < stop->number;
}

/* The row of an `if` whose condition may hold: what stands behind it in the location still counts. */
static void add_if(table *t, const nginx_level *level)
{
    const nginx_level *outer = level->parent;
    nginx_arrival arrival = {.level = level, .stop = level->stops};

    if (outer->stops != NULL && arrival.stop == NULL && is_before(level->node, outer->stops))
        arrival.stop = outer->stops;
    add_answers(t, arrival);
    end_row(t, name_of(t, level), level->node);
}

static bool goes_away(const nginx_level *level)
{
    const config_node *const *lines;
    size_t count;

    lines = nginx_own_lines(level, "rewrite", &count);
    for (size_t i = 0; i < count; i++) {
        const config_word *flag = config_node_word(lines[i], 3);

        if (flag == NULL || strcmp(flag->text, "last") == 0)
            return true;
    }
    return false;
}

/* What it decides comes before any location. */
static bool has_server_if(const nginx_level *level)
{
    for (size_t i = 0; i < level->child_count; i++)
        if (level->children[i]->kind == NGINX_SERVER_IF)
            return true;
    return false;
}

static void add_location(table *t, const nginx_level *level)
{
    const nginx_arrival arrival = nginx_arrive(t->m->model, level, t->tls);
    const size_t before = t->count;
    size_t own;

    add_answers(t, arrival);
    add_failure(t, level, 413); /* before the rewrite phase */
    if (goes_away(level))
        doubt_all(t, "a rewrite may lead elsewhere");
    end_row(t, name_of(t, level), level->node);
    own = t->count;
    for (size_t i = 0; i < level->child_count; i++) {
        const nginx_level *child = level->children[i];

        if (child->kind == NGINX_IF && is_before(child->node, arrival.stop) &&
            nginx_condition(t->m->model, level, child->node, t->tls) < 0)
            add_if(t, child);
    }
    if (own == t->count && own > before && !has_server_if(t->server->level))
        add_paths(t, level);
}

static void add_locations(table *t, const nginx_level *level)
{
    for (size_t i = 0; i < level->child_count && t->m->rows <= NGINX_MATRIX_ROWS_MAX; i++) {
        const nginx_level *child = level->children[i];

        if (child->kind != NGINX_LOCATION)
            continue;
        add_location(t, child);
        add_locations(t, child);
    }
}

/* -- Servers ------------------------------------------------------------------------------------------------------- */

/* The server that answers before a name is known: with TLS the name comes first, by SNI. */
static const nginx_server *first_server(const table *t)
{
    const nginx_model *model = t->m->model;

    for (size_t i = 0; !t->tls && i < t->server->listen_count; i++) {
        const nginx_listen *listen = &t->server->listens[i];

        if (listen->tls || listen->is_default)
            continue;
        for (size_t j = 0; j < model->server_count; j++)
            for (size_t k = 0; k < model->servers[j]->listen_count; k++)
                if (model->servers[j]->listens[k].is_default &&
                    strcmp(model->servers[j]->listens[k].socket, listen->socket) == 0)
                    return model->servers[j];
    }
    return t->server;
}

static void add_internal(table *t, int cause)
{
    const nginx_server *server = cause == 400 || cause == 414 ? first_server(t) : t->server;
    nginx_way way;
    facts_matrix_cell *cell = new_cell(t, cause, &way);

    if (cell == NULL)
        return;
    cell->by = FACTS_MATRIX_BY_INTERNAL;
    way.server = server;
    way.early = true;
    way.tls = t->tls && cause != 497;
    nginx_way_fail(&way, server->level, cause);
}

/* True if a prefix takes every path that nothing else takes. */
static bool takes_all(const nginx_level *level)
{
    for (size_t i = 0; i < level->child_count; i++) {
        const config_node *node = level->children[i]->node;
        const config_word *last = config_node_word(node, node->said->word_count - 1);
        const config_word *first = config_node_word(node, 1);

        if (level->children[i]->kind == NGINX_LOCATION && last != NULL && strcmp(last->text, "/") == 0 &&
            (first == last || strcmp(first->text, "^~") == 0))
            return true;
    }
    return false;
}

/* The `return` of each `if` of the server that may hold. */
static void add_server_ifs(table *t, const nginx_level *level, const config_node *stop)
{
    for (size_t i = 0; i < level->child_count; i++) {
        const nginx_level *child = level->children[i];

        if (child->kind == NGINX_SERVER_IF && child->stops != NULL && is_before(child->node, stop) &&
            nginx_condition(t->m->model, level, child->node, t->tls) < 0 &&
            !has_cell(t, nginx_return_status(child->stops)))
            add_return(t, level, child->stops);
    }
}

static void add_redirects(table *t, const nginx_level *level)
{
    const config_node *const *lines;
    size_t count;

    lines = nginx_own_lines(level, "rewrite", &count);
    for (size_t i = 0; i < count; i++) {
        const config_word *flag = config_node_word(lines[i], 3);

        if (flag != NULL && (strcmp(flag->text, "permanent") == 0 || strcmp(flag->text, "redirect") == 0))
            add_failure(t, level, flag->text[0] == 'p' ? 301 : 302);
    }
}

/* The same for the server itself; `stops`: it answers every request alike. */
static void add_server_paths(const table *t, bool stops)
{
    facts_matrix_row *row = &t->rows[t->count - 1];

    if (stops || answers(t, NULL, "/"))
        row->path = "/";
    if (!stops && answers(t, NULL, "/" NOTHING))
        row->missing = "/" NOTHING;
}

static void add_rows(table *t)
{
    static const int always[] = {400, 414, 494}, of_tls[] = {495, 496, 497};
    const nginx_level *level = t->server->level;
    const nginx_arrival arrival = nginx_arrive(t->m->model, level, t->tls);

    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        add_internal(t, always[i]);
    for (size_t i = 0; t->tls && i < sizeof of_tls / sizeof *of_tls; i++)
        add_internal(t, of_tls[i]);
    if (arrival.stop == NULL && !takes_all(level)) {
        add_answers(t, arrival);
        add_failure(t, level, 413);
    } else if (arrival.stop != NULL) {
        add_return(t, level, arrival.stop);
    }
    add_redirects(t, level);
    add_server_ifs(t, level, arrival.stop);
    end_row(t, NULL, level->node);
    if (t->count > 0 && !has_server_if(level))
        add_server_paths(t, arrival.stop != NULL);
    if (arrival.stop == NULL)
        add_locations(t, level);
}

static void name_server(maker *m, const nginx_server *server, facts_matrix_server *said)
{
    const char **names = base_arena_take(m->arena, (server->name_count + 1) * sizeof *names);
    const char **listens = base_arena_take(m->arena, (server->listen_count + 1) * sizeof *listens);
    int ports[2] = {0, 0}; /* without TLS, and with it */

    for (size_t i = 0; i < server->name_count; i++)
        names[i] = server->names[i]->text;
    for (size_t i = 0; i < server->listen_count; i++)
        listens[i] =
            base_arena_format(m->arena, "%s%s%s", server->listens[i].socket, server->listens[i].tls ? " ssl" : "",
                              server->listens[i].is_default ? " default" : "");
    for (size_t i = server->listen_count; i-- > 0;)
        if (server->listens[i].port != 0)
            ports[server->listens[i].tls] = server->listens[i].port;
    *said = (facts_matrix_server){.name = server->name_count > 0 ? names[0] : "",
                                  .names = names,
                                  .name_count = server->name_count,
                                  .listens = listens,
                                  .listen_count = server->listen_count,
                                  .tls = server->tls,
                                  .plain = server->plain,
                                  .tls_port = ports[1],
                                  .plain_port = ports[0]};
    if (server->level->node != NULL && server->level->node->said->word_count > 0) {
        said->file = server->level->node->said->file->name;
        said->line = config_line_at(server->level->node->said->file, server->level->node->said->words[0].offset);
    }
}

static void make_server(maker *m, const nginx_server *server, facts_matrix_server *said)
{
    table t = {.m = m, .server = server};

    name_server(m, server, said);
    if (server->tls && nginx_rejects_handshake(server)) {
        note(m, base_arena_format(m->arena, "server %s refuses TLS handshakes: it sends nothing there", said->name));
    } else if (server->tls) {
        t.tls = true;
        add_rows(&t);
    }
    t.tls = false;
    if (server->plain && m->rows <= NGINX_MATRIX_ROWS_MAX)
        add_rows(&t);
    said->rows = t.rows;
    said->row_count = t.count;
}

static void note_gaps(maker *m)
{
    for (size_t i = 0; i < m->model->tree.gap_count; i++) {
        const nginx_gap *gap = &m->model->tree.gaps[i];

        if (!gap->stock && gap->file != NULL)
            note(m, base_arena_format(m->arena, "%s: %s", gap->file->name, gap->reason));
        else if (!gap->stock)
            note(m, base_arena_format(m->arena, "%s: %s", gap->include->said->file->name, gap->reason));
    }
}

static size_t server_count(const nginx_models *models)
{
    size_t count = 0;

    for (size_t i = 0; i < models->count; i++)
        count += models->items[i].server_count;
    return count;
}

static bool is_bounded(const maker *m, const nginx_models *models, base_error *error)
{
    if (m->rows > NGINX_MATRIX_ROWS_MAX) {
        base_error_set(error, "its locations make more than %zu rows", NGINX_MATRIX_ROWS_MAX);
        return false;
    }
    for (size_t i = 0; i < models->count; i++)
        if (!nginx_step(&models->items[i], 0)) {
            base_error_set(error, "its locations, header lines and variables lead to more than %zu steps",
                           NGINX_STEPS_MAX);
            return false;
        }
    return true;
}

bool nginx_matrix_make(const nginx_models *models, base_arena *arena, facts_matrix *matrix, base_error *error)
{
    maker m = {.arena = arena};
    facts_matrix_server *servers = base_arena_take(arena, (server_count(models) + 1) * sizeof *servers);
    size_t count = 0;

    for (size_t i = 0; i < models->count; i++) {
        m.model = &models->items[i];
        note_gaps(&m);
        for (size_t j = 0; j < m.model->server_count && m.rows <= NGINX_MATRIX_ROWS_MAX; j++)
            make_server(&m, m.model->servers[j], &servers[count++]);
    }
    *matrix = (facts_matrix){.servers = servers, .server_count = count, .notes = m.notes, .note_count = m.note_count};
    return is_bounded(&m, models, error);
}
