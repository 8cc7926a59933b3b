#include "base/table.h"

#include "base/buffer.h"
#include "base/escape.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define GAP 2
#define CELL_MAX 65536
#define FIRST_CAPACITY 32

void base_table_init(base_table *table, size_t columns)
{
    *table = (base_table){.columns = columns};
}

void base_table_done(base_table *table)
{
    size_t i;

    for (i = 0; i < table->count; i++)
        free(table->cells[i].text);
    free(table->cells);
    *table = (base_table){.columns = table->columns};
}

static bool make_room(base_table *table)
{
    size_t capacity = table->capacity > 0 ? table->capacity * 2 : FIRST_CAPACITY;
    base_table_cell *cells;

    if (table->count < table->capacity)
        return true;
    cells = realloc(table->cells, capacity * sizeof *cells);
    if (cells == NULL)
        return false;
    table->cells = cells;
    table->capacity = capacity;
    return true;
}

void base_table_add(base_table *table, base_style style, const char *text)
{
    base_buffer escaped;

    base_buffer_init(&escaped, CELL_MAX);
    base_escape(text, strlen(text), &escaped);
    base_buffer_text(&escaped, "");
    if (table->failed || escaped.failed || !make_room(table)) {
        table->failed = true;
        base_buffer_done(&escaped);
        return;
    }
    table->cells[table->count++] =
        (base_table_cell){escaped.data, base_utf8_count(escaped.data, escaped.length), style};
}

static void print_row(const base_table *table, const base_table_cell *row, const size_t *widths, base_term *term)
{
    size_t column;

    for (column = 0; column < table->columns; column++) {
        const base_table_cell *cell = &row[column];
        base_term_text(term, cell->style, cell->text, strlen(cell->text));
        if (column + 1 < table->columns)
            fprintf(term->out, "%*s", (int)(widths[column] - cell->width + GAP), "");
    }
    fputc('\n', term->out);
}

void base_table_print(const base_table *table, base_term *term, size_t indent)
{
    size_t widths[BASE_TABLE_COLUMNS_MAX] = {0};
    size_t whole = table->count - table->count % table->columns, i;

    for (i = 0; i < whole; i++) {
        if (table->cells[i].width > widths[i % table->columns])
            widths[i % table->columns] = table->cells[i].width;
    }
    for (i = 0; i < whole; i += table->columns) {
        fprintf(term->out, "%*s", (int)indent, "");
        print_row(table, &table->cells[i], widths, term);
    }
}
