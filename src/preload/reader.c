#include "preload/reader.h"

#include <string.h>

#define BEGINNING 4096 /* octets: comments with licences stand in front */

/* The plain kind is last, for it takes whatever comes. */
static const preload_reader *const readers[] = {
    &preload_reader_image,     &preload_reader_chromium, &preload_reader_firefox,
    &preload_reader_mediawiki, &preload_reader_base64,   &preload_reader_plain,
};

bool preload_begins_with(const char *text, size_t length, const char *word)
{
    size_t wanted = strlen(word), end = length < BEGINNING ? length : BEGINNING;

    for (size_t i = 0; i + wanted <= end; i++) {
        if (memcmp(text + i, word, wanted) == 0)
            return true;
    }
    return false;
}

bool preload_refuse_at(const char *text, const char *at, base_error *error)
{
    unsigned long long line = 1;

    while ((text = memchr(text, '\n', (size_t)(at - text))) != NULL) {
        text++;
        line++;
    }
    base_error_wrap(error, "line %llu", line);
    return false;
}

bool preload_read(const char *text, size_t length, preload_names *names, base_error *error)
{
    static const char mark[] = "\xef\xbb\xbf"; /* some editors put it in front of UTF-8 */
    size_t kind = 0;

    if (length >= strlen(mark) && memcmp(text, mark, strlen(mark)) == 0) {
        text += strlen(mark);
        length -= strlen(mark);
    }
    while (!readers[kind]->recognises(text, length))
        kind++;
    if (!readers[kind]->read(text, length, names, error))
        return false;
    if (names->count > 0)
        return preload_names_sort(names, error);
    base_error_set(error, "there is no name in it (read as %s)", readers[kind]->name);
    return false;
}
