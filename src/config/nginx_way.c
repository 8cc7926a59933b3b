/* The way of one request: errors, `return`, moves to other locations, and the header lines of who answers. */
#include "config/nginx_matrix.h"

#include "base/ascii.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MOVES_MAX 10 /* NGX_HTTP_MAX_URI_CHANGES */

static void arrive(nginx_way *way, const nginx_level *level);
static void move(nginx_way *way, const nginx_level *from, const config_word *to);

static void doubt(nginx_way *way, const char *why)
{
    way->cell->sure = false;
    way->cell->why = way->cell->why != NULL ? way->cell->why : why;
}

static bool is_on(const config_node *node)
{
    return node != NULL && config_word_is(config_node_word(node, 1), "on");
}

static int number(const config_word *word)
{
    const char *text = word != NULL ? word->text : "";

    return strlen(text) == 3 && strspn(text, "0123456789") == 3 ? (int)strtol(text, NULL, 10) : 0;
}

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* -- The header lines ---------------------------------------------------------------------------------------------- */

/* The statuses on which lines without `always` count. */
static bool is_safe(int status)
{
    return is_redirect(status) || status == 200 || status == 201 || status == 204 || status == 206 || status == 304;
}

typedef struct fields {
    facts_matrix_field *items;
    size_t count;
} fields;

/* True if a `set` makes a part of the text. */
static bool is_set(const nginx_model *model, const nginx_emitter *emitter)
{
    if (model->set_count == 0 || memchr(emitter->text.data, '$', emitter->text.length) == NULL ||
        !nginx_step(model, model->set_count))
        return false;
    for (size_t i = 0; i < model->set_count; i++) {
        const config_word *name = config_node_word(model->sets[i], 1);

        if (name != NULL && strstr(emitter->text.data, name->text) != NULL)
            return true;
    }
    return false;
}

static nginx_value value_of(nginx_way *way, const nginx_level *level, const nginx_emitter *emitter)
{
    nginx_value value = nginx_evaluate(way->model, level, emitter->text, emitter->value, way->tls);

    if (!value.known)
        doubt(way, "the value is known only when the request comes");
    else if ((way->early || way->moves > 0) && is_set(way->model, emitter))
        doubt(way, "whether its `set` runs before depends on the request");
    return value;
}

static void add_field(nginx_way *way, fields *list, const nginx_emitter *emitter, const char *value)
{
    const config_directive *said = emitter->node->said;

    list->items[list->count++] = (facts_matrix_field){
        .name = base_arena_copy(&way->model->estate->arena, emitter->field.data, emitter->field.length),
        .value = value,
        .file = said->file->name,
        .line = config_line_at(said->file, said->words[0].offset)};
}

/* more_clear_headers takes "Strict-*" too. */
static bool is_ours(const nginx_emitter *emitter)
{
    static const char name[] = "strict-transport-security";
    const size_t length = emitter->field.length;

    if (emitter->sts || !emitter->clears || length == 0 || length > sizeof name ||
        emitter->field.data[length - 1] != '*')
        return emitter->sts;
    for (size_t i = 0; i + 1 < length; i++)
        if (base_ascii_lower(emitter->field.data[i]) != name[i])
            return false;
    return true;
}

/* Whether a status is in the list of -s. */
static bool is_listed(const char *list, int status)
{
    while (list != NULL && *list != '\0') {
        char *end;

        if (strtol(list, &end, 10) == status && end != list)
            return true;
        list = end != list ? end : list + 1;
    }
    return false;
}

static bool has_types(const nginx_emitter *emitter)
{
    for (size_t i = 1; i < emitter->node->said->word_count; i++)
        if (config_word_is(config_node_word(emitter->node, i), "-t"))
            return true;
    return false;
}

/* headers-more comes first, and puts its line in place of those that are there. */
static void take_more(nginx_way *way, const nginx_level *level, int status, fields *list)
{
    for (size_t i = 0; i < level->more.count; i++) {
        const nginx_emitter *emitter = level->more.items[i];
        nginx_value value;

        if (!is_ours(emitter) || (emitter->only != NULL && status != 0 && !is_listed(emitter->only, status)))
            continue;
        if (has_types(emitter) || (emitter->only != NULL && status == 0))
            doubt(way, "more_set_headers looks at the type or the status of the response");
        value = emitter->clears ? (nginx_value){.known = true, .empty = true} : value_of(way, level, emitter);
        way->cell->application_too = false;
        list->count = 0;
        if (!value.known || !value.empty)
            add_field(way, list, emitter, value.known ? value.text : NULL);
    }
}

