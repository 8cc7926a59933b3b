/* Plain text, as `holdfast preload dump` writes it: NAME<TAB>0 or NAME<TAB>1 a line; a line that begins with # says
 * nothing. */
#include "preload/reader.h"

#include <string.h>

static bool recognises(const char *text, size_t length)
{
    (void)text;
    (void)length;
    return true;
}

static bool read_line(const char *line, size_t length, preload_names *names, base_error *error)
{
    if (length > 0 && line[length - 1] == '\r')
        length--;
    if (length == 0 || *line == '#')
        return true;
    if (length < 3 || line[length - 2] != '\t' || (line[length - 1] != '0' && line[length - 1] != '1')) {
        base_error_set(error, "wanted is a name, a tab and 0 or 1: 1 if the name's subdomains are meant too");
        return false;
    }
    return preload_names_add(names, line, length - 2, line[length - 1] == '1', error);
}

static bool read(const char *text, size_t length, preload_names *names, base_error *error)
{
    const char *at = text, *end = text + length;

    while (at < end) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        const char *stop = lf != NULL ? lf : end;

        if (!read_line(at, (size_t)(stop - at), names, error))
            return preload_refuse_at(text, at, error);
        at = stop + (lf != NULL);
    }
    return true;
}

const preload_reader preload_reader_plain = {"plain text", recognises, read};
