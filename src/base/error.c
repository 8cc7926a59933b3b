#include "base/error.h"

#include "base/escape.h"

#include <stdarg.h>
#include <string.h>

void base_error_set(base_error *error, const char *format, ...)
{
    va_list arguments;

    if (error == NULL)
        return;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
}

void base_error_wrap(base_error *error, const char *format, ...)
{
    char cause[BASE_ERROR_MAX];
    va_list arguments;
    size_t length;

    if (error == NULL)
        return;
    memcpy(cause, error->text, sizeof cause);
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    length = strlen(error->text);
    snprintf(error->text + length, sizeof error->text - length, ": %s", cause);
}

void base_error_print(const base_error *error, FILE *out)
{
    fputs("holdfast: ", out);
    base_escape_print(error->text, strlen(error->text), out);
    fputc('\n', out);
}
