#include "base/term.h"

#include "base/buffer.h"
#include "base/escape.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_DEFAULT 80
#define WIDTH_MAX 200    /* a longer line is hard to read back from */
#define TEXT_MAX 1048576 /* octets that one formatted call may print */

bool base_color_parse(const char *text, base_color *color, base_error *error)
{
    static const char *const names[] = {"auto", "always", "never"};
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i]) == 0) {
            *color = (base_color)i;
            return true;
        }
    }
    base_error_set(error, "'%s' is not one of auto, always, never", BASE_CUT(text));
    return false;
}

static bool environment_wants_color(void)
{
    const char *no_color = getenv("NO_COLOR");
    const char *kind = getenv("TERM");

    return (no_color == NULL || no_color[0] == '\0') && kind != NULL && strcmp(kind, "dumb") != 0;
}

static size_t terminal_width(int fd)
{
    struct winsize size;

    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return WIDTH_DEFAULT;
    return size.ws_col < WIDTH_MAX ? size.ws_col : WIDTH_MAX;
}

void base_term_init(base_term *term, FILE *out, base_color color)
{
    term->out = out;
    term->is_terminal = isatty(fileno(out)) == 1;
    term->colored =
        color == BASE_COLOR_ALWAYS || (color == BASE_COLOR_AUTO && term->is_terminal && environment_wants_color());
    term->width = term->is_terminal ? terminal_width(fileno(out)) : WIDTH_DEFAULT;
}

void base_term_text(base_term *term, base_style style, const char *text, size_t length)
{
    static const char *const codes[] = {
        [BASE_STYLE_PLAIN] = "",  [BASE_STYLE_GOOD] = "32", [BASE_STYLE_BAD] = "1;31",
        [BASE_STYLE_WARN] = "33", [BASE_STYLE_DIM] = "2",   [BASE_STYLE_BOLD] = "1",
    };
    bool styled = term->colored && style != BASE_STYLE_PLAIN && length > 0;

    if (styled)
        fprintf(term->out, "\x1b[%sm", codes[style]);
    base_escape_print(text, length, term->out);
    if (styled)
        fputs("\x1b[0m", term->out);
}

BASE_PRINTF(3, 0) static void print_formatted(base_term *term, base_style style, const char *format, va_list arguments)
{
    base_buffer text;

    base_buffer_init(&text, TEXT_MAX);
    base_buffer_vappendf(&text, format, arguments);
    if (text.failed) {
        base_buffer_clear(&text);
        base_buffer_text(&text, "(too long to print)");
    }
    base_term_text(term, style, base_buffer_string(&text), text.length);
    base_buffer_done(&text);
}

void base_term_print(base_term *term, base_style style, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print_formatted(term, style, format, arguments);
    va_end(arguments);
}

void base_term_line(base_term *term, base_style style, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print_formatted(term, style, format, arguments);
    va_end(arguments);
    fputc('\n', term->out);
}

void base_term_gap(base_term *term)
{
    fputc('\n', term->out);
}

void base_error_print(const base_error *error, FILE *out)
{
    fputs("holdfast: ", out);
    base_escape_input(error->text, strlen(error->text), out);
    fputc('\n', out);
}