static void take_added(nginx_way *way, const nginx_level *level, int status, fields *list)
{
    for (size_t i = 0; i < level->headers.count; i++) {
        const nginx_emitter *emitter = level->headers.items[i];
        nginx_value value;

        if (!emitter->sts || (!emitter->always && status != 0 && !is_safe(status)))
            continue;
        if (!emitter->always && status == 0)
            doubt(way, "without `always` it depends on the status that the application sends");
        value = value_of(way, level, emitter);
        if (!value.known || !value.empty)
            add_field(way, list, emitter, value.known ? value.text : NULL);
    }
}

static bool has_code(const nginx_level *level)
{
    static const char *const names[] = {"header_filter_by_lua", "header_filter_by_lua_file", "js_header_filter"};
    size_t count;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nginx_own_lines(level, names[i], &count) != NULL)
            return true;
    for (size_t i = 0; level->node != NULL && i < level->node->child_count; i++)
        if (config_node_is(level->node->children[i], "header_filter_by_lua_block"))
            return true;
    return false;
}

static bool runs_code(nginx_way *way, const nginx_level *level)
{
    const size_t slot = ((uintptr_t)level / sizeof *level) % NGINX_MEMO_LEVELS;

    if (way->memo->levels[slot].level == level)
        return way->memo->levels[slot].runs_code;
    if (level->node != NULL && !nginx_step(way->model, level->node->child_count))
        return true;
    way->memo->levels[slot].level = level;
    way->memo->levels[slot].runs_code = has_code(level);
    return way->memo->levels[slot].runs_code;
}

/* Code that runs when the head is sent may do anything to it. */
static void doubt_code(nginx_way *way, const nginx_level *level)
{
    for (; level != NULL; level = level->parent) {
        if (level->unread)
            doubt(way, "an include could not be read");
        if (runs_code(way, level))
            doubt(way, "code of the configuration works on the header");
    }
}

void nginx_way_send(nginx_way *way, const nginx_level *level, int status, facts_matrix_by by)
{
    facts_matrix_cell *cell = way->cell;
    fields list = {0};

    cell->by = cell->by != FACTS_MATRIX_BY_INTERNAL || by == FACTS_MATRIX_BY_APPLICATION ? by : cell->by;
    cell->status = way->err_status > 0 ? way->err_status : status;
    if (nginx_step(way->model, level->headers.count + level->more.count)) {
        list.items = base_arena_take(&way->model->estate->arena,
                                     (level->headers.count + level->more.count + 1) * sizeof *list.items);
        take_more(way, level, cell->status, &list);
        take_added(way, level, cell->status, &list);
    }
    doubt_code(way, level);
    cell->fields = list.items;
    cell->field_count = list.count;
}

/* -- Errors -------------------------------------------------------------------------------------------------------- */

/* What an error_page says of a status: the target, and "=CODE" (-1: none; 0: "="). */
typedef struct page {
    const config_word *target; /* NULL: nothing is said */
    int code;
} page;

static page page_in(const config_node *node, int status)
{
    const size_t count = node->said->word_count;
    page found = {.code = -1};
    bool listed = false;

    for (size_t i = 1; i + 1 < count; i++) {
        const config_word *word = config_node_word(node, i);

        listed = listed || number(word) == status;
        if (word->text[0] == '=')
            found.code = word->length == 1 ? 0 : (int)strtol(word->text + 1, NULL, 10);
    }
    if (listed)
        found.target = config_node_word(node, count - 1);
    return found;
}

/* A level with error_page lines of its own has none of those above it. */
static page find_page(const nginx_way *way, const nginx_level *level, int status)
{
    for (; level != NULL; level = level->parent) {
        size_t count;
        const config_node *const *lines = nginx_own_lines(level, "error_page", &count);
        page found = {0};

        if (!nginx_step(way->model, count + 1))
            return found;
        for (size_t i = 0; i < count && found.target == NULL; i++)
            found = page_in(lines[i], status);
        if (count > 0)
            return found;
    }
    return (page){0};
}

static void answer_with(nginx_way *way, const nginx_level *level, page found)
{
    const char first = found.target->text[0];

    if (found.code >= 0)
        way->err_status = found.code;
    if (first == '/' || first == '@') {
        move(way, level, found.target);
        return;
    }
    if (first == '$')
        doubt(way, "where the error_page leads is known only when the request comes");
    way->err_status = is_redirect(found.code) ? found.code : 302;
    nginx_way_send(way, level, way->err_status, FACTS_MATRIX_BY_ERROR_PAGE);
}

void nginx_way_fail(nginx_way *way, const nginx_level *level, int status)
{
    const page found = way->is_settled ? (page){0} : find_page(way, level, status);

    way->err_status = status >= 494 && status <= 497 ? 400 : status;
    if (!way->is_settled && !is_on(nginx_in_force(level, "recursive_error_pages")))
        way->is_settled = nginx_in_force(level, "error_page") != NULL;
    if (found.target != NULL)
        answer_with(way, level, found);
    else
        nginx_way_send(way, level, status, FACTS_MATRIX_BY_ERROR_PAGE);
}

