#include "report/matrix.h"

#include "report/matrix_values.h"
#include "report/wrap.h"

#include <string.h>

#define LINE_MAX ((size_t)1 << 16)
#define CELL 4 /* columns */
#define LABEL_MIN 12
#define LABEL_MAX 40

static const int statuses[] = {200, 301, 304, 401, 403, 404, 413, 500, 502, 504};
#define STATUSES (sizeof statuses / sizeof *statuses)

/* -- Marks --------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *mark, *said;
} legend[] = {
    {"+", "exactly one HSTS header"},
    {"-", "none"},
    {"2", "as many as the number says: browsers take the first"},
    {"*", "what the application sends, behind +, - or a number: besides"},
    {"?", "it depends on what the configuration does not say"},
    {"x", "no response: the connection is closed"},
    {".", "does not occur there"},
};

const char *report_matrix_mark(const facts_matrix_cell *cell)
{
    static const char *const plain[] = {"-",  "+",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9",
                                        "-*", "+*", "2*", "3*", "4*", "5*", "6*", "7*", "8*", "9*"};
    const size_t count = cell->field_count < 9 ? cell->field_count : 9;

    if (cell->by == FACTS_MATRIX_BY_NOTHING)
        return "x";
    if (!cell->sure)
        return "?";
    return plain[cell->application_too ? count + 10 : count];
}

/* How much a mark asks to be looked at. */
static int weight(const facts_matrix_cell *cell)
{
    if (cell->by == FACTS_MATRIX_BY_NOTHING || cell->application_too)
        return 1;
    return !cell->sure ? 2 : cell->field_count == 0 ? 3 : cell->field_count > 1 ? 4 : 0;
}

/* Of those with one cause, the one that asks most. */
static const facts_matrix_cell *find_cell(const facts_matrix_row *row, int cause)
{
    const facts_matrix_cell *found = NULL;

    for (size_t i = 0; i < row->cell_count; i++)
        if (row->cells[i].cause == cause && (found == NULL || weight(&row->cells[i]) > weight(found)))
            found = &row->cells[i];
    return found;
}

static bool is_column(int cause)
{
    for (size_t i = 0; i < STATUSES; i++)
        if (statuses[i] == cause)
            return true;
    return false;
}

static base_style style_of(const facts_matrix_cell *cell, bool tls)
{
    if (cell == NULL || cell->by == FACTS_MATRIX_BY_NOTHING)
        return BASE_STYLE_DIM;
    if (!cell->sure || cell->application_too)
        return BASE_STYLE_WARN;
    if (!tls)
        return cell->field_count > 0 ? BASE_STYLE_WARN : BASE_STYLE_DIM;
    return cell->field_count == 1 ? BASE_STYLE_GOOD : BASE_STYLE_BAD;
}

/* -- Text ---------------------------------------------------------------------------------------------------------- */

static const char *scheme(const facts_matrix_row *row)
{
    return row->tls ? "https" : "http";
}

static const char *label_of(const facts_matrix_row *row)
{
    return row->location != NULL ? row->location : "(server)";
}

static size_t label_width(const base_term *term)
{
    const size_t cells = STATUSES * CELL, beside = sizeof "https ";
    const size_t room = term->width > cells + beside + 2 ? term->width - cells - beside - 2 : 0;

    return room < LABEL_MIN ? LABEL_MIN : room > LABEL_MAX ? LABEL_MAX : room;
}

/* The blanks of a cell stand in front of it, so that no line ends in any. */
static void print_cell(const facts_matrix_cell *cell, bool tls, size_t gap, base_term *term)
{
    base_term_print(term, BASE_STYLE_PLAIN, "%*s", (int)gap, "");
    base_term_print(term, style_of(cell, tls), "%s", cell != NULL ? report_matrix_mark(cell) : ".");
}

/* What has no column of its own. */
static void print_others(const facts_matrix_row *row, base_term *term)
{
    base_buffer text;

    base_buffer_init(&text, LINE_MAX);
    for (size_t i = 0; i < row->cell_count; i++)
        if (!is_column(row->cells[i].cause))
            base_buffer_appendf(&text, "%s%d %s", text.length > 0 ? "  " : "", row->cells[i].cause,
                                report_matrix_mark(&row->cells[i]));
    if (text.length > 0)
        base_term_line(term, BASE_STYLE_PLAIN, "    %s%s",
                       row->location == NULL ? "before a location: " : "also: ", base_buffer_string(&text));
    base_buffer_done(&text);
}

static void print_row(const facts_matrix_row *row, size_t width, base_term *term)
{
    report_matrix_label label = report_matrix_label_cut(label_of(row), width);
    size_t gap = label.gap + 2;

    base_term_print(term, BASE_STYLE_DIM, "%-6s", scheme(row));
    base_term_print(term, BASE_STYLE_PLAIN, "%s", label.text);
    for (size_t i = 0; i < STATUSES; i++) {
        const facts_matrix_cell *cell = find_cell(row, statuses[i]);

        print_cell(cell, row->tls, gap, term);
        gap = CELL - (cell != NULL ? strlen(report_matrix_mark(cell)) : 1);
    }
    base_term_gap(term);
    print_others(row, term);
}

