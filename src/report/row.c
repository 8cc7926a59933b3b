#include "report/row.h"

#include <stdarg.h>
#include <stdio.h>

void report_row(base_table *table, base_style style, const char *label, const char *format, ...)
{
    char text[REPORT_CELL_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    base_table_add(table, BASE_STYLE_DIM, label);
    base_table_add(table, style, text);
}
