#include "report/matrix_values.h"

#include "base/columns.h"
#include "base/escape.h"
#include "base/memory.h"
#include "report/matrix.h"

#include <stdlib.h>
#include <string.h>

#define TITLE_MAX ((size_t)1 << 16)

/* -- Values -------------------------------------------------------------------------------------------------------- */

static bool is_same(const facts_matrix_field *a, const facts_matrix_field *b)
{
    if (a->line != b->line || a->file != b->file || (a->value == NULL) != (b->value == NULL))
        return false;
    return a->value == NULL || strcmp(a->value, b->value) == 0;
}

static void add(report_matrix_values *values, const facts_matrix_field *field)
{
    for (size_t i = values->count; i > 0; i--)
        if (is_same(values->items[i - 1], field))
            return;
    if (values->count == REPORT_MATRIX_VALUES_MAX)
        values->left_out = true;
    else
        values->items[values->count++] = field;
}

static void add_row(report_matrix_values *values, const facts_matrix_row *row)
{
    for (size_t i = 0; i < row->cell_count && !values->left_out; i++)
        for (size_t j = 0; j < row->cells[i].field_count; j++)
            add(values, &row->cells[i].fields[j]);
}

void report_matrix_values_find(report_matrix_values *values, const facts_matrix *matrix)
{
    *values =
        (report_matrix_values){.items = base_allocate(REPORT_MATRIX_VALUES_MAX * sizeof(const facts_matrix_field *))};
    for (size_t i = 0; i < matrix->server_count; i++)
        for (size_t j = 0; j < matrix->servers[i].row_count && !values->left_out; j++)
            add_row(values, &matrix->servers[i].rows[j]);
}

void report_matrix_values_done(report_matrix_values *values)
{
    free((void *)values->items);
}

/* -- Labels -------------------------------------------------------------------------------------------------------- */

report_matrix_label report_matrix_label_cut(const char *text, size_t width)
{
    report_matrix_label label = {.gap = width};
    size_t length = strlen(text), at = 0, used = 0;

    while (at < length) {
        char visible[BASE_ESCAPED_MAX];
        const size_t taken = base_escape_next(text + at, length - at, visible);
        const size_t size = strlen(visible), columns = base_columns(visible, size);

        if (columns > label.gap || used + size >= sizeof label.text)
            break;
        memcpy(label.text + used, visible, size);
        used += size;
        label.gap -= columns;
        at += taken;
    }
    if (at < length && used > 0)
        label.text[used - 1] = '>';
    label.text[used] = '\0';
    return label;
}

/* -- A page -------------------------------------------------------------------------------------------------------- */

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

void report_matrix_escape(const char *text, base_buffer *out)
{
    for (size_t at = 0, length = strlen(text); at < length;) {
        char visible[BASE_ESCAPED_MAX];

        at += base_escape_next(text + at, length - at, visible);
        for (size_t i = 0; visible[i] != '\0'; i++) {
            const char *written = entity(visible[i]);

            if (written != NULL)
                base_buffer_text(out, written);
            else
                base_buffer_char(out, visible[i]);
        }
    }
}

static const char *class_of(const facts_matrix_cell *cell, bool tls)
{
    if (cell == NULL || cell->by == FACTS_MATRIX_BY_NOTHING)
        return "none";
    if (!cell->sure || cell->application_too || (!tls && cell->field_count > 0))
        return "unsure";
    return !tls ? "none" : cell->field_count == 1 ? "one" : "bad";
}

static void put_title(const facts_matrix_cell *cell, base_buffer *out)
{
    base_buffer text;

    base_buffer_init(&text, TITLE_MAX);
    if (cell->answers != NULL)
        base_buffer_appendf(&text, "%s answers. ", cell->answers);
    if (cell->why != NULL)
        base_buffer_appendf(&text, "%s", cell->why);
    for (size_t i = 0; i < cell->field_count; i++)
        base_buffer_appendf(&text, "%s%s:%zu", i > 0 ? ", " : "", cell->fields[i].file, cell->fields[i].line);
    report_matrix_escape(base_buffer_string(&text), out);
    base_buffer_done(&text);
}

void report_matrix_put_cell(const facts_matrix_cell *cell, bool tls, base_buffer *out)
{
    base_buffer_appendf(out, "<td class=\"%s\"", class_of(cell, tls));
    if (cell != NULL) {
        base_buffer_text(out, " title=\"");
        put_title(cell, out);
        base_buffer_char(out, '"');
    }
    base_buffer_appendf(out, ">%s</td>", cell != NULL ? report_matrix_mark(cell) : ".");
}