/* -- Return -------------------------------------------------------------------------------------------------------- */

int nginx_return_status(const config_node *node)
{
    const int status = number(config_node_word(node, 1));

    return status > 0 ? status : 302;
}

void nginx_way_return(nginx_way *way, const nginx_level *level, const config_node *node)
{
    const int status = nginx_return_status(node);
    const config_word *text = config_node_word(node, 2);
    const bool sends = !is_redirect(status) && (status < 400 || (text != NULL && text->length > 0));

    if (sends) {
        nginx_way_send(way, level, status, FACTS_MATRIX_BY_CONTENT);
    } else if (status == 408 || status == 444 || status == 499) {
        way->cell->by = FACTS_MATRIX_BY_NOTHING;
        way->cell->status = status;
    } else {
        nginx_way_fail(way, level, status);
    }
}

/* -- Moves --------------------------------------------------------------------------------------------------------- */

static const nginx_level *level_of(const nginx_level *level, const config_node *block)
{
    for (size_t i = 0; i < level->child_count; i++)
        if (level->children[i]->node == block)
            return level->children[i];
    return NULL;
}

/* An `if` that may hold. True: the rewrite phase is over. */
static bool pass_if(const nginx_model *model, const nginx_level *level, const config_node *block, bool tls,
                    nginx_arrival *arrival)
{
    const nginx_level *inner = level_of(level, block);
    const int holds = inner != NULL ? nginx_condition(model, level, block, tls) : 0;

    if (holds < 0)
        arrival->open = arrival->open || inner->own.count > 0 || inner->own_more.count > 0 || inner->stops != NULL;
    if (holds <= 0)
        return false;
    arrival->level = inner->kind == NGINX_SERVER_IF ? level : inner;
    arrival->stop = inner->stops;
    return inner->stops != NULL;
}

static bool leads_away(const config_node *rewrite)
{
    const config_word *flag = config_node_word(rewrite, 3);

    return !config_word_is(flag, "break") && !config_word_is(flag, "permanent") && !config_word_is(flag, "redirect");
}

nginx_arrival nginx_arrive(const nginx_model *model, const nginx_level *level, bool tls)
{
    nginx_arrival arrival = {.level = level};

    if (level->node == NULL)
        return arrival;
    for (size_t i = 0; i < level->node->child_count; i++) {
        const config_node *node = level->node->children[i];

        if (config_node_is(node, "location"))
            continue;
        if (!nginx_step(model, 1) || config_node_is(node, "break"))
            return arrival;
        if (config_node_is(node, "return")) {
            arrival.stop = node;
            return arrival;
        }
        if (config_node_is(node, "rewrite") && level->kind != NGINX_SERVER)
            arrival.open = arrival.open || leads_away(node);
        else if (config_node_is(node, "if") && pass_if(model, level, node, tls, &arrival))
            return arrival;
    }
    return arrival;
}

static void say_where(nginx_way *way, const nginx_level *level)
{
    const config_word *word = level->kind == NGINX_LOCATION ? config_node_word(level->node, 1) : NULL;
    const config_word *more = level->kind == NGINX_LOCATION ? config_node_word(level->node, 2) : NULL;

    if (word == NULL)
        return;
    way->cell->answers =
        more != NULL ? base_arena_format(&way->model->estate->arena, "%s %s", word->text, more->text) : word->text;
}

/* The path that a word comes to, without its query. */
static const char *path_of(nginx_way *way, const nginx_level *level, const config_word *word)
{
    const size_t length = strcspn(word->text, "?");
    const char *path = base_arena_copy(&way->model->estate->arena, word->text, length);
    nginx_value value;

    if (memchr(path, '$', length) == NULL)
        return path;
    value = nginx_evaluate(way->model, level, (hf_span){.data = path, .length = length}, NULL, way->tls);
    if (value.known)
        return value.text;
    doubt(way, "where it leads is known only when the request comes");
    return base_arena_copy(&way->model->estate->arena, path, strcspn(path, "$"));
}

/* Where a path or a name leads. */
static nginx_target find_target(nginx_way *way, const char *name)
{
    nginx_memo *memo = way->memo;
    nginx_target *target;

    for (size_t i = 0; i < NGINX_MEMO_TARGETS; i++)
        if (memo->targets[i].server == way->server && strcmp(memo->targets[i].name, name) == 0)
            return memo->targets[i];
    target = &memo->targets[memo->next_target++ % NGINX_MEMO_TARGETS];
    *target = (nginx_target){.server = way->server, .name = name, .sure = true};
    if (!nginx_step(way->model, way->server->level->child_count))
        return *target;
    if (name[0] == '@')
        target->level = nginx_find_named(way->server, name);
    else
        target->level = nginx_find_location(way->server, name, &target->sure);
    return *target;
}

