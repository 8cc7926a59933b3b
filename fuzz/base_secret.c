/*
 * What is masked of a text: secrets come in order and lie within the text, and whatever stands in front of a URL, its
 * password is found.
 */
#include "fuzz/mask.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char url[] = "https://user:hunter2-Secret@a.test/";
    size_t length;
    char *text, *masked;

    if (size > 4096)
        return 0;
    masked = mask((const char *)data, size, BASE_SECRETS_OF_INPUT, &length);
    free(masked);
    /* Whatever stands in front of a URL, its password is found. */
    text = malloc(size + sizeof url);
    check(text != NULL);
    memcpy(text, data, size);
    text[size] = ' ';
    memcpy(text + size + 1, url, sizeof url - 1);
    masked = mask(text, size + sizeof url, BASE_SECRETS_OF_URLS, &length);
    check(length >= 12 && memcmp(masked + length - 11, "***@a.test/", 11) == 0);
    free(masked);
    free(text);
    return 0;
}
