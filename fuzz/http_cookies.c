/* Cookies: a URL, a line end, and one Set-Cookie field a line. What is kept is bounded, what is sent has no control. */
#include "http/cookies.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_sent(const http_cookies *cookies, const http_url *url, base_arena *arena)
{
    const char *sent = http_cookies_for(cookies, url, arena);

    if (sent == NULL)
        return;
    check(*sent != '\0' && strlen(sent) <= HTTP_COOKIE_FIELD_MAX);
    for (; *sent != '\0'; sent++)
        check(((unsigned char)*sent >= ' ' || *sent == '\t') && *sent != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data, *end = text + size, *line;
    http_cookies cookies = {0};
    base_arena arena = {0};
    http_url url;

    line = size > 0 ? memchr(text, '\n', size) : NULL;
    if (line != NULL && http_url_read(NULL, text, (size_t)(line - text), &arena, &url, NULL) == HTTP_URL_GOOD)
        for (text = line + 1; text < end; text = line + 1) {
            hf_field field = {{"set-cookie", 10}, {text, 0}};
            facts_response response = {.fields = &field, .count = 1};

            line = memchr(text, '\n', (size_t)(end - text));
            line = line != NULL ? line : end;
            field.value.length = (size_t)(line - text);
            http_cookies_take(&cookies, &url, &response, 1795000000, &arena);
            check(cookies.count <= HTTP_COOKIES_MAX);
            check_sent(&cookies, &url, &arena);
        }
    base_arena_done(&arena);
    return 0;
}
