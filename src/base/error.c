#include "base/error.h"

#include "base/secret.h"

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

const char *base_cut(const char *text, char cut[BASE_CUT_MAX])
{
    size_t length = strnlen(text, BASE_CUT_MAX);
    base_secret secret;

    if (length < BASE_CUT_MAX)
        return text;
    length -= sizeof "...";
    /* Half a password would not be known for one. */
    if (base_secret_find(text, strlen(text), 0, BASE_SECRETS_OF_INPUT, &secret) && secret.at < length)
        length = secret.at;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--; /* not within a character */
    memcpy(cut, text, length);
    memcpy(cut + length, "...", sizeof "...");
    return cut;
}
