/* URLs: an upgraded one names the same host and resource over the secure scheme, and never port 80 by an explicit :80. */
#include <holdfast/url.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static bool is_plain(hf_scheme scheme)
{
    return scheme == HF_SCHEME_HTTP || scheme == HF_SCHEME_WS;
}

static void check_parts(const hf_url *url, size_t size)
{
    check(url->scheme_at <= url->scheme_end && url->scheme_end < size);
    check(url->userinfo_at + url->userinfo_length <= url->host_at || url->userinfo_length == 0);
    check(url->host_at + url->host_length == url->port_at);
    check(url->port_at + url->port_length == url->rest_at && url->rest_at <= size);
    check(url->port >= 0 && url->port <= 65535);
}

static void check_upgraded(const hf_url *url, const char *text, size_t size, const char *out, size_t length)
{
    hf_url again;
    size_t rest = size - url->rest_at;

    check(hf_url_parse(out, length, NULL, &again, NULL) == HF_OK);
    check(again.scheme == (url->scheme == HF_SCHEME_HTTP ? HF_SCHEME_HTTPS : HF_SCHEME_WSS));
    check(again.host.kind == url->host.kind && strcmp(again.host.name, url->host.name) == 0);
    check(again.port == (url->port == 80 ? 443 : url->port));
    check(length >= rest && memcmp(out + length - rest, text + url->rest_at, rest) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    hf_url url;
    hf_diag diag;
    hf_status status = hf_url_parse(text, size, NULL, &url, &diag);
    char *out = malloc(size + 2);
    size_t length;

    if (status != HF_OK) {
        check(diag.status == status && diag.offset <= size && diag.length <= size - diag.offset);
    } else if (out != NULL) {
        check(hf_url_upgrade(&url, text, size, out, size + 2, &length) == HF_OK && length <= size + 1);
        if (url.scheme != HF_SCHEME_OTHER)
            check_parts(&url, size);
        if (is_plain(url.scheme))
            check_upgraded(&url, text, size, out, length);
        else
            check(length == size && memcmp(out, text, size) == 0);
    }
    free(out);
    return 0;
}
