#include "report/wrap.h"

#include <string.h>

/* How many octets of `text` go on one line: as many whole words as fit, at least one. */
static size_t line_length(const char *text, size_t room)
{
    size_t fits = strcspn(text, " ");

    while (text[fits] == ' ') {
        size_t next = fits + 1 + strcspn(text + fits + 1, " ");

        if (next > room)
            break;
        fits = next;
    }
    return fits;
}

static void wrap(base_term *term, size_t indent, const char *text, bool begun)
{
    size_t room = term->width > indent + 20 ? term->width - indent : 20;

    while (*text != '\0') {
        size_t length = line_length(text, room);

        base_term_line(term, BASE_STYLE_PLAIN, "%*s%.*s", begun ? 0 : (int)indent, "", (int)length, text);
        text += length + (text[length] == ' ');
        begun = false;
    }
}

void report_wrap(base_term *term, size_t indent, const char *text)
{
    wrap(term, indent, text, false);
}

void report_wrap_behind(base_term *term, size_t indent, const char *text)
{
    wrap(term, indent, text, true);
}