static void move_to_path(nginx_way *way, const char *path)
{
    const nginx_arrival first = nginx_arrive(way->model, way->server->level, way->tls);
    nginx_target target;

    way->uri = path;
    way->cell->answers = path;
    if (first.stop != NULL) {
        nginx_way_return(way, way->server->level, first.stop);
        return;
    }
    target = find_target(way, path);
    if (!target.sure)
        doubt(way, "a regular expression could not be judged");
    arrive(way, target.level != NULL ? target.level : way->server->level);
}

static bool may_move(nginx_way *way, const nginx_level *from)
{
    if (way->moves++ < MOVES_MAX)
        return true;
    way->is_settled = true;
    nginx_way_fail(way, from, 500);
    return false;
}

/* Where the request line could not be read there is no URI, and named locations want one. */
static void move_to_name(nginx_way *way, const nginx_level *from, const char *name)
{
    const nginx_level *named = NULL;

    way->uri = NULL;
    if (way->cell->cause == 400)
        doubt(way, "it depends on whether the request line can be read");
    if (way->cell->cause != 414)
        named = find_target(way, name).level;
    if (named != NULL)
        arrive(way, named);
    else
        nginx_way_fail(way, from, 500);
}

static void move(nginx_way *way, const nginx_level *from, const config_word *to)
{
    if (!may_move(way, from))
        return;
    if (to->text[0] != '@') {
        move_to_path(way, path_of(way, from, to));
        return;
    }
    move_to_name(way, from, to->text);
}

/* A folder is answered by its index, which is asked for anew. */
static bool has_index(nginx_way *way, const nginx_level *level)
{
    const config_node *node = nginx_in_force(level, "index");
    const config_word *word = node != NULL ? config_node_word(node, 1) : NULL;
    const char *name = word != NULL ? word->text : "index.html";
    const size_t length = way->uri != NULL ? strlen(way->uri) : 0;

    if (length == 0 || way->uri[length - 1] != '/')
        return false;
    if (node != NULL && node->said->word_count > 2)
        doubt(way, "which index is there is not known");
    if (!may_move(way, level))
        return true;
    move_to_path(way, name[0] == '/' ? name : base_arena_format(&way->model->estate->arena, "%s%s", way->uri, name));
    return true;
}

/* What the application says is not known. */
static void answer_by_application(nginx_way *way, const nginx_level *level)
{
    if (is_on(nginx_in_force(
            level, base_arena_format(&way->model->estate->arena, "%s_intercept_errors", nginx_pass_prefix(level)))))
        doubt(way, "it depends on the status that the application sends");
    nginx_way_application(way, level, 0);
}

static void arrive(nginx_way *way, const nginx_level *level)
{
    const nginx_arrival arrival = nginx_arrive(way->model, level, way->tls);

    if (way->uri == NULL && arrival.stop == NULL && nginx_pass_prefix(arrival.level) == NULL)
        doubt(way, "whether a named location finds a file depends on the request");
    say_where(way, level);
    if (arrival.open)
        doubt(way, "an `if` or a rewrite may lead elsewhere");
    if (arrival.stop != NULL)
        nginx_way_return(way, arrival.level, arrival.stop);
    else if (nginx_pass_prefix(arrival.level) != NULL)
        answer_by_application(way, arrival.level);
    else if (!has_index(way, arrival.level))
        nginx_way_send(way, arrival.level, 200, FACTS_MATRIX_BY_CONTENT);
}

/* -- Applications -------------------------------------------------------------------------------------------------- */

static bool intercepts(const nginx_way *way, const nginx_level *level, int status)
{
    const char *name = base_arena_format(&way->model->estate->arena, "%s_intercept_errors", nginx_pass_prefix(level));

    return status >= 300 && is_on(nginx_in_force(level, name)) && find_page(way, level, status).target != NULL;
}

void nginx_way_application(nginx_way *way, const nginx_level *level, int status)
{
    const config_node *line;

    if (intercepts(way, level, status)) {
        nginx_way_fail(way, level, status);
        return;
    }
    way->cell->application_too = !nginx_hides(level, "Strict-Transport-Security", &line);
    nginx_way_send(way, level, status, FACTS_MATRIX_BY_APPLICATION);
}

bool nginx_way_missed(nginx_way *way, const nginx_level *level)
{
    const config_node *const *lines;
    const config_word *last;
    size_t count;

    lines = nginx_own_lines(level, "try_files", &count);
    last = count > 0 ? config_node_word(lines[0], lines[0]->said->word_count - 1) : NULL;
    if (last == NULL)
        return false;
    if (last->text[0] != '=')
        move(way, level, last);
    else
        nginx_way_fail(way, level, (int)strtol(last->text + 1, NULL, 10));
    return true;
}
