#include "base/host_list.h"

#include "base/ascii.h"

#include <string.h>

#define HEADING_SHOWN 120 /* octets */

static hf_span trim(hf_span span)
{
    while (span.length > 0 && strchr(" \t\r", span.data[span.length - 1]) != NULL && span.data[span.length - 1] != '\0')
        span.length--;
    while (span.length > 0 && strchr(" \t\r", *span.data) != NULL && *span.data != '\0')
        span = (hf_span){span.data + 1, span.length - 1};
    return span;
}

/* A '#' begins a comment at the beginning of a line and behind a blank; in a URL it is part of it. */
static hf_span without_comment(hf_span line)
{
    for (size_t i = 0; i < line.length; i++)
        if (line.data[i] == '#' && (i == 0 || line.data[i - 1] == ' ' || line.data[i - 1] == '\t'))
            return (hf_span){line.data, i};
    return line;
}

/* An object, or a string that is the whole line; a first cell in quotes is neither. */
static bool is_json(hf_span line)
{
    if (*line.data == '{')
        return true;
    for (size_t i = 1; *line.data == '"' && i < line.length; i++) {
        if (line.data[i] == '\\')
            i++;
        else if (line.data[i] == '"')
            return i + 1 == line.length;
    }
    return *line.data == '"' && memchr(line.data, ',', line.length) == NULL;
}

/* The next cell, and what is behind it; a quoted one without its quotes. */
static hf_span take_cell(hf_span *rest)
{
    hf_span line = *rest, cell;
    bool quoted = line.length > 0 && *line.data == '"';
    size_t end = 0;

    for (bool inside = false; end < line.length && (inside || line.data[end] != ','); end++)
        inside = inside != (quoted && line.data[end] == '"');
    *rest = end < line.length ? (hf_span){line.data + end + 1, line.length - end - 1} : (hf_span){NULL, 0};
    cell = trim((hf_span){line.data, end});
    if (quoted && cell.length > 1 && cell.data[cell.length - 1] == '"')
        cell = trim((hf_span){cell.data + 1, cell.length - 2});
    return cell;
}

static hf_span cell_at(hf_span line, size_t column)
{
    for (size_t i = 0; i < column && line.data != NULL; i++)
        take_cell(&line);
    return line.data != NULL ? take_cell(&line) : (hf_span){"", 0};
}

/* The heading that was asked for. */
static bool find_named(const char *wanted, hf_span line, size_t *column, base_error *error)
{
    hf_span whole = line;

    for (size_t at = 0; line.data != NULL; at++) {
        hf_span cell = take_cell(&line);

        if (base_ascii_is(cell.data, cell.length, wanted)) {
            *column = at;
            return true;
        }
    }
    base_error_set(error, "no column '%s': the first line is '%.*s'", BASE_CUT(wanted),
                   (int)(whole.length < HEADING_SHOWN ? whole.length : HEADING_SHOWN), whole.data);
    return false;
}

/* A line in which something stands that could be a host with a dot is none. */
static bool has_name(hf_span line)
{
    while (line.data != NULL) {
        hf_span cell = take_cell(&line);

        if (memchr(cell.data, '.', cell.length) != NULL && memchr(cell.data, ' ', cell.length) == NULL)
            return true;
    }
    return false;
}

/* True, with its column, if a cell says that hosts stand below it. */
static bool find_heading(hf_span line, size_t *column)
{
    static const char *const words[] = {"host",        "hostname", "host name", "domain",
                                        "domain name", "fqdn",     "url",       "site"};

    for (size_t at = 0; line.data != NULL; at++) {
        hf_span cell = take_cell(&line);

        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            if (base_ascii_is(cell.data, cell.length, words[i])) {
                *column = at;
                return true;
            }
        }
    }
    return false;
}

base_listed base_host_list_line(base_host_list *list, hf_span line, hf_span *text, base_error *error)
{
    bool first = !list->begun;

    line = trim(line);
    if (line.length == 0 || *line.data == '#')
        return BASE_LISTED_NOTHING;
    list->begun = true;
    if (list->heading == NULL && is_json(line)) {
        *text = line;
        return BASE_LISTED_ONE;
    }
    line = trim(without_comment(line));
    if (first && list->heading != NULL)
        return find_named(list->heading, line, &list->column, error) ? BASE_LISTED_NOTHING : BASE_LISTED_WRONG;
    if (first && !has_name(line) && find_heading(line, &list->column))
        return BASE_LISTED_NOTHING;
    *text = cell_at(line, list->column);
    return BASE_LISTED_ONE;
}