static void print_head(const facts_matrix_server *server, size_t width, base_term *term)
{
    base_term_print(term, BASE_STYLE_BOLD, "server %s", server->name[0] != '\0' ? server->name : "without a name");
    for (size_t i = 0; i < server->listen_count; i++)
        base_term_print(term, BASE_STYLE_PLAIN, "%s %s", i > 0 ? "," : "", server->listens[i]);
    if (server->file != NULL)
        base_term_print(term, BASE_STYLE_DIM, "  %s:%zu", server->file, server->line);
    base_term_gap(term);
    base_term_print(term, BASE_STYLE_DIM, "%*s", (int)width + 8, "");
    for (size_t i = 0; i < STATUSES; i++)
        base_term_print(term, BASE_STYLE_DIM, "%*s%d", i > 0 ? CELL - 3 : 0, "", statuses[i]);
    base_term_gap(term);
}

static void print_server(const facts_matrix_server *server, base_term *term)
{
    const size_t width = label_width(term);

    print_head(server, width, term);
    for (size_t i = 0; i < server->row_count; i++)
        print_row(&server->rows[i], width, term);
    if (server->row_count == 0)
        base_term_line(term, BASE_STYLE_DIM, "      it sends no response");
    base_term_gap(term);
}

static void print_values(const facts_matrix *matrix, base_term *term)
{
    report_matrix_values values;

    report_matrix_values_find(&values, matrix);
    for (size_t i = 0; i < values.count; i++) {
        const facts_matrix_field *field = values.items[i];

        base_term_print(term, BASE_STYLE_DIM, "%s:%zu: ", field->file, field->line);
        base_term_line(term, BASE_STYLE_PLAIN, "%s: %s", field->name,
                       field->value != NULL ? field->value : "(known when the request comes)");
    }
    if (values.left_out)
        base_term_line(term, BASE_STYLE_DIM, "and more lines");
    if (values.count > 0)
        base_term_gap(term);
    report_matrix_values_done(&values);
}

static void print_legend(base_term *term)
{
    for (size_t i = 0; i < sizeof legend / sizeof *legend; i++)
        base_term_line(term, BASE_STYLE_DIM, "%-3s%s", legend[i].mark, legend[i].said);
}

void report_matrix_text(const facts_matrix *matrix, bool quiet, base_term *term)
{
    for (size_t i = 0; i < matrix->server_count; i++)
        print_server(&matrix->servers[i], term);
    if (matrix->server_count == 0)
        base_term_line(term, BASE_STYLE_WARN, "no server is in it");
    for (size_t i = 0; i < matrix->note_count; i++)
        base_term_line(term, BASE_STYLE_WARN, "note: %s", matrix->notes[i]);
    if (quiet || matrix->server_count == 0)
        return;
    print_values(matrix, term);
    print_legend(term);
}

/* -- JSON ---------------------------------------------------------------------------------------------------------- */

static void write_place(const char *file, size_t line, base_json *json)
{
    base_json_key_string(json, "file", file);
    base_json_key(json, "line");
    if (file != NULL)
        base_json_int(json, (int64_t)line);
    else
        base_json_null(json);
}

static void write_cell(const facts_matrix_cell *cell, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_int(json, "cause", cell->cause);
    base_json_key(json, "status");
    if (cell->status > 0)
        base_json_int(json, cell->status);
    else
        base_json_null(json);
    base_json_key_string(json, "by", facts_matrix_by_name(cell->by));
    base_json_key(json, "headers");
    base_json_array_begin(json);
    for (size_t i = 0; i < cell->field_count; i++) {
        base_json_object_begin(json);
        base_json_key_string(json, "name", cell->fields[i].name);
        base_json_key_string(json, "value", cell->fields[i].value);
        write_place(cell->fields[i].file, cell->fields[i].line, json);
        base_json_object_end(json);
    }
    base_json_array_end(json);
    base_json_key_bool(json, "from_application", cell->from_application);
    base_json_key_bool(json, "application_too", cell->application_too);
    base_json_key_bool(json, "sure", cell->sure);
    base_json_key_string(json, "why", cell->why);
    base_json_key_string(json, "answers", cell->answers);
    base_json_object_end(json);
}

static void write_row(const facts_matrix_row *row, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "location", row->location);
    base_json_key_string(json, "scheme", scheme(row));
    write_place(row->file, row->line, json);
    base_json_key(json, "cells");
    base_json_array_begin(json);
    for (size_t i = 0; i < row->cell_count; i++)
        write_cell(&row->cells[i], json);
    base_json_array_end(json);
    base_json_object_end(json);
}

