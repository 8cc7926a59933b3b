/* URLs as a browser keeps them: the normal form is printable ASCII, reads as itself, and names the same host and port.
 */
#include "http/url.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_normal(const http_url *url, base_arena *arena)
{
    http_url again, upgraded;

    for (const char *at = url->text; *at != '\0'; at++)
        check(*at > ' ' && *at < 0x7f);
    check(url->target[0] == '/' && strchr(url->target, '#') == NULL);
    check(strlen(url->text) > HTTP_URL_MAX ||
          http_url_read(NULL, url->text, strlen(url->text), arena, &again, NULL) == HTTP_URL_GOOD);
    if (strlen(url->text) > HTTP_URL_MAX)
        return;
    check(strcmp(again.text, url->text) == 0 && http_url_same_request(again.text, url->text));
    http_url_upgrade(url, arena, &upgraded);
    check(upgraded.url.scheme == HF_SCHEME_HTTPS && strcmp(upgraded.target, url->target) == 0);
    check(strcmp(upgraded.url.host.name, url->url.host.name) == 0);
}

/* The first line is the page's URL, the rest what its Location says. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *end = size > 0 ? memchr(text, '\n', size) : NULL;
    size_t length = end != NULL ? (size_t)(end - text) : size;
    base_arena arena = {0};
    http_url base, url;
    hf_diag diag;

    if (http_url_read(NULL, text, length, &arena, &base, &diag) == HTTP_URL_GOOD) {
        check_normal(&base, &arena);
        if (end != NULL && http_url_read(&base, end + 1, size - length - 1, &arena, &url, &diag) == HTTP_URL_GOOD)
            check_normal(&url, &arena);
    }
    base_arena_done(&arena);
    return 0;
}
