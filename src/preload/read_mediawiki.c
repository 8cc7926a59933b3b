/*
 * MediaWiki's SecureLinkFixer: domains.php, Firefox's list as a PHP array, 'NAME' => 0 or 'NAME' => 1 a line. Its
 * comment tells the commit of Firefox and the day: "(2025-09-29)".
 */
#include "preload/reader.h"

#include "base/time.h"

#include <stdio.h>
#include <string.h>

#define DAY_LENGTH 12 /* "(YYYY-MM-DD)" */

static bool recognises(const char *text, size_t length)
{
    return length >= 5 && memcmp(text, "<?php", 5) == 0;
}

static void read_day(const char *text, size_t length, preload_names *names)
{
    char time[BASE_TIME_MAX];

    for (size_t i = 0; i + DAY_LENGTH <= length; i++) {
        if (text[i] != '(' || text[i + DAY_LENGTH - 1] != ')')
            continue;
        snprintf(time, sizeof time, "%.10sT00:00:00Z", text + i + 1);
        if (base_time_parse(time, &names->list_time, NULL))
            return;
    }
}

/* From the name's opening quote on. */
static bool read_entry(const char *line, size_t length, preload_names *names, base_error *error)
{
    const char *quote = memchr(line + 1, '\'', length - 1), *end = line + length;
    const char *flag = quote != NULL ? quote + 1 : end;

    while (flag < end && (*flag == ' ' || *flag == '=' || *flag == '>'))
        flag++;
    if (quote == NULL || end - flag > 2 || end == flag || (*flag != '0' && *flag != '1') ||
        (end - flag == 2 && flag[1] != ',')) {
        base_error_set(error, "wanted is 'NAME' => 0 or 'NAME' => 1");
        return false;
    }
    return preload_names_add(names, line + 1, (size_t)(quote - line - 1), *flag == '1', error);
}

static bool read_line(const char *line, size_t length, bool *closed, preload_names *names, base_error *error)
{
    while (length > 0 && (*line == '\t' || *line == ' ')) {
        line++;
        length--;
    }
    if (length > 0 && line[length - 1] == '\r')
        length--;
    if (length > 0 && *line == '\'')
        return read_entry(line, length, names, error);
    if (length > 1 && memcmp(line, "//", 2) == 0 && names->list_time == HF_TIME_UNKNOWN)
        read_day(line, length, names);
    *closed = *closed || (length > 0 && *line == ']');
    return true;
}

static bool read(const char *text, size_t length, preload_names *names, base_error *error)
{
    const char *at = text, *end = text + length;
    bool closed = false;

    names->maker = "Firefox";
    while (at < end) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        const char *stop = lf != NULL ? lf : end;

        if (!read_line(at, (size_t)(stop - at), &closed, names, error))
            return preload_refuse_at(text, at, error);
        at = stop + (lf != NULL);
    }
    if (!closed)
        base_error_set(error, "the list is cut: its last line, ];, is missing");
    return closed || preload_refuse_at(text, end, error);
}

const preload_reader preload_reader_mediawiki = {"MediaWiki's list", recognises, read};