static void write_server(const facts_matrix_server *server, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_strings(json, "names", server->names, server->name_count);
    base_json_key_strings(json, "listens", server->listens, server->listen_count);
    base_json_key_bool(json, "https", server->tls);
    base_json_key_bool(json, "http", server->plain);
    write_place(server->file, server->line, json);
    base_json_key(json, "rows");
    base_json_array_begin(json);
    for (size_t i = 0; i < server->row_count; i++)
        write_row(&server->rows[i], json);
    base_json_array_end(json);
    base_json_object_end(json);
}

void report_matrix_json(const facts_matrix *matrix, base_json *json)
{
    base_json_object_begin(json);
    base_json_key(json, "servers");
    base_json_array_begin(json);
    for (size_t i = 0; i < matrix->server_count; i++)
        write_server(&matrix->servers[i], json);
    base_json_array_end(json);
    base_json_key_strings(json, "notes", matrix->notes, matrix->note_count);
    base_json_object_end(json);
}

/* -- A page -------------------------------------------------------------------------------------------------------- */

static const char page_head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>HSTS headers of a configuration</title>\n"
    "<style>\nbody { font-family: sans-serif; margin: 2em; }\ntable { border-collapse: collapse; margin-bottom: 2em; "
    "}\n"
    "th, td { border: 1px solid #bbb; padding: .2em .5em; text-align: center; }\nth[scope=row] { text-align: left; "
    "font-family: monospace; }\n.one { background: #cfc; }\n.bad { background: #fcc; }\n.unsure { background: #ffc; "
    "}\n.none { color: #888; }\n</style>\n</head>\n<body>\n<h1>HSTS headers of a configuration</h1>\n";

static void put_row_html(const facts_matrix_row *row, base_buffer *out)
{
    base_buffer_appendf(out, "<tr><td>%s</td><th scope=\"row\">", scheme(row));
    report_matrix_escape(label_of(row), out);
    base_buffer_text(out, "</th>");
    for (size_t i = 0; i < STATUSES; i++)
        report_matrix_put_cell(find_cell(row, statuses[i]), row->tls, out);
    base_buffer_text(out, "<td>");
    for (size_t i = 0; i < row->cell_count; i++)
        if (!is_column(row->cells[i].cause))
            base_buffer_appendf(out, "%d&nbsp;%s ", row->cells[i].cause, report_matrix_mark(&row->cells[i]));
    base_buffer_text(out, "</td></tr>\n");
}

static void put_server_html(const facts_matrix_server *server, base_buffer *out)
{
    base_buffer_text(out, "<h2>");
    report_matrix_escape(server->name[0] != '\0' ? server->name : "without a name", out);
    base_buffer_text(out, "</h2>\n<p>");
    for (size_t i = 0; i < server->listen_count; i++) {
        report_matrix_escape(server->listens[i], out);
        base_buffer_text(out, i + 1 < server->listen_count ? ", " : "");
    }
    base_buffer_text(out, "</p>\n<table>\n<tr><th>scheme</th><th>location</th>");
    for (size_t i = 0; i < STATUSES; i++)
        base_buffer_appendf(out, "<th>%d</th>", statuses[i]);
    base_buffer_text(out, "<th>others</th></tr>\n");
    for (size_t i = 0; i < server->row_count; i++)
        put_row_html(&server->rows[i], out);
    base_buffer_text(out, "</table>\n");
}

static void put_values_html(const facts_matrix *matrix, base_buffer *out)
{
    report_matrix_values values;

    report_matrix_values_find(&values, matrix);
    base_buffer_text(out, "<h2>Header lines</h2>\n<ul>\n");
    for (size_t i = 0; i < values.count; i++) {
        base_buffer_text(out, "<li>");
        report_matrix_escape(values.items[i]->file, out);
        base_buffer_appendf(out, ":%zu: <code>", values.items[i]->line);
        report_matrix_escape(values.items[i]->value != NULL ? values.items[i]->value : "known when the request comes",
                             out);
        base_buffer_text(out, "</code></li>\n");
    }
    base_buffer_text(out, values.left_out ? "<li>and more</li>\n</ul>\n" : "</ul>\n");
    report_matrix_values_done(&values);
}

void report_matrix_html(const facts_matrix *matrix, base_buffer *out)
{
    base_buffer_text(out, page_head);
    for (size_t i = 0; i < matrix->server_count; i++)
        put_server_html(&matrix->servers[i], out);
    for (size_t i = 0; i < matrix->note_count; i++) {
        base_buffer_text(out, "<p>");
        report_matrix_escape(matrix->notes[i], out);
        base_buffer_text(out, "</p>\n");
    }
    put_values_html(matrix, out);
    base_buffer_text(out, "<h2>Legend</h2>\n<dl>\n");
    for (size_t i = 0; i < sizeof legend / sizeof *legend; i++)
        base_buffer_appendf(out, "<dt>%s</dt><dd>%s</dd>\n", legend[i].mark, legend[i].said);
    base_buffer_text(out, "</dl>\n</body>\n</html>\n");
}
